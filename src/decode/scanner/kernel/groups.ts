// Groups: lines whose label, tenant and level keys hold the same values. They share a stream, and a level where a key
// says one; what these are, JavaScript decides once a group.
import { meetGroup, openGroup } from './calls'
import {
  GROUPS,
  GROUP_BYTES,
  GROUP_INDEX,
  GROUP_INDEX_MASK,
  GROUP_TEXT,
  GROUP_TEXT_END,
  MAX_GROUPS,
} from './memory'

// A group: 0 hash, 8 level (7: what the line says), 9 flags, 12 the epoch for which the rest is true, 16 number of
// its stream in the segment, 20 place and 24 length of what its lines begin with.
/** Its lines are left to JavaScript. */
export const FOREIGN_GROUP: u8 = 1
export const LEVEL_IN_LINE: u8 = 7
/** More than a stream with all its labels takes when printed. */
const LONGEST_START: usize = 0x10000

export let groupCount: i32 = 0
let epoch: u32 = 1
/** Where the next start of lines is written. */
export let textEnd: usize = GROUP_TEXT

export function group(number: i32): usize {
  return GROUPS + <usize>number * GROUP_BYTES
}

export function resetGroups(): void {
  groupCount = 0
  memory.fill(GROUP_INDEX, 0, (<usize>GROUP_INDEX_MASK + 1) * 4)
  forgetStreams()
}

/** Streams have other numbers in another segment. */
export function forgetStreams(): void {
  epoch++
  textEnd = GROUP_TEXT
}

/** The number of the group, −1 where JavaScript has to take the line. */
export function findGroup(hash: u64, line: i32): i32 {
  let slot = (<u32>hash) & GROUP_INDEX_MASK
  for (;;) {
    const number = load<u32>(GROUP_INDEX + ((<usize>slot) << 2))
    if (number === 0) break
    const known = group(number - 1)
    if (load<u64>(known) === hash) return load<u8>(known, 9) & FOREIGN_GROUP ? -1 : number - 1
    slot = (slot + 1) & GROUP_INDEX_MASK
  }
  if (groupCount >= MAX_GROUPS) return -1
  const number = groupCount++
  const added = group(number)
  memory.fill(added, 0, GROUP_BYTES)
  store<u64>(added, hash)
  store<u32>(GROUP_INDEX + ((<usize>slot) << 2), number + 1)
  const met = meetGroup(line, number)
  store<u8>(added, <u8>met, 9)
  store<u8>(added, <u8>(met >> 8), 8)
  return met & FOREIGN_GROUP ? -1 : number
}

/** Makes sure that the group's stream has a number in the segment; false where JavaScript has to take its lines. */
export function isOpen(number: i32): bool {
  const known = group(number)
  if (load<u32>(known, 12) === epoch) return load<i32>(known, 16) >= 0
  if (textEnd + LONGEST_START > GROUP_TEXT_END) forgetStreams()
  const stream = openGroup(number)
  store<u32>(known, epoch, 12)
  store<i32>(known, stream, 16)
  return stream >= 0
}

/** Takes the text that JavaScript has written at `textEnd`. */
export function keepStart(number: i32, length: i32): void {
  const known = group(number)
  store<u32>(known, <u32>textEnd, 20)
  store<u32>(known, length, 24)
  textEnd += (<usize>length + 31) & ~15
}
