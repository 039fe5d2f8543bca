// The time of an event, fast: most events of a body lie in a few minutes, so the calendar is asked once a minute
// and the seconds and their fraction are carried over as digits.
import { type Timestamp, timestampOfMs, timestampOfRfc3339, timestampOfValue } from '../record/time.js'

/** Keys that may hold the time of an event, in the order in which they are tried. */
export const TIME_KEYS: readonly string[] = ['@timestamp', 'timestamp', 'time', 'ts', '_time']

const STRICT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/
const ZEROS = '000000000'
/** `2025-01-11T09:30:` */
const MINUTE_CHARS = 17

// The minute as it was written last, its zone, and the same minute in UTC. Only a memory of a pure function.
let writtenMinute = '?'
let writtenZone = ''
let utcMinute = ''

/** The time that a value of an event stands for: RFC 3339 or an epoch. Undefined when it is neither. */
export function readTime(value: unknown): Timestamp | undefined {
  if (typeof value === 'number') {
    const isMs = value >= 1e11 && value < 9e12 && Number.isInteger(value)
    return isMs ? timestampOfMs(value) : timestampOfValue(value)
  }
  if (typeof value !== 'string') return undefined
  return readKnownMinute(value) ?? readNewMinute(value)
}

function readKnownMinute(text: string): Timestamp | undefined {
  if (!text.startsWith(writtenMinute) || !text.endsWith(writtenZone)) return undefined
  const end = text.length - writtenZone.length
  if (end < 19 || end > 29 || end === 20) return undefined
  if (!(isDigit(text, 17) && isDigit(text, 18)) || text.charCodeAt(17) > 0x35) return undefined
  if (end === 19) return `${utcMinute}${text.slice(17, 19)}.${ZEROS}Z` as Timestamp
  if (text.charCodeAt(19) !== 0x2e) return undefined
  for (let at = 20; at < end; at++) if (!isDigit(text, at)) return undefined
  return `${utcMinute}${text.slice(17, end)}${ZEROS.slice(end - 20)}Z` as Timestamp
}

function readNewMinute(text: string): Timestamp | undefined {
  const timestamp = timestampOfRfc3339(text)
  if (timestamp === undefined) return timestampOfValue(text)
  const zone = STRICT.exec(text)?.[1]
  if (zone !== undefined && text.slice(17, 19) !== '60') {
    writtenMinute = text.slice(0, MINUTE_CHARS)
    writtenZone = zone
    utcMinute = timestamp.slice(0, MINUTE_CHARS)
  }
  return timestamp
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39
}
