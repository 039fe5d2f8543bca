// The time of an event, fast. A text in UTC needs no calendar beyond its day, and days are few; a text with an
// offset is moved once a minute, and its seconds and their fraction are carried over as digits.
import { isDay, type Timestamp, timestampOfMs, timestampOfRfc3339, timestampOfValue } from '../record/time.js'

/** Keys that may hold the time of an event, in the order in which they are tried. */
export const TIME_KEYS: readonly string[] = ['@timestamp', 'timestamp', 'time', 'ts', '_time']

const ZEROS = '000000000'
const WITH_OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d{1,9})?([+-]\d\d:\d\d)$/
/** `2025-01-11T09:30:` */
const MINUTE_CHARS = 17
/** `2025-01-11T09:30:00` */
const SECOND_CHARS = 19

const COLON = 0x3a
const POINT = 0x2e
const DIGIT_2 = 0x32
const DIGIT_3 = 0x33
const DIGIT_5 = 0x35

// What follows only remembers pure functions.
const MOST_DAYS = 1000
const realDays = new Set<string>()
let lastDay = '?'
let writtenMinute = '?'
let writtenOffset = ''
let utcMinute = ''

/** The time that a value of an event stands for: RFC 3339 or an epoch. Undefined when it is neither. */
export function readTime(value: unknown): Timestamp | undefined {
  if (typeof value === 'number') {
    const isMs = value >= 1e11 && value < 9e12 && Number.isInteger(value)
    return isMs ? timestampOfMs(value) : timestampOfValue(value)
  }
  if (typeof value !== 'string') return undefined
  const fast = value.endsWith('Z') ? readUtc(value) : readKnownMinute(value)
  return fast ?? readSlowly(value)
}

/** `2025-01-11T09:30:00.123Z` */
function readUtc(text: string): Timestamp | undefined {
  const end = text.length - 1
  if (!isTimeOfDay(text) || !areSeconds(text, end) || !isRealDay(text)) return undefined
  return canonical(text.slice(0, SECOND_CHARS), text, end)
}

/** The minute that was moved last, with the same offset. */
function readKnownMinute(text: string): Timestamp | undefined {
  if (!text.startsWith(writtenMinute) || !text.endsWith(writtenOffset)) return undefined
  const end = text.length - writtenOffset.length
  return areSeconds(text, end)
    ? canonical(utcMinute + text.slice(MINUTE_CHARS, SECOND_CHARS), text, end)
    : undefined
}

function readSlowly(text: string): Timestamp | undefined {
  const timestamp = timestampOfRfc3339(text)
  if (timestamp === undefined) return timestampOfValue(text)
  const offset = WITH_OFFSET.exec(text)?.[1]
  if (offset !== undefined) {
    writtenMinute = text.slice(0, MINUTE_CHARS)
    writtenOffset = offset
    utcMinute = timestamp.slice(0, MINUTE_CHARS)
  }
  return timestamp
}

/** The fraction runs from behind the point to `end`, if there is one. */
function canonical(second: string, text: string, end: number): Timestamp {
  if (end === SECOND_CHARS) return `${second}.${ZEROS}Z` as Timestamp
  return `${second}${text.slice(SECOND_CHARS, end)}${ZEROS.slice(end - SECOND_CHARS - 1)}Z` as Timestamp
}

function isRealDay(text: string): boolean {
  if (text.startsWith(lastDay)) return true
  const day = text.slice(0, 10)
  if (!realDays.has(day)) {
    if (!isDay(day) || day < '1678' || day >= '2262') return false
    if (realDays.size >= MOST_DAYS) realDays.clear()
    realDays.add(day)
  }
  lastDay = day
  return true
}

/** `T`, hours below 24 and minutes below 60, each with its colon. */
function isTimeOfDay(text: string): boolean {
  const hour = text.charCodeAt(11)
  if (text[10] !== 'T' || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return false
  if (!isDigit(hour) || !isDigit(text.charCodeAt(12)) || !isDigit(text.charCodeAt(15))) return false
  const isHour = hour < DIGIT_2 || (hour === DIGIT_2 && text.charCodeAt(12) <= DIGIT_3)
  return isHour && isDigit(text.charCodeAt(14)) && text.charCodeAt(14) <= DIGIT_5
}

/** Seconds below 60, and up to nine digits of their fraction until `end`. */
function areSeconds(text: string, end: number): boolean {
  const tens = text.charCodeAt(17)
  if (!isDigit(tens) || tens > DIGIT_5 || !isDigit(text.charCodeAt(18))) return false
  if (end === SECOND_CHARS) return true
  if (text.charCodeAt(SECOND_CHARS) !== POINT || end <= SECOND_CHARS + 1 || end > SECOND_CHARS + 10)
    return false
  for (let at = SECOND_CHARS + 1; at < end; at++) if (!isDigit(text.charCodeAt(at))) return false
  return true
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
