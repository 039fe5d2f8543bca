// What is counted of the lines of a batch: sums a day, counts by stream, level and hour, records and types by column.
import {
  COLUMN_KINDS,
  COLUMN_KINDS_END,
  COLUMN_FLAGS,
  COLUMN_FLAGS_END,
  COLUMN_RECORDS,
  COLUMN_TYPES,
  COUNTS,
  COUNT_LIST,
  COUNT_MASK,
  DAYS,
  DAY_BYTES,
  MAX_DAYS,
  MAX_KEYS,
  MOST_SHAPES,
  SHAPES_USED,
  TOUCHED,
} from './memory'
import { floorDiv } from './time'
import { emptyPieces, emptyWords, wordsOn } from './words'

// A day: 0 its number since the epoch; of the batch 4 records, 8 bytes of lines, 12 bytes in the hot log, 16 first and
// 24 last moment, 32 the unit it needs (0 ms, 1 µs, 2 ns). A count: 0 key, 4 records, 8 bytes, 12 at the hour's start.
/** Flags of a column in a segment. */
export const TEXTS_TOLD: u8 = 1
export const NAME_SEEN: u8 = 2

const NS_PER_HOUR: i64 = 3_600_000_000_000

export let dayCount: i32 = 0
export let countCount: i32 = 0
export let touchedCount: i32 = 0
export let longestPrinted: u32 = 0
/** The place among the days of the line at hand. */
export let slot: i32 = -1
let knownDay: i32 = i32.MIN_VALUE

/** Another segment: no day, no words, nothing known of any column. */
export function forgetSegment(): void {
  for (let i = 0; i < dayCount; i++) {
    emptyWords(i)
    emptyPieces(i)
  }
  dayCount = 0
  slot = -1
  knownDay = i32.MIN_VALUE
  memory.fill(COLUMN_FLAGS, 0, COLUMN_FLAGS_END - COLUMN_FLAGS)
  memory.fill(COLUMN_KINDS, 0, COLUMN_KINDS_END - COLUMN_KINDS)
}

/** Another batch: its counts begin at nothing. */
export function openTally(): void {
  for (let i = 0; i < touchedCount; i++) {
    const column = <usize>load<u32>(TOUCHED + ((<usize>i) << 2))
    store<u32>(COLUMN_RECORDS + (column << 2), 0)
    store<u8>(COLUMN_TYPES + column, 0)
  }
  touchedCount = 0
  for (let i = 0; i < countCount; i++)
    store<u32>(COUNTS + ((<usize>load<u32>(COUNT_LIST + ((<usize>i) << 2))) << 4), 0)
  countCount = 0
  longestPrinted = 0
  memory.fill(SHAPES_USED, 0, MOST_SHAPES)
  for (let i = 0; i < dayCount; i++) openDay(i, load<i32>(DAYS + <usize>i * DAY_BYTES))
}

function openDay(at: i32, day: i32): void {
  const place = DAYS + <usize>at * DAY_BYTES
  memory.fill(place, 0, DAY_BYTES)
  store<i32>(place, day)
  store<i64>(place, i64.MAX_VALUE, 16)
  store<i64>(place, i64.MIN_VALUE, 24)
}

/** Turns to the line's day; false where there are too many. */
export function turnTo(day: i32): bool {
  if (day === knownDay) return true
  let at = 0
  while (at < dayCount && load<i32>(DAYS + <usize>at * DAY_BYTES) !== day) at++
  if (at === dayCount) {
    if (dayCount === MAX_DAYS) return false
    openDay(dayCount++, day)
  }
  slot = at
  knownDay = day
  wordsOn(at)
  return true
}

export function hasRoom(): bool {
  return countCount < <i32>(COUNT_MASK - 8)
}

export function countLine(line: usize, streamLevel: u32, bytes: u32, printed: u32): void {
  const moment = load<i64>(line, 16)
  const place = DAYS + <usize>slot * DAY_BYTES
  store<u32>(place, load<u32>(place, 4) + 1, 4)
  store<u32>(place, load<u32>(place, 8) + bytes, 8)
  store<u32>(place, load<u32>(place, 12) + printed, 12)
  if (moment < load<i64>(place, 16)) store<i64>(place, moment, 16)
  if (moment > load<i64>(place, 24)) store<i64>(place, moment, 24)
  if (load<u8>(place, 32) < 2 && moment % 1_000_000 !== 0) store<u8>(place, moment % 1000 !== 0 ? 2 : 1, 32)
  if (printed > longestPrinted) longestPrinted = printed
  const hour = <u32>load<u8>(line, 48)
  const count = findCount((streamLevel * 24 + hour) * MAX_DAYS + slot + 1)
  store<u32>(count, load<u32>(count, 4) + 1, 4)
  store<u32>(count, load<u32>(count, 8) + bytes, 8)
  if (moment - floorDiv(moment, NS_PER_HOUR) * NS_PER_HOUR === 0)
    store<u32>(count, load<u32>(count, 12) + 1, 12)
}

/** Keys are one higher than what they stand for, since 0 is an empty slot. */
function findCount(key: u32): usize {
  let at = (key * 0x9e3779b1) >> 16
  let place = COUNTS + ((<usize>at) << 4)
  while (load<u32>(place) !== 0) {
    if (load<u32>(place) === key) return place
    at = (at + 1) & COUNT_MASK
    place = COUNTS + ((<usize>at) << 4)
  }
  store<u32>(place, key)
  store<u32>(place, 0, 4)
  store<u64>(place, 0, 8)
  store<u32>(COUNT_LIST + ((<usize>countCount) << 2), at)
  countCount++
  return place
}

export function column(key: u32): usize {
  return <usize>slot * MAX_KEYS + key
}

export function countField(at: usize, type: u8): void {
  const records = load<u32>(COLUMN_RECORDS + (at << 2))
  if (records === 0) {
    store<u32>(TOUCHED + ((<usize>touchedCount) << 2), <u32>at)
    touchedCount++
  }
  store<u32>(COLUMN_RECORDS + (at << 2), records + 1)
  store<u8>(COLUMN_TYPES + at, load<u8>(COLUMN_TYPES + at) | type)
}

export function flagsOf(at: usize): u8 {
  return load<u8>(COLUMN_FLAGS + at)
}

export function flag(at: usize, bits: u8): void {
  store<u8>(COLUMN_FLAGS + at, load<u8>(COLUMN_FLAGS + at) | bits)
}

export function addKinds(at: usize, kinds: u8): void {
  store<u8>(COLUMN_KINDS + at, load<u8>(COLUMN_KINDS + at) | kinds)
}
