// Time: a timestamp is the RFC 3339 text in UTC with nine fractional digits, so that texts sort as times do
// and the hot log, Parquet and `--json` agree without conversion. Days are UTC days.
import { fail } from '../errors.js'

/** `2025-01-11T09:30:00.123456789Z`: always thirty characters, UTC, years 1678–2261 (what int64 ns can hold). */
export type Timestamp = string & { readonly __timestamp: unique symbol }

/** `2025-01-11`: a UTC day. */
export type Day = string & { readonly __day: unique symbol }

const NS_PER_MS = 1_000_000n
const MS_PER_DAY = 86_400_000

/** What int64 nanoseconds can hold, in whole years so that the rule is easy to say. */
const MIN_MS = Date.UTC(1678, 0, 1)
const MAX_MS = Date.UTC(2262, 0, 1)

/** From milliseconds since the epoch (whole) and the nanoseconds beyond them (0–999,999). */
export function timestampOfMs(ms: number, ns = 0): Timestamp {
  return `${new Date(ms).toISOString().slice(0, 23)}${ns === 0 ? '000000' : String(ns).padStart(6, '0')}Z` as Timestamp
}

/** From nanoseconds since the epoch; undefined outside the years a timestamp can hold. */
export function timestampOfNs(ns: bigint): Timestamp | undefined {
  let ms = ns / NS_PER_MS
  let rest = ns % NS_PER_MS
  if (rest < 0n) {
    ms -= 1n
    rest += NS_PER_MS
  }
  const whole = Number(ms)
  return whole >= MIN_MS && whole < MAX_MS ? timestampOfMs(whole, Number(rest)) : undefined
}

export function nsOf(timestamp: Timestamp): bigint {
  return BigInt(msOf(timestamp)) * NS_PER_MS + BigInt(timestamp.slice(23, 29))
}

/** Milliseconds since the epoch, the finer digits cut off. */
export function msOf(timestamp: Timestamp): number {
  return Date.parse(`${timestamp.slice(0, 23)}Z`)
}

export function dayOf(timestamp: Timestamp): Day {
  return timestamp.slice(0, 10) as Day
}

/** `00`–`23`. */
export function hourOf(timestamp: Timestamp): string {
  return timestamp.slice(11, 13)
}

export function startOfDay(day: Day): Timestamp {
  return `${day}T00:00:00.000000000Z` as Timestamp
}

/** The day after (or, with a negative step, before). */
export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * MS_PER_DAY).toISOString().slice(0, 10) as Day
}

/** The day that so many days after 1970-01-01 is. */
export function dayOfNumber(number: number): Day {
  return new Date(number * MS_PER_DAY).toISOString().slice(0, 10) as Day
}

export function isDay(text: string): text is Day {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const ms = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}

/** A date given by a person. Throws TIME_INVALID. */
export function parseDay(text: string): Day {
  if (isDay(text)) return text
  return fail('TIME_INVALID', `"${text}" is not a date`, { hints: ['write it as YYYY-MM-DD, in UTC'] })
}

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?\s?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?|)$/

/**
 * RFC 3339 (a space for `T`, a comma for the point, more than nine digits, an offset of hours only and a missing
 * one, then UTC, are taken too). Undefined when the text is anything else or no real time.
 */
export function timestampOfRfc3339(text: string): Timestamp | undefined {
  const match = RFC3339.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', , sign, offsetHours, offsetMinutes] = match
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second === '60' ? '59' : second}`
  const ms = Date.parse(`${written}Z`)
  // Date.parse accepts 31 February and moves it; a real time prints as it was written.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== written) return undefined
  if (Number(offsetHours ?? 0) > 23 || Number(offsetMinutes ?? 0) > 59) return undefined
  const digits = fraction.padEnd(9, '0')
  if (sign === undefined) return inRange(ms) ? (`${written}.${digits}Z` as Timestamp) : undefined
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes ?? 0)) * 60_000 * (sign === '-' ? 1 : -1)
  const utc = ms + offset
  return inRange(utc) ? (`${new Date(utc).toISOString().slice(0, 19)}.${digits}Z` as Timestamp) : undefined
}

/**
 * An epoch told by its magnitude: below 1e11 seconds, below 1e14 ms, below 1e17 µs, else ns; digit texts too,
 * which keep what a double would lose, and may carry a fraction (`1736586000.123`).
 */
export function timestampOfEpoch(value: number | string): Timestamp | undefined {
  const text = typeof value === 'number' ? plainDecimal(value) : value
  const match = /^(-?)(\d{1,19})(?:\.(\d+))?$/.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', fraction = ''] = match
  const size = Number(whole)
  const unit = size < 1e11 ? 9 : size < 1e14 ? 6 : size < 1e17 ? 3 : 0
  const ns = BigInt(whole + fraction.slice(0, unit).padEnd(unit, '0'))
  return timestampOfNs(sign === '-' ? -ns : ns)
}

/** Any time that a log event may carry: RFC 3339 or an epoch. */
export function timestampOfValue(value: unknown): Timestamp | undefined {
  if (typeof value === 'number') return timestampOfEpoch(value)
  if (typeof value !== 'string') return undefined
  return timestampOfRfc3339(value) ?? timestampOfEpoch(value)
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: MS_PER_DAY,
  w: 7 * MS_PER_DAY,
  y: 365 * MS_PER_DAY,
}

/** `30d`, `1h30m`, `500ms`, in milliseconds; undefined when it is no duration. */
export function durationMs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdwy]))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g))
    total += Number(amount) * (UNIT_MS[unit ?? ''] ?? Number.NaN)
  return Number.isFinite(total) ? total : undefined
}

/** A duration given by a person. Throws TIME_INVALID. */
export function parseDurationMs(text: string): number {
  const ms = durationMs(text)
  if (ms !== undefined) return ms
  return fail('TIME_INVALID', `"${text}" is not a duration`, {
    hints: ['write it as 90s, 15m, 2h, 30d or 1h30m'],
  })
}

/** A moment given by a person: RFC 3339, a date (its UTC midnight) or a duration back from now. Throws TIME_INVALID. */
export function parseMoment(text: string, nowMs: number): Timestamp {
  if (text === 'now') return timestampOfMs(nowMs)
  if (isDay(text)) return startOfDay(text)
  const back = durationMs(text)
  if (back !== undefined && inRange(nowMs - back)) return timestampOfMs(Math.trunc(nowMs - back))
  const moment = timestampOfRfc3339(text)
  if (moment) return moment
  return fail('TIME_INVALID', `"${text}" is not a time`, {
    hints: ['write it as 2025-01-11T09:30:00Z, 2025-01-11 or 2h (that long ago)'],
  })
}

function inRange(ms: number): boolean {
  return ms >= MIN_MS && ms < MAX_MS
}

/** A number without exponent; what has one is either far too large or far too small for a time. */
function plainDecimal(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 1e19
    ? value.toString().replace(/^-?0?\.?\d*e-\d+$/, '0')
    : ''
}
