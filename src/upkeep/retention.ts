// Which days an age sends away: a day goes when all of it is older than the age, so that every record is kept
// at least that long.
import type { DayOnDisk } from '../record/store-status.js'
import { addDays, type Day, msOf, startOfDay, timestampOfMs, type Timestamp } from '../record/time.js'

export interface DroppedDay extends DayOnDisk {
  /** For people: by which rule it goes. */
  readonly why: string
}

export interface PrunePlan {
  /** Nothing at or after this moment goes. */
  readonly cutoff: Timestamp
  readonly drop: readonly DroppedDay[]
  readonly keep: readonly DayOnDisk[]
}

export interface PruneAge {
  readonly olderThanMs: number
  readonly nowMs: number
}

/** A day goes when its next midnight is at or before now − age. Days are UTC days. */
export function planPrune(days: readonly DayOnDisk[], { olderThanMs, nowMs }: PruneAge): PrunePlan {
  const cutoffMs = Math.max(nowMs - olderThanMs, msOf(EARLIEST))
  const drop: DroppedDay[] = []
  const keep: DayOnDisk[] = []
  for (const day of days) {
    const end = addDays(day.day, 1)
    if (msOf(startOfDay(end)) <= cutoffMs) drop.push({ ...day, why: whyDropped(day.day, nowMs) })
    else keep.push(day)
  }
  return { cutoff: timestampOfMs(Math.trunc(cutoffMs)), drop, keep }
}

/** An age may reach further back than a timestamp can; there is nothing to drop there. */
const EARLIEST = '1678-01-01T00:00:00.000000000Z' as Timestamp

/** By which rule a day goes that is over. */
export function whyDropped(day: Day, nowMs: number): string {
  const hours = Math.floor((nowMs - msOf(startOfDay(addDays(day, 1)))) / 3_600_000)
  return `ended ${hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`} ago`
}
