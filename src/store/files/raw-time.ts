// The time of an event told from its bytes, without parsing it, for lines that begin as most senders write them:
// `{"@timestamp":"2025-01-11T09:30:00.123Z",`. It only ever says that a line is surely outside of what is wanted; a
// line that is written otherwise is parsed.
import type { Timestamp } from '../../record/time.js'

/** Moments to the second, `2025-01-11T09:30:00`: what lies before or after them is not wanted. */
export interface RawBounds {
  readonly from?: Buffer | undefined
  readonly upTo?: Buffer | undefined
}

const PRIMARY = Buffer.from('"@timestamp"')
const FRONTS = [Buffer.from('{"@timestamp":"'), Buffer.from('{"timestamp":"')] as const
const SECOND_CHARS = 19
/** A fraction has nine digits at most, then follow `Z` and a quote. */
const LONGEST_REST = 12
/** A line with such a beginning and a time behind it is no shorter. */
const SHORTEST = FRONTS[0].length + SECOND_CHARS
const QUOTE = 0x22
const UPPER_Z = 0x5a
const UPPER_T = 0x54

/** Undefined where everything is wanted. `to` is exclusive; a whole second more does no harm. */
export function rawBounds(from: Timestamp | undefined, to: Timestamp | undefined): RawBounds | undefined {
  return from === undefined && to === undefined ? undefined : { from: secondOf(from), upTo: secondOf(to) }
}

/** True when the line between the offsets surely lies outside the bounds. */
export function isOutside(bytes: Buffer, start: number, end: number, { from, upTo }: RawBounds): boolean {
  if (end - start < SHORTEST) return false
  const front = FRONTS.find((text) => bytes.compare(text, 0, text.length, start, start + text.length) === 0)
  if (front === undefined) return false
  const at = start + front.length
  const rest = at + SECOND_CHARS
  if (bytes[at + 10] !== UPPER_T || !isUtc(bytes, rest)) return false
  const isBefore = from !== undefined && bytes.compare(from, 0, SECOND_CHARS, at, rest) < 0
  if (!isBefore && !(upTo !== undefined && bytes.compare(upTo, 0, SECOND_CHARS, at, rest) > 0)) return false
  // The key may come again, and the last one counts; and it goes before any other.
  const again = bytes.indexOf(PRIMARY, at)
  return again === -1 || again >= end
}

function isUtc(bytes: Buffer, rest: number): boolean {
  const quote = bytes.indexOf(QUOTE, rest)
  return quote > rest && quote - rest <= LONGEST_REST && bytes[quote - 1] === UPPER_Z
}

function secondOf(timestamp: Timestamp | undefined): Buffer | undefined {
  return timestamp === undefined ? undefined : Buffer.from(timestamp.slice(0, SECOND_CHARS))
}
