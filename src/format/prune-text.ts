// What pruning did or would do, as text.
import { bytesText, countOf, countText } from './amounts.js'
import { columns } from './columns.js'

export interface PrunedDays {
  /** RFC 3339: what is at or after it stays. */
  readonly cutoff: string
  readonly dropped: readonly {
    readonly day: string
    readonly records?: number | undefined
    readonly bytes: number
    readonly why: string
  }[]
  readonly bytes: number
  readonly dry_run: boolean
}

/** Ends with a newline. */
export function pruneText({ cutoff, dropped, bytes, dry_run: dryRun }: PrunedDays): string {
  const since = `${cutoff.slice(0, 10)} ${cutoff.slice(11, 16)}Z`
  if (dropped.length === 0) return `nothing to drop: no day ended before ${since}\n`
  const rows = dropped.map((day) => [
    day.day,
    day.records === undefined ? '' : countText(day.records),
    bytesText(day.bytes),
    day.why,
  ])
  const known = dropped.flatMap(({ records }) => records ?? [])
  const records = known.reduce((sum, count) => sum + count, 0)
  const counted = known.length > 0 ? `${countOf(records, 'record')}, ` : ''
  const total = `${countOf(dropped.length, 'day')}, ${counted}${bytesText(bytes)}`
  return `${columns(rows, { right: [1, 2] })}${dryRun ? 'would drop' : 'dropped'} ${total}\n`
}
