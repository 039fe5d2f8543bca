// Bytes at a time: copies, comparisons and hashes, sixteen or eight bytes a step.
import { VALUE_MASK } from './memory'

/** Copies in steps of sixteen bytes: up to fifteen bytes behind the copy are overwritten. */
export function copy(to: usize, from: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at))
}

export function equal(a: usize, b: usize, length: usize): bool {
  let at: usize = 0
  for (; at + 16 <= length; at += 16)
    if (v128.any_true(v128.xor(v128.load(a + at), v128.load(b + at)))) return false
  const left = <i32>(length - at)
  if (left === 0) return true
  const same = i8x16.bitmask(i8x16.eq(v128.load(a + at), v128.load(b + at)))
  const wanted = (1 << left) - 1
  return (same & wanted) === wanted
}

const PRIME_1: u64 = 0x9e3779b185ebca87
const PRIME_2: u64 = 0xc2b2ae3d27d4eb4f

export function mix(hash: u64, value: u64): u64 {
  const h = (hash ^ value) * PRIME_1
  return (h ^ (h >> 32)) * PRIME_2
}

export function hashOf(seed: u64, from: usize, length: usize): u64 {
  let hash = seed ^ (<u64>length * PRIME_2)
  let at: usize = 0
  for (; at + 8 <= length; at += 8) hash = rotl<u64>((hash ^ load<u64>(from + at)) * PRIME_1, 29)
  const left = length - at
  if (left > 0) {
    const tail = load<u64>(from + at) & (((<u64>1) << (<u64>left * 8)) - 1)
    hash = rotl<u64>((hash ^ tail) * PRIME_1, 29)
  }
  hash = (hash ^ (hash >> 32)) * PRIME_2
  return hash ^ (hash >> 29)
}

/** The slot of a value in the table of values. */
export function valueSlot(hash: u64): usize {
  return (<usize>((hash >> 20) & VALUE_MASK)) << 3
}

/** The first quote, backslash or control character of a text. */
export function endOfText(from: usize, end: usize): usize {
  const quote = i8x16.splat(0x22)
  const backslash = i8x16.splat(0x5c)
  const space = i8x16.splat(0x20)
  for (let at = from; at < end; at += 16) {
    const bytes = v128.load(at)
    const hit = v128.or(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)), i8x16.lt_u(bytes, space))
    const mask = i8x16.bitmask(hit)
    if (mask !== 0) return at + ctz(mask)
  }
  return end
}

export function findNewline(from: usize, end: usize): usize {
  const newline = i8x16.splat(0x0a)
  for (let at = from; at < end; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), newline))
    if (mask !== 0) return min(at + ctz(mask), end)
  }
  return end
}

/** Prints a whole number and gives the place behind it. */
export function printNumber(to: usize, value: u32): usize {
  let digits = 1
  for (let rest = value; rest >= 10; rest /= 10) digits++
  let rest = value
  for (let i = digits - 1; i >= 0; i--) {
    store<u8>(to + i, <u8>(0x30 + (rest % 10)))
    rest /= 10
  }
  return to + digits
}
