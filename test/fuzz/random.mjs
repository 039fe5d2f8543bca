// Random numbers that follow from a seed, and byte strings changed at random, much faster than fast-check makes them.

/**
 * Mulberry32.
 * @param {number} seed @returns {() => number} numbers in [0, 1)
 */
export function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** @param {() => number} random @param {number} below */
export function numberBelow(random, below) {
  return Math.floor(random() * below)
}

/** @template T @param {() => number} random @param {readonly T[]} from @returns {T} */
export function pick(random, from) {
  return /** @type {T} */ (from[numberBelow(random, from.length)])
}

const TELLING = [0, 1, 0x0a, 0x0d, 0x20, 0x22, 0x5c, 0x7b, 0x7d, 0x7f, 0x80, 0xbf, 0xc0, 0xed, 0xf0, 0xff]
const MOST_BYTES = 16_384

/**
 * A byte string with up to four changes: bits turned, bytes put in, taken out, doubled, cut off, words of the format
 * put in, a piece of another body put in.
 * @param {() => number} random @param {readonly Buffer[]} bodies @param {readonly Buffer[]} words
 */
export function changed(random, bodies, words) {
  let bytes = Buffer.from(pick(random, bodies))
  for (let left = 1 + numberBelow(random, 4); left > 0; left--) bytes = change(random, bytes, bodies, words)
  return bytes.length > MOST_BYTES ? bytes.subarray(0, MOST_BYTES) : bytes
}

/** @param {() => number} random @param {Buffer} bytes @param {readonly Buffer[]} bodies @param {readonly Buffer[]} words @returns {Buffer<ArrayBuffer>} */
function change(random, bytes, bodies, words) {
  const at = numberBelow(random, bytes.length + 1)
  const size = 1 + numberBelow(random, random() < 0.8 ? 8 : bytes.length + 1)
  const before = bytes.subarray(0, at)
  const copy = Buffer.from(bytes)
  switch (numberBelow(random, 9)) {
    case 0:
      if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << numberBelow(random, 8))
      return copy
    case 1:
      if (at < copy.length) copy[at] = numberBelow(random, 256)
      return copy
    case 2:
      if (at < copy.length) copy[at] = pick(random, TELLING)
      return copy
    case 3:
      return Buffer.concat([before, bytes.subarray(at + size)])
    case 4:
      return Buffer.concat([before, bytes.subarray(at, at + size), bytes.subarray(at)])
    case 5:
      return Buffer.from(before)
    case 6: {
      const other = pick(random, bodies)
      const from = numberBelow(random, other.length + 1)
      return Buffer.concat([before, other.subarray(from, from + size), bytes.subarray(at)])
    }
    case 7:
      return Buffer.concat([
        before,
        pick(random, [...words, Buffer.of(pick(random, TELLING))]),
        bytes.subarray(at),
      ])
    default: {
      const word = pick(random, [...words, Buffer.of(pick(random, TELLING))])
      return Buffer.concat([before, word, bytes.subarray(at + word.length)])
    }
  }
}
