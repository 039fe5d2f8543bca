// Reads the parameters of Loki's API as Loki reads them, from the URL and from form bodies.
// Source: Loki's documentation, "Loki HTTP API".
import { fail } from '../../../errors.js'
import { readRange } from '../../../query/amount.js'
import { nearestTimestamp } from '../../../query/steps.js'
import type { Timestamp } from '../../../record/time.js'
import { nsOf, timestampOfRfc3339 } from '../../../record/time.js'

const NS_PER_S = 1_000_000_000n
const NS_PER_MS = 1_000_000n
export const HOUR_NS = 3600n * NS_PER_S

const DEFAULT_LIMIT = 100
/** A range query has about so many steps where it names none. */
const DEFAULT_STEPS = 250n
/** Longer texts are no times, durations or numbers. */
const MAX_CHARS = 64
/** What int64 holds. */
const MAX_NS = 2n ** 63n - 1n

/** Nanoseconds since the epoch. */
export interface TimeRange {
  readonly fromNs: bigint
  readonly toNs: bigint
}

/** From `start`, `end` and `since`; without them the last hour, or `defaultNs`. */
export function timeRange(parameters: URLSearchParams, nowNs: bigint, defaultNs = HOUR_NS): TimeRange {
  const since = parameters.get('since')
  const sinceNs = since ? (readRange(since)?.ns ?? notRead('since', since, 'a duration')) : defaultNs
  const toNs = moment('end', parameters, nowNs)
  const fromNs = moment('start', parameters, (toNs < nowNs ? toNs : nowNs) - sinceNs)
  if (toNs < fromNs) fail('QUERY_INVALID', 'end timestamp must not be before or equal to start time')
  return { fromNs, toNs }
}

/** Inclusive and exclusive; what no record can have becomes the nearest time that one can. */
export function boundsOf({ fromNs, toNs }: TimeRange): { readonly from: Timestamp; readonly to: Timestamp } {
  return { from: nearestTimestamp(fromNs), to: nearestTimestamp(toNs) }
}

/** To whole hours outward: for what is told from counts by the hour. */
export function wholeHours({ fromNs, toNs }: TimeRange): TimeRange {
  return { fromNs: floorTo(fromNs, HOUR_NS), toNs: -floorTo(-toNs, HOUR_NS) }
}

export function floorTo(ns: bigint, unit: bigint): bigint {
  const rest = ns % unit
  return ns - (rest < 0n ? rest + unit : rest)
}

/** Seconds with a fraction, or as digits: up to ten of seconds, more of nanoseconds; or RFC 3339. */
export function moment(name: string, parameters: URLSearchParams, otherwiseNs: bigint): bigint {
  const text = parameters.get(name)
  if (!text) return otherwiseNs
  if (text.length > MAX_CHARS) return notRead(name, text, 'a time')
  if (text.includes('.')) {
    const seconds = Number(text)
    if (Number.isFinite(seconds)) return secondsAsNs(seconds)
  }
  if (/^[+-]?\d+$/.test(text)) return text.length <= 10 ? BigInt(text) * NS_PER_S : BigInt(text)
  const timestamp = timestampOfRfc3339(text)
  return timestamp === undefined ? notRead(name, text, 'a time') : nsOf(timestamp)
}

/** Loki keeps milliseconds of a fraction. */
function secondsAsNs(seconds: number): bigint {
  const whole = Math.trunc(seconds)
  return BigInt(whole) * NS_PER_S + BigInt(Math.round((seconds - whole) * 1000)) * NS_PER_MS
}

/** Nanoseconds from one step to the next. */
export function step(parameters: URLSearchParams, { fromNs, toNs }: TimeRange): bigint {
  const text = parameters.get('step')
  const whole = (toNs - fromNs) / NS_PER_S / DEFAULT_STEPS
  const ns = text ? secondsOrDuration('step', text) : (whole > 1n ? whole : 1n) * NS_PER_S
  if (ns > 0n) return ns
  return fail(
    'QUERY_INVALID',
    'zero or negative query resolution step widths are not accepted. Try a positive integer',
  )
}

/** Nanoseconds; 0 where entries are not to be thinned. */
export function interval(parameters: URLSearchParams): bigint {
  const text = parameters.get('interval')
  const ns = text ? secondsOrDuration('interval', text) : 0n
  return ns >= 0n ? ns : fail('QUERY_INVALID', 'interval must be >= 0')
}

function secondsOrDuration(name: string, text: string): bigint {
  const seconds = text.length <= MAX_CHARS ? Number(text) : Number.NaN
  const ns = Number.isFinite(seconds) ? BigInt(Math.round(seconds * 1e9)) : readRange(text)?.ns
  return ns !== undefined && ns <= MAX_NS ? ns : notRead(name, text, 'a number of seconds or a duration')
}

/** How many, `name` says: 100 where it is not given. */
export function limit(parameters: URLSearchParams, name = 'limit', otherwise = DEFAULT_LIMIT): number {
  const text = parameters.get(name)
  if (!text) return otherwise
  if (!/^[+-]?\d{1,15}$/.test(text)) return notRead(name, text, 'a whole number')
  const count = Number(text)
  return count > 0 ? count : fail('QUERY_INVALID', 'limit must be a positive value')
}

export function direction(parameters: URLSearchParams): 'forward' | 'backward' {
  const text = parameters.get('direction')
  const word = text?.toLowerCase() || 'backward'
  if (word === 'forward' || word === 'backward') return word
  return fail('QUERY_INVALID', `invalid direction '${shown(text ?? '')}'`)
}

function notRead(name: string, text: string, what: string): never {
  return fail('QUERY_INVALID', `could not parse '${name}' parameter: "${shown(text)}" is not ${what}`)
}

function shown(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
