// Random numbers from a seed for the data sets of the bench: the same on every machine and version of Node, so
// only integer and basic floating-point arithmetic, no Math.exp or Math.pow.

/** @typedef {() => number} Random Gives the next number of 32 bits. */

/** Mulberry32: passes the usual tests of randomness, costs three multiplications. @param {number} seed @returns {Random} */
export function randomFrom(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

/** One of a list, all equally likely. @template T @param {Random} random @param {readonly T[]} list @returns {T} */
export function oneOf(random, list) {
  return at(list, random() % list.length)
}

/** An element that is known to be there. @template T @param {readonly T[]} list @param {number} index @returns {T} */
export function at(list, index) {
  return /** @type {T} */ (list[index])
}

const DRAWS = 4096

/**
 * A list to draw from evenly, in which each item stands as often as its weight says.
 * @template T @param {readonly T[]} items @param {(index: number) => number} weight @returns {T[]} 4,096 of them
 */
export function weighted(items, weight) {
  const total = items.reduce((sum, _, index) => sum + weight(index), 0)
  /** @type {T[]} */
  const drawn = []
  let sum = 0
  for (const [index, item] of items.entries()) {
    sum += weight(index)
    while (drawn.length < Math.round((sum / total) * DRAWS)) drawn.push(item)
  }
  return drawn
}

/** Zipf's law: the second comes half as often as the first. @param {number} index */
export const zipf = (index) => 1 / (index + 1)

const HEX = Array.from({ length: 0x10000 }, (_, value) => value.toString(16).padStart(4, '0'))

/** Eight random hexadecimal digits. @param {Random} random */
export function hex8(random) {
  const value = random()
  return at(HEX, value >>> 16) + at(HEX, value & 0xffff)
}

/** `1` as `01`. */
export const TWO_DIGITS = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))
/** `1` as `001`. */
export const THREE_DIGITS = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'))

/** The time of day with milliseconds: `13:05:09.120`. @param {number} ms Since midnight. */
export function clockText(ms) {
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  return `${at(TWO_DIGITS, Math.floor(minutes / 60))}:${at(TWO_DIGITS, minutes % 60)}:${at(TWO_DIGITS, seconds % 60)}.${at(THREE_DIGITS, ms % 1000)}`
}

const PIECE_BYTES = 1024 * 1024
const MAX_LINE_BYTES = 64 * 1024

/**
 * Lines gathered to buffers of about 1 MB, each of whole lines. Writing each line at once keeps the strings short:
 * joining them to one text first takes twice as long.
 * @param {number} count @param {(index: number) => string} line Without its line feed; at most 16 Ki characters.
 * @param {'latin1' | 'utf8'} encoding ASCII is written faster as latin1.
 * @returns {Generator<Buffer>}
 */
export function* gathered(count, line, encoding) {
  let piece = Buffer.allocUnsafe(PIECE_BYTES + MAX_LINE_BYTES)
  let end = 0
  for (let index = 0; index < count; index++) {
    end += piece.write(line(index), end, encoding)
    piece[end++] = 0x0a
    if (end < PIECE_BYTES) continue
    yield piece.subarray(0, end)
    piece = Buffer.allocUnsafe(PIECE_BYTES + MAX_LINE_BYTES)
    end = 0
  }
  if (end > 0) yield piece.subarray(0, end)
}
