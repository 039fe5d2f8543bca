// The keys of events by number. A key is found by comparing with the one that followed the last time, else by hash.
import { equal, hashOf } from './bytes'
import { meetKey } from './calls'
import { KEYS, KEY_BYTES, KEY_INDEX, KEY_INDEX_MASK, KEY_TEXT, KEY_TEXT_END, MAX_KEYS } from './memory'

// A key: 0 hash, 8 place of its text in quotes, 12 length of that, 16 the key that followed last, 20 the line it was
// seen in last, 24 its role, 25 what it means for access lines, 26 whether it may tell a level.
export const FIELD: u8 = 0
export const LABEL: u8 = 1
export const TIME: u8 = 2
export const LINE: u8 = 3
/** Lines with such a key are left to JavaScript. */
export const FOREIGN: u8 = 4

export let keyCount: i32 = 0
let textEnd: usize = KEY_TEXT

export function key(number: i32): usize {
  return KEYS + <usize>number * KEY_BYTES
}

export function resetKeys(): void {
  keyCount = 0
  textEnd = KEY_TEXT
  memory.fill(KEYS, 0, <usize>MAX_KEYS * KEY_BYTES)
  memory.fill(KEY_INDEX, 0xff, (KEY_INDEX_MASK + 1) * 2)
}

/** The number of the key in quotes at this place, −1 where there is none to be had. */
export function findKey(at: usize, length: usize): i32 {
  const hash = hashOf(7, at, length)
  let slot = (<u32>hash) & KEY_INDEX_MASK
  for (;;) {
    const number = load<u16>(KEY_INDEX + slot * 2)
    if (number === 0xffff) break
    const known = key(number)
    if (
      load<u64>(known) === hash &&
      load<u32>(known, 12) === <u32>length &&
      equal(load<u32>(known, 8), at, length)
    )
      return number
    slot = (slot + 1) & KEY_INDEX_MASK
  }
  if (keyCount >= MAX_KEYS || length > 258 || textEnd + length + 32 > KEY_TEXT_END) return -1
  return addKey(at, length, hash, slot)
}

function addKey(at: usize, length: usize, hash: u64, slot: u32): i32 {
  const number = keyCount++
  const added = key(number)
  memory.fill(added, 0, KEY_BYTES)
  store<u64>(added, hash)
  store<u32>(added, <u32>textEnd, 8)
  store<u32>(added, <u32>length, 12)
  store<u32>(added, number, 16)
  memory.copy(textEnd, at, length)
  textEnd = (textEnd + length + 31) & ~15
  const roles = meetKey(at, <i32>length)
  store<u8>(added, <u8>roles, 24)
  store<u8>(added, <u8>(roles >> 8), 25)
  store<u8>(added, <u8>(roles >> 16), 26)
  store<u16>(KEY_INDEX + slot * 2, <u16>number)
  return number
}
