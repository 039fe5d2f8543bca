// Pieces: every three neighbouring ASCII letters, digits or `_` of a text, letters in lower case. A word filter holds
// those of its part, so that a part can be passed over for a needle that may stand inside longer words.

import { BEYOND_ASCII, KIND_BIT, PIECE_NUMBER, PIECE_NUMBERS } from '../../decode/scanner/character-kinds.js'

/** What may stand in the text of a number or boolean: their pieces are not in the filter. */
const NUMBER_LIKE = /^[0-9.eE+-]*$/

/** A bit for each piece there can be. */
export function noPieces(): Uint32Array {
  return new Uint32Array(Math.ceil(PIECE_NUMBERS ** 3 / 32))
}

/** Gives back which kinds of characters the text has. */
export function addPieces(text: string, into: Uint32Array): number {
  let kinds = 0
  let before = 0
  let last = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const number = code < 128 ? (PIECE_NUMBER[code] as number) : 0
    kinds |= code < 128 ? (KIND_BIT[code] as number) : BEYOND_ASCII
    if (number !== 0 && before !== 0 && last !== 0) {
      const piece = (before * PIECE_NUMBERS + last) * PIECE_NUMBERS + number
      const at = piece >>> 5
      into[at] = (into[at] as number) | (1 << (piece & 31))
    }
    before = last
    last = number
  }
  return kinds
}

/** The kinds of characters of a text, as bits. */
export function kindsOf(text: string): number {
  let kinds = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    kinds |= code < 128 ? (KIND_BIT[code] as number) : BEYOND_ASCII
  }
  return kinds
}

/** The pieces as the hashes that a filter takes. */
export function* hashesOf(pieces: Uint32Array): Generator<number> {
  for (const [at, bits] of pieces.entries()) {
    if (bits === 0) continue
    for (let bit = 0; bit < 32; bit++)
      if ((bits & (1 << bit)) !== 0) yield Math.imul(at * 32 + bit + 1, 0x9e3779b1) >>> 0
  }
}

/** The hashes of the pieces that every text containing `needle` has. */
export function piecesOf(needle: string): ReadonlySet<number> {
  if (NUMBER_LIKE.test(needle) || 'true'.includes(needle) || 'false'.includes(needle)) return new Set()
  const pieces = noPieces()
  addPieces(needle, pieces)
  return new Set(hashesOf(pieces))
}
