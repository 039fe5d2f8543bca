// avg_over_time, stddev_over_time and stdvar_over_time, of the whole population.
import type { Aggregate } from './aggregate.js'

/** `m2` is the sum of the squared distances from the mean (Welford; joined as Chan, Golub and LeVeque do). */
interface Moments {
  count: number
  mean: number
  m2: number
}

const moments: Aggregate<Moments> = {
  start: () => ({ count: 0, mean: 0, m2: 0 }),
  add(state, value) {
    state.count++
    const delta = value - state.mean
    state.mean += delta / state.count
    state.m2 += delta * (value - state.mean)
    return state
  },
  join(earlier, later) {
    if (earlier.count === 0) return { ...later }
    if (later.count === 0) return { ...earlier }
    const count = earlier.count + later.count
    const delta = later.mean - earlier.mean
    return {
      count,
      mean: earlier.mean + (delta * later.count) / count,
      m2: earlier.m2 + later.m2 + (delta * delta * earlier.count * later.count) / count,
    }
  },
  read: ({ count, m2 }) => m2 / count,
}

export const variance = moments
export const deviation: Aggregate<Moments> = { ...moments, read: ({ count, m2 }) => Math.sqrt(m2 / count) }

interface Total {
  count: number
  total: number
}

/** The total keeps its sign where a value is infinite; a running mean would turn into NaN. */
export const average: Aggregate<Total> = {
  start: () => ({ count: 0, total: 0 }),
  add(state, value) {
    state.count++
    state.total += value
    return state
  },
  join: (earlier, later) => ({ count: earlier.count + later.count, total: earlier.total + later.total }),
  read: ({ count, total }) => total / count,
}
