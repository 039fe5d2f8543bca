// RFC 3339 to nanoseconds since the epoch: `2025-01-11T09:30:00.123Z`, up to nine digits, `Z` or an offset. Every
// other form is left to JavaScript.

/** What `readTime` found beside the nanoseconds: digits of the fraction, and where it ends. */
export let digits: i32 = 0
export let isUtc: bool = false
export let ns: i64 = 0

let knownDate: u64 = 0
let knownDay: u16 = 0
let knownDayNumber: i64 = 0

const NS_PER_S: i64 = 1_000_000_000

/** False where JavaScript has to read it. */
export function readTime(at: usize, length: i32): bool {
  if (length < 20 || length > 35) return false
  if (!readDate(at)) return false
  if (load<u8>(at, 10) !== 0x54 || load<u8>(at, 13) !== 0x3a || load<u8>(at, 16) !== 0x3a) return false
  const hour = pair(at + 11)
  const minute = pair(at + 14)
  const second = pair(at + 17)
  if (hour > 23 || minute > 59 || second > 59) return false
  let place = 19
  let fraction: i64 = 0
  digits = 0
  if (load<u8>(at, 19) === 0x2e) {
    for (place = 20; place < length && digits < 10; place++) {
      const digit = <u32>load<u8>(at + place) - 0x30
      if (digit > 9) break
      fraction = fraction * 10 + digit
      digits++
    }
    if (digits === 0 || digits > 9) return false
    for (let i = digits; i < 9; i++) fraction *= 10
  }
  const offset = readOffset(at + place, length - place)
  if (offset === i64.MIN_VALUE) return false
  ns = (knownDayNumber * 86400 + hour * 3600 + minute * 60 + second - offset) * NS_PER_S + fraction
  return true
}

/** Seconds east of UTC. */
function readOffset(at: usize, length: i32): i64 {
  const sign = load<u8>(at)
  isUtc = length === 1 && sign === 0x5a
  if (isUtc) return 0
  if (length !== 6 || (sign !== 0x2b && sign !== 0x2d) || load<u8>(at, 3) !== 0x3a) return i64.MIN_VALUE
  const hours = pair(at + 1)
  const minutes = pair(at + 4)
  if (hours > 23 || minutes > 59) return i64.MIN_VALUE
  const seconds = hours * 3600 + minutes * 60
  return sign === 0x2d ? -seconds : seconds
}

/** Two digits; beyond 99 where they are none. */
function pair(at: usize): i64 {
  const tens = <u32>load<u8>(at) - 0x30
  const ones = <u32>load<u8>(at, 1) - 0x30
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones
}

function readDate(at: usize): bool {
  const date = load<u64>(at)
  const day = load<u16>(at, 8)
  if (date === knownDate && day === knownDay) return true
  if (load<u8>(at, 4) !== 0x2d || load<u8>(at, 7) !== 0x2d) return false
  const century = pair(at)
  const year = century * 100 + pair(at + 2)
  const month = pair(at + 5)
  const dayOfMonth = pair(at + 8)
  // One year less than a timestamp can hold at either end, so that an offset cannot leave the range.
  if (century > 99 || year < 1679 || year > 2260 || month < 1 || month > 12) return false
  if (dayOfMonth < 1 || dayOfMonth > daysIn(year, month)) return false
  knownDayNumber = dayNumber(year, month, dayOfMonth)
  knownDate = date
  knownDay = day
  return true
}

function daysIn(year: i64, month: i64): i64 {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Days since the epoch (proleptic Gregorian calendar; years begin in March, so that leap days come last). */
function dayNumber(year: i64, month: i64, day: i64): i64 {
  const y = month <= 2 ? year - 1 : year
  const era = y / 400
  const ofEra = y - era * 400
  const ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return era * 146097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719468
}

export function floorDiv(a: i64, b: i64): i64 {
  const quotient = a / b
  return a % b < 0 ? quotient - 1 : quotient
}

/** Prints `2025-01-11T09:30:00.123456789Z`. */
export function printTime(to: usize, moment: i64): void {
  const seconds = floorDiv(moment, NS_PER_S)
  const day = floorDiv(seconds, 86400)
  printDate(to, day)
  const ofDay = <u32>(seconds - day * 86400)
  store<u8>(to, 0x54, 10)
  printPair(to + 11, ofDay / 3600)
  store<u8>(to, 0x3a, 13)
  printPair(to + 14, (ofDay / 60) % 60)
  store<u8>(to, 0x3a, 16)
  printPair(to + 17, ofDay % 60)
  store<u8>(to, 0x2e, 19)
  let rest = <u32>(moment - seconds * NS_PER_S)
  for (let i = 28; i > 19; i--) {
    store<u8>(to + i, <u8>(0x30 + (rest % 10)))
    rest /= 10
  }
  store<u8>(to, 0x5a, 29)
}

let printedDay: i64 = i64.MIN_VALUE
let printedHigh: u64 = 0
let printedLow: u16 = 0

function printDate(to: usize, day: i64): void {
  if (day === printedDay) {
    store<u64>(to, printedHigh)
    store<u16>(to, printedLow, 8)
    return
  }
  const z = day + 719468
  const era = floorDiv(z, 146097)
  const ofEra = z - era * 146097
  const yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146096) / 365
  const ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const shifted = (5 * ofYear + 2) / 153
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  printPair(to, <u32>(year / 100))
  printPair(to + 2, <u32>(year % 100))
  store<u8>(to, 0x2d, 4)
  printPair(to + 5, <u32>month)
  store<u8>(to, 0x2d, 7)
  printPair(to + 8, <u32>(ofYear - (153 * shifted + 2) / 5 + 1))
  printedDay = day
  printedHigh = load<u64>(to)
  printedLow = load<u16>(to, 8)
}

function printPair(to: usize, value: u32): void {
  store<u8>(to, <u8>(0x30 + value / 10))
  store<u8>(to, <u8>(0x30 + (value % 10)), 1)
}
