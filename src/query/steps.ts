// The moments at which a metric query is evaluated, and its windows, as texts that compare with timestamps.
import { fail } from '../errors.js'
import { timestampOfNs } from '../record/time.js'
import type { Timestamp } from '../record/time.js'

/** Nanoseconds since the epoch. A range query is evaluated at from, from + step, … up to and with to. */
export type MetricTime =
  { readonly from: bigint; readonly to: bigint; readonly stepNs: bigint } | { readonly at: bigint }

export interface Steps {
  readonly fromNs: bigint
  readonly stepNs: bigint
  readonly count: number
  /** One moment was asked for; the answer is a vector or a scalar. */
  readonly instant: boolean
}

/** Throws QUERY_INVALID; the texts about time and steps are Loki's. */
export function stepsOf(time: MetricTime, maxPoints: number): Steps {
  if ('at' in time) return { fromNs: time.at, stepNs: 1n, count: 1, instant: true }
  const { from, to, stepNs } = time
  if (to < from) fail('QUERY_INVALID', 'end timestamp must not be before or equal to start time')
  if (stepNs <= 0n)
    fail(
      'QUERY_INVALID',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    )
  const steps = (to - from) / stepNs
  if (steps > BigInt(maxPoints))
    fail(
      'QUERY_LIMIT',
      `exceeded maximum resolution of ${maxPoints.toLocaleString('en-US')} points per time series. ` +
        'Try increasing the value of the step parameter',
    )
  return { fromNs: from, stepNs, count: Number(steps) + 1, instant: false }
}

export function stepNs({ fromNs, stepNs }: Steps, step: number): bigint {
  return fromNs + BigInt(step) * stepNs
}

export function stepMs(steps: Steps, step: number): number {
  return Number(stepNs(steps, step) / 1_000_000n)
}

const FIRST = '1678-01-01T00:00:00.000000000Z' as Timestamp
const LAST = '2261-12-31T23:59:59.999999999Z' as Timestamp

/** The moment, or the first or last that a record may have. */
export function nearestTimestamp(ns: bigint): Timestamp {
  return timestampOfNs(ns) ?? (ns < 0n ? FIRST : LAST)
}

/** The bounds of a scan that is to read `(afterNs, upToNs]`; undefined where every record is within. */
export function scanBounds(
  afterNs: bigint,
  upToNs: bigint,
): { from: Timestamp | undefined; to: Timestamp | undefined } {
  const from = timestampOfNs(afterNs + 1n) ?? (afterNs < 0n ? undefined : LAST)
  const to = timestampOfNs(upToNs + 1n) ?? (upToNs < 0n ? FIRST : undefined)
  return { from, to }
}
