// How much comes in, from what was stored: the days that are over, as they were counted.
import type { Scanner } from '../../record/scanner.js'
import type { StoreStatus } from '../../record/store-status.js'
import { dayOf, timestampOfMs } from '../../record/time.js'
import { bytesText } from './bytes-text.js'
import type { Load } from './plan-capacity.js'

/** What measuring needs: any reader can give it. */
export type Measurable = Pick<Scanner, 'days' | 'stats'> & { status(): Promise<StoreStatus> }

export interface Measured {
  readonly load: Load
  /** Raw bytes for each byte stored; undefined when nothing is sealed yet. */
  readonly ratio: number | undefined
  readonly status: StoreStatus
}

/** Days that are counted at most, the newest first. */
const MOST_DAYS = 14

/** Undefined when nothing was ever stored. */
export async function measuredLoad(store: Measurable, nowMs: number): Promise<Measured | undefined> {
  const today = dayOf(timestampOfMs(nowMs))
  const days = await store.days()
  const over = days.filter((day) => day < today)
  // A store that began today is better than nothing; its day is taken as it is so far.
  const counted = (over.length > 0 ? over : days).slice(-MOST_DAYS)
  const stats: CountedDay[] = []
  for (const day of counted) stats.push((await store.stats({ day })) ?? { total: 0, bytes: 0, files: [] })
  if (stats.length === 0) return undefined
  const bytes = stats.reduce((sum, day) => sum + day.bytes, 0)
  const lines = stats.reduce((sum, day) => sum + day.total, 0)
  const perDay = bytes / stats.length
  const how = `mean of ${stats.length} ${over.length > 0 ? 'days' : 'day that is not over'}: ${bytesText(perDay)}`
  const status = await store.status()
  return {
    load: { bytesPerDay: perDay, linesPerDay: lines / stats.length, how },
    // Plain files say nothing of how a store packs.
    ratio: status.kind === 'files' ? undefined : packing(stats),
    status,
  }
}

interface CountedDay {
  readonly total: number
  readonly bytes: number
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
}

/** Of the days that are sealed: a hot segment is as large as what came in. */
function packing(days: readonly CountedDay[]): number | undefined {
  const sealed = days.filter(
    ({ files }) => files.length > 0 && !files.some(({ path }) => /(?:^|\/)hot\//.test(path)),
  )
  const stored = sealed.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0)
  const raw = sealed.reduce((sum, { bytes }) => sum + bytes, 0)
  return stored > 0 && raw > 0 ? raw / stored : undefined
}
