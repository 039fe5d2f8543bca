// Words: what the word filter of a part is made of. A word is a run of ASCII letters, digits, `_` and bytes
// from 0x80 up, of the text as UTF-8, with ASCII letters in lower case; it is kept as its FNV-1a hash (32 bits).
import { FNV_OFFSET, FNV_PRIME, WORD_BYTE } from '../../decode/scanner/word-hash.js'

/** What may stand in the text of a number, whose words are not in the filter. */
const NUMBER_LIKE = /^[0-9.eE+-]*$/

export type WordHashes = ReadonlySet<number> | Uint32Array

/** Adds the hashes of all words of a text. */
export function addWords(text: string, into: Set<number>): void {
  let hash = FNV_OFFSET
  let inside = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const byte = code < 128 ? (WORD_BYTE[code] as number) : -1
    if (byte > 0) hash = Math.imul(hash ^ byte, FNV_PRIME)
    else if (byte < 0) {
      const point = text.codePointAt(i) as number
      hash = hashPoint(hash, point)
      if (point > 0xffff) i++
    } else {
      if (inside) into.add(hash >>> 0)
      hash = FNV_OFFSET
      inside = false
      continue
    }
    inside = true
  }
  if (inside) into.add(hash >>> 0)
}

/**
 * The hashes of the words that every text containing `needle` contains as whole words. The words at both ends
 * are left out unless something that ends a word stands beside them: a longer word might surround them.
 */
export function innerWords(needle: string): ReadonlySet<number> {
  const inner = new Set<number>()
  if (NUMBER_LIKE.test(needle)) return inner
  const start = /[^A-Za-z0-9_\u0080-\uffff]/.exec(needle)?.index
  const end = /[^A-Za-z0-9_\u0080-\uffff](?=[A-Za-z0-9_\u0080-\uffff]*$)/.exec(needle)?.index
  if (start !== undefined && end !== undefined && end > start) addWords(needle.slice(start, end), inner)
  return inner
}

function feed(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, FNV_PRIME)
}

/** Feeds the UTF-8 bytes of a code point from U+0080 up. */
function hashPoint(hash: number, point: number): number {
  const last = 0x80 | (point & 0x3f)
  if (point < 0x800) return feed(feed(hash, 0xc0 | (point >> 6)), last)
  const third = 0x80 | ((point >> 6) & 0x3f)
  if (point < 0x10000) return feed(feed(feed(hash, 0xe0 | (point >> 12)), third), last)
  const second = 0x80 | ((point >> 12) & 0x3f)
  return feed(feed(feed(feed(hash, 0xf0 | (point >> 18)), second), third), last)
}
