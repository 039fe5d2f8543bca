// Which hours of a day can be answered from counts, which hold the number of records of an hour and how many of
// them stand at its first nanosecond: the hours in which no window begins or ends later than that.
import type { Stretches } from '../../record/stretches.js'
import { type Day, type Timestamp, startOfDay, nsOf, timestampOfNs } from '../../record/time.js'

export interface Hour {
  /** Inclusive and exclusive. */
  readonly from: Timestamp
  readonly to: Timestamp
  /** The stretch of the hour's first nanosecond, and of all that follows; undefined where it does not count. */
  readonly first: number | undefined
  readonly later: number | undefined
  /** Whether a border within the hour makes its rows needed. */
  readonly cut: boolean
}

const HOUR_NS = 3_600_000_000_000n

/** The 24 hours of a day. `from` and `to` are those of the request. */
export function hoursOf(
  day: Day,
  stretches: Stretches,
  { from, to }: { readonly from?: Timestamp | undefined; readonly to?: Timestamp | undefined },
): readonly Hour[] {
  const start = nsOf(startOfDay(day))
  const borders = [from, to, stretches.from, stretches.to].filter((border) => border !== undefined)
  const place = (timestamp: Timestamp): number | undefined => {
    if ((from !== undefined && timestamp < from) || (to !== undefined && timestamp >= to)) return undefined
    return stretches.numberOf(timestamp)
  }
  return Array.from({ length: 24 }, (_, hour) => {
    const ns = start + BigInt(hour) * HOUR_NS
    const at = (offset: bigint): Timestamp => timestampOfNs(ns + offset) as Timestamp
    const [first, second, last] = [at(0n), at(1n), at(HOUR_NS - 1n)]
    const later = place(second)
    // A border is the first moment behind it; the one at the second nanosecond parts the first from the rest.
    const bordered = borders.some((border) => border > second && border <= last)
    const gaps = later === undefined && place(last) === undefined && !isOutside(second, last, borders)
    return {
      from: first,
      to: (timestampOfNs(ns + HOUR_NS) ?? last) as Timestamp,
      first: place(first),
      later,
      cut: bordered || place(last) !== later || gaps,
    }
  })
}

/** Whether what is asked for ends before the hour or begins behind it: then nothing within it counts. */
function isOutside(second: Timestamp, last: Timestamp, borders: readonly Timestamp[]): boolean {
  return borders.every((border) => border > last) || borders.every((border) => border <= second)
}
