// Sums and counts: count_over_time, bytes_over_time, sum_over_time and their rates.
import type { Aggregate } from './aggregate.js'

export const count: Aggregate<number> = {
  start: () => 0,
  add: (state) => state + 1,
  join: (earlier, later) => earlier + later,
  read: (state) => state,
}

export const sum: Aggregate<number> = { ...count, add: (state, value) => state + value }

/** The aggregate per second of the range. */
export function perSecond<S>(aggregate: Aggregate<S>, rangeSeconds: number): Aggregate<S> {
  return { ...aggregate, read: (state) => aggregate.read(state) / rangeSeconds }
}
