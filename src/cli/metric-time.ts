// When a metric query is evaluated: at one moment, or over a stretch of time with a step that a person can read.
import { fail } from '../errors.js'
import type { MetricRequest } from '../query/run-metric.js'
import { msOf, nsOf, parseDurationMs, parseMoment, timestampOfMs, type Timestamp } from '../record/time.js'
import { type TimeFlags, timeRange } from './time-range.js'

export interface MetricTimeFlags extends TimeFlags {
  readonly now?: string | undefined
  readonly step?: string | undefined
}

export const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Steps without `--step`: enough for a curve, few enough for a table. */
const WANTED_STEPS = 60
const STEPS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR_MS),
]

/** Throws TIME_INVALID. Without any flag it is the last hour. */
export function metricTime(flags: MetricTimeFlags, nowMs: number): Exclude<MetricRequest, 'tenants'> {
  // The second that is not over yet counts, so that what came last is seen, and all moments are whole.
  const wholeNowMs = Math.ceil(nowMs / 1000) * 1000
  if (flags.now !== undefined) return { at: parseMoment(flags.now, wholeNowMs) }
  const range = timeRange(flags, wholeNowMs)
  const to = range.to ?? timestampOfMs(wholeNowMs)
  const from = range.from ?? hourBefore(to)
  if (from > to) fail('TIME_INVALID', `nothing lies between ${from} and ${to}`)
  const { step } = flags
  const stepMs = step === undefined ? readableStepMs(msOf(to) - msOf(from)) : parseDurationMs(step)
  return { from, to, stepNs: BigInt(Math.round(stepMs * 1e6)) }
}

export function hourBefore(to: Timestamp): Timestamp {
  return timestampOfMs(msOf(to) - HOUR_MS)
}

/** The moments of a range. Milliseconds. */
export function momentsOf(request: MetricRequest): number[] {
  if ('at' in request) return []
  const { from, to, stepNs } = request
  const first = nsOf(from)
  const count = Number((nsOf(to) - first) / stepNs) + 1
  return Array.from({ length: count }, (_, i) => Number((first + BigInt(i) * stepNs) / 1_000_000n))
}

function readableStepMs(rangeMs: number): number {
  const least = rangeMs / WANTED_STEPS
  return STEPS_MS.find((stepMs) => stepMs >= least) ?? Math.ceil(least / DAY_MS) * DAY_MS
}
