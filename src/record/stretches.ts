// Windows of time cut into stretches that do not overlap: each window is a run of whole stretches, so that what
// falls into a stretch is counted once, however many windows share it.
//
// With T the end of step j, and r the range modulo the step, step j has two stretches: (T − step, T − r] with the
// number 2j, and (T − r, T] with 2j + 1. Window j is those from number 2j − 2m + 1 to 2j + 1, where m is how many
// whole steps the range has.
import type { Windows } from './aggregate-request.js'
import { type Timestamp, nsOf, timestampOfNs } from './time.js'

export interface Stretches {
  /** The records that fall into some window, first inclusive and end exclusive; undefined: into none. */
  readonly from: Timestamp | undefined
  readonly to: Timestamp | undefined
  /** The stretch of a moment; undefined where no window holds it. */
  numberOf(timestamp: Timestamp): number | undefined
  readonly windows: number
  /** First and last stretch of a window. */
  reachOf(window: number): readonly [number, number]
  /** The end (inclusive) of a stretch, nanoseconds since the epoch. */
  endOf(number: number): bigint
}

/** Without windows there is one stretch, number 0, for all time. */
export function stretchesOf(windows: Windows | undefined): Stretches {
  if (!windows) return ALL_TIME
  const { first, count, rangeNs } = windows
  const firstNs = nsOf(first)
  // One window alone has no steps to cut it into.
  const stepNs = count === 1 ? rangeNs : windows.stepNs
  const wholeSteps = Number(rangeNs / stepNs)
  const restNs = rangeNs % stepNs
  const computed = (ns: bigint): number | undefined => {
    const step = divideUp(ns - firstNs, stepNs)
    const late = ns > firstNs + step * stepNs - restNs
    const j = Number(step)
    const lastWindow = Math.min(count - 1, late ? j + wholeSteps : j + wholeSteps - 1)
    return Math.max(0, j) > lastWindow ? undefined : 2 * j + (late ? 1 : 0)
  }
  const endOf = (number: number): bigint => {
    const end = firstNs + BigInt(Math.floor(number / 2)) * stepNs
    return number % 2 === 0 ? end - restNs : end
  }
  return {
    from: timestampOfNs(firstNs - rangeNs + 1n),
    to: timestampOfNs(firstNs + BigInt(count - 1) * stepNs + 1n),
    numberOf: remembering(computed, endOf),
    windows: count,
    reachOf: (window) => [2 * (window - wholeSteps) + 1, 2 * window + 1],
    endOf,
  }
}

const ALL_TIME: Stretches = {
  from: undefined,
  to: undefined,
  numberOf: () => 0,
  windows: 1,
  reachOf: () => [0, 0],
  endOf: () => 0n,
}

/** Neighbours share their stretch mostly; texts compare faster than nanoseconds are computed. */
function remembering(
  computed: (ns: bigint) => number | undefined,
  endOf: (number: number) => bigint,
): Stretches['numberOf'] {
  let known: number | undefined
  let above: string = ''
  let upTo: string = ''
  return (timestamp) => {
    if (timestamp > above && timestamp <= upTo) return known
    const number = computed(nsOf(timestamp))
    if (number === undefined) return undefined
    known = number
    above = timestampOfNs(endOf(known - 1)) ?? '~'
    upTo = timestampOfNs(endOf(known)) ?? timestamp
    return known
  }
}

function divideUp(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b > 0n ? quotient + 1n : quotient
}
