// rate_counter: how fast a counter rose, over its resets to zero.
import type { Timestamp } from '../../record/time.js'
import { nsOf } from '../../record/time.js'
import type { Aggregate } from './aggregate.js'

interface Rise {
  count: number
  firstValue: number
  firstAt: Timestamp | undefined
  lastValue: number
  lastAt: Timestamp | undefined
  /** What was reached before each reset. */
  lost: number
}

const NOTHING: Rise = {
  count: 0,
  firstValue: 0,
  firstAt: undefined,
  lastValue: 0,
  lastAt: undefined,
  lost: 0,
}

/** A single value has no rate: 0, as Loki answers. */
export function counterRate(rangeNs: bigint): Aggregate<Rise> {
  return {
    start: () => ({ ...NOTHING }),
    add(state, value, timestamp) {
      if (state.count > 0 && value < state.lastValue) state.lost += state.lastValue
      if (state.count === 0) {
        state.firstValue = value
        state.firstAt = timestamp
      }
      state.count++
      state.lastValue = value
      state.lastAt = timestamp
      return state
    },
    join(earlier, later) {
      if (earlier.count === 0) return { ...later }
      if (later.count === 0) return { ...earlier }
      const reset = later.firstValue < earlier.lastValue ? earlier.lastValue : 0
      return {
        ...later,
        count: earlier.count + later.count,
        firstValue: earlier.firstValue,
        firstAt: earlier.firstAt,
        lost: earlier.lost + later.lost + reset,
      }
    },
    read: (state) => rateOf(state, rangeNs),
  }
}

/**
 * Prometheus extrapolates a rate to the whole range. Loki took that over with spans in nanoseconds and the gap
 * before the first value in milliseconds, which leaves next to nothing of it; answers agree to the last digit
 * only when the same units are used.
 */
function rateOf({ count, firstValue, firstAt, lastValue, lastAt, lost }: Rise, rangeNs: bigint): number {
  if (count < 2 || firstAt === undefined || lastAt === undefined) return 0
  const rise = lastValue - firstValue + lost
  const span = Number(nsOf(lastAt) - nsOf(firstAt)) / 1000
  const between = span / (count - 1)
  let before = Number(rangeNs / 1_000_000n) / 1000
  if (rise > 0 && firstValue >= 0) before = Math.min(before, span * (firstValue / rise))
  const extended = span + (before < between * 1.1 ? before : between / 2)
  // The last value ends the stretch; with all values at one moment there is nothing to extrapolate over.
  return (rise * (extended / span)) / (Number(rangeNs) / 1e9)
}
