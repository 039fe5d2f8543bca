// min_over_time, max_over_time, first_over_time and last_over_time: one of the values.
import type { Aggregate } from './aggregate.js'

function chosen(choose: (earlier: number, later: number) => number): Aggregate<number | undefined> {
  const take = (earlier: number | undefined, later: number): number =>
    earlier === undefined ? later : choose(earlier, later)
  return {
    start: () => undefined,
    add: take,
    join: (earlier, later) => (later === undefined ? earlier : take(earlier, later)),
    read: (state) => state ?? Number.NaN,
  }
}

// What is no number loses against every number, as in Prometheus.
export const max = chosen((earlier, later) => (later > earlier || Number.isNaN(earlier) ? later : earlier))
export const min = chosen((earlier, later) => (later < earlier || Number.isNaN(earlier) ? later : earlier))
export const first = chosen((earlier) => earlier)
export const last = chosen((_, later) => later)
