// Where one event ends and the next begins: lines of a body, and the values of a JSON array or of JSON texts that
// stand one after another. Works on bytes, so that each event keeps its own text; never recurses.

const LF = 0x0a
const CR = 0x0d
const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const ARRAY_OPEN = 0x5b
const ARRAY_CLOSE = 0x5d
const OBJECT_OPEN = 0x7b
const OBJECT_CLOSE = 0x7d

/** Return false to stop. `line` counts from 1, empty lines too. */
type LineVisitor = (start: number, end: number, line: number) => boolean | void

/** Lines that are not empty; LF or CRLF ends a line, the last one needs no end. */
export function forEachLine(bytes: Buffer, start: number, visit: LineVisitor): void {
  let line = 0
  for (let at = start; at < bytes.length;) {
    const lf = bytes.indexOf(LF, at)
    const next = lf === -1 ? bytes.length : lf
    const end = next > at && lf !== -1 && bytes[next - 1] === CR ? next - 1 : next
    line++
    if (end > at && visit(at, end, line) === false) return
    at = next + 1
  }
}

export interface JsonPiece {
  readonly kind: 'object' | 'array' | 'string' | 'other'
  readonly start: number
  readonly end: number
  /** The deepest nesting of brackets; 1 for a flat object. */
  readonly depth: number
  /** `cut`: the text ends inside it. `broken`: a string holds a raw line end, so the rest of it cannot be told. */
  readonly state: 'whole' | 'cut' | 'broken'
}

/**
 * The values of a JSON text: the elements of each top-level array, and what stands outside of arrays one after
 * another. Lenient about commas; what is no JSON comes as a piece of its own, so that nothing is passed over.
 */
export function* jsonPieces(bytes: Buffer, start: number, end: number): Generator<JsonPiece, void> {
  let inArray = false
  for (let at = skipSpace(bytes, start, end); at < end; at = skipSpace(bytes, at, end)) {
    const byte = bytes[at]
    if (byte === COMMA || (byte === ARRAY_CLOSE && inArray) || (byte === ARRAY_OPEN && !inArray)) {
      if (byte !== COMMA) inArray = byte === ARRAY_OPEN
      at++
      continue
    }
    const piece = pieceAt(bytes, at, end)
    yield piece
    at = piece.state === 'broken' ? nextObjectLine(bytes, piece.end, end) : piece.end
  }
}

/** Whether a JSON text nests deeper than the limit, told without parsing it. */
export function nestsDeeper(bytes: Buffer, start: number, end: number, limit: number): boolean {
  let depth = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) at = Math.abs(stringEnd(bytes, at, end)) - 1
    else if (byte === OBJECT_OPEN || byte === ARRAY_OPEN) {
      if (++depth > limit) return true
    } else if (byte === OBJECT_CLOSE || byte === ARRAY_CLOSE) depth--
  }
  return false
}

export function skipSpace(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && isSpace(bytes[at])) at++
  return at
}

function pieceAt(bytes: Buffer, start: number, end: number): JsonPiece {
  const first = bytes[start]
  if (first === OBJECT_OPEN || first === ARRAY_OPEN) return nestedPiece(bytes, start, end)
  if (first !== QUOTE)
    return { kind: 'other', start, end: otherEnd(bytes, start, end), depth: 0, state: 'whole' }
  return stringPiece('string', start, stringEnd(bytes, start, end), end)
}

function nestedPiece(bytes: Buffer, start: number, end: number): JsonPiece {
  const kind = bytes[start] === OBJECT_OPEN ? 'object' : 'array'
  let depth = 0
  let deepest = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      const stop = stringEnd(bytes, at, end)
      if (stop < 0 || stop > end) return stringPiece(kind, start, stop, end)
      at = stop - 1
    } else if (byte === OBJECT_OPEN || byte === ARRAY_OPEN) {
      if (++depth > deepest) deepest = depth
    } else if ((byte === OBJECT_CLOSE || byte === ARRAY_CLOSE) && --depth === 0)
      return { kind, start, end: at + 1, depth: deepest, state: 'whole' }
  }
  return { kind, start, end, depth: deepest, state: 'cut' }
}

/** Behind the closing quote; beyond `end` when there is none; the negative of a line end that breaks the string. */
function stringEnd(bytes: Buffer, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) return at + 1
    if (byte === LF) return -at
    if (byte === BACKSLASH) at++
  }
  return end + 1
}

/** A piece that ends with a string: a string itself, or an object or array that stops inside one. */
function stringPiece(kind: JsonPiece['kind'], start: number, stop: number, end: number): JsonPiece {
  const state = stop < 0 ? 'broken' : stop > end ? 'cut' : 'whole'
  return { kind, start, end: Math.min(Math.abs(stop), end), depth: 0, state }
}

/** What is neither bracket nor string goes to the next comma, bracket or line end. */
function otherEnd(bytes: Buffer, start: number, end: number): number {
  let at = start + 1
  while (at < end && !endsOther(bytes[at])) at++
  return at
}

function endsOther(byte: number | undefined): boolean {
  return byte === COMMA || byte === LF || byte === ARRAY_CLOSE || byte === OBJECT_OPEN
}

/** After a broken piece: the next line that opens an object. */
function nextObjectLine(bytes: Buffer, start: number, end: number): number {
  for (let lf = bytes.indexOf(LF, start); lf !== -1 && lf < end; lf = bytes.indexOf(LF, lf + 1)) {
    const at = skipSpace(bytes, lf + 1, end)
    if (bytes[at] === OBJECT_OPEN) return at
  }
  return end
}

/** JSON's white space. */
function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === LF || byte === CR || byte === 0x09
}
