// Answers that come from counts alone: stats of a day, labels and their values. No row is read.
import { compileConditions } from '../../record/condition.js'
import { fail } from '../../errors.js'
import type { DayOnDisk } from '../../record/store-status.js'
import type { DayStats, LabelsRequest, StatsRequest } from '../../record/scanner.js'
import { type Day, type Timestamp, dayOf, hourOf, startOfDay } from '../../record/time.js'
import type { Level } from '../../record/level.js'
import type { DayIndex } from './day-index.js'
import { type DayTotals, addTotals, byCount, labelOrNone, statsOf, totalsOf } from './day-totals.js'
import type { PartCount } from './part.js'
import type { PartCache } from './part-cache.js'
import { countsOf } from './seal.js'
import type { Segment, Stream } from './segment.js'
import type { View } from './view.js'

export async function dayStats(
  view: View,
  cache: PartCache,
  request: StatsRequest,
): Promise<DayStats | undefined> {
  const { day, tenants, by } = request
  const entry = view.manifest.days[day]
  const sealed = entry && (await cache.day(entry))
  const hot = hotDays(view, day)
  const totals = hot.reduce<DayTotals>(
    (sum, { counts, streams }) => addTotals(sum, totalsOf(counts, streams)),
    sealed?.totals ?? {},
  )
  const files = [
    ...(sealed?.parts ?? []).map(({ parquet }) => ({ path: parquet.file, bytes: parquet.bytes })),
    ...hot.map(({ segment, index }) => ({
      path: `hot/${segment.path.split('/').at(-1)}`,
      bytes: index.hotBytes,
    })),
  ]
  const stats = statsOf(day, totals, tenants, files)
  if (!stats || by === undefined || Object.hasOwn(stats.by, by)) return stats
  return { ...stats, by: { ...stats.by, [by]: await tallyBy(view, cache, { day, tenants, by }) } }
}

interface HotDay {
  readonly segment: Segment
  readonly index: DayIndex
  readonly streams: readonly Stream[]
  readonly counts: readonly PartCount[]
}

function hotDays(view: View, day: Day): HotDay[] {
  const found: HotDay[] = []
  for (const segment of view.segments) {
    segment.index()
    const index = segment.days.get(day)
    if (!index) continue
    const order = segment.streams.map((_, i) => i)
    found.push({ segment, index, streams: segment.streams, counts: countsOf(index, order) })
  }
  return found
}

/** By any label, from the joint counts. */
async function tallyBy(
  view: View,
  cache: PartCache,
  { day, tenants, by }: { readonly day: Day; readonly tenants: StatsRequest['tenants']; readonly by: string },
): Promise<Readonly<Record<string, number>>> {
  const tally = Object.create(null) as Record<string, number>
  const count = (counts: readonly PartCount[], streams: readonly Stream[]): void => {
    for (const [number, , , records] of counts) {
      const { tenant, labels } = streams[number] as Stream
      if (tenants && !tenants.includes(tenant)) continue
      const value = labelOrNone(labels, by)
      tally[value] = (tally[value] ?? 0) + records
    }
  }
  const entry = view.manifest.days[day]
  for (const part of entry ? (await cache.day(entry)).parts : []) {
    const { counts, streams } = await cache.side(part)
    count(counts, streams)
  }
  for (const { counts, streams } of hotDays(view, day)) count(counts, streams)
  return byCount(tally)
}

/** What each day occupies, with what of it is still hot. */
export function daysOnDisk(view: View): DayOnDisk[] {
  return daysOf(view).map((day) => {
    const { records = 0, storedBytes = 0 } = view.manifest.days[day] ?? {}
    const hot = hotDays(view, day)
    return {
      day,
      records: hot.reduce((sum, { index }) => sum + index.records, records),
      bytes: hot.reduce((sum, { index }) => sum + index.hotBytes, storedBytes),
    }
  })
}

export function daysOf(view: View): Day[] {
  const days = new Set(Object.keys(view.manifest.days) as Day[])
  for (const segment of view.segments) {
    segment.index()
    for (const day of segment.days.keys()) days.add(day)
  }
  return [...days].sort()
}

/** Names and values of labels, of streams with a record in the hours that the range touches. */
export async function labelValues(
  view: View,
  cache: PartCache,
  request: LabelsRequest,
): Promise<Readonly<Record<string, readonly string[]>>> {
  if (request.where.some(({ kind }) => kind !== 'label'))
    fail('QUERY_INVALID', 'labels are asked for with matchers only, not with line filters or levels')
  const judge = compileConditions(request.where)
  const values = new Map<string, Set<string>>()
  const collect = ({ tenant, labels }: Stream, level: Level): void => {
    if (request.tenants && !request.tenants.includes(tenant)) return
    if (!judge({ timestamp: '' as Timestamp, tenant, labels, level, line: '', fields: {} })) return
    for (const [name, value] of Object.entries(labels)) {
      const known = values.get(name)
      if (known) known.add(value)
      else values.set(name, new Set([value]))
    }
  }
  for (const day of daysOf(view)) {
    if (!dayTouches(day, request)) continue
    for (const { counts, streams } of await sourcesOf(view, cache, day)) {
      const seen = new Set<string>()
      for (const [number, level, hour] of counts) {
        const key = `${number} ${level}`
        if (seen.has(key) || !hourTouches(day, hour, request)) continue
        seen.add(key)
        collect(streams[number] as Stream, level)
      }
    }
  }
  return Object.fromEntries(
    [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, set]) => [name, [...set].sort()]),
  )
}

async function sourcesOf(
  view: View,
  cache: PartCache,
  day: Day,
): Promise<{ readonly counts: readonly PartCount[]; readonly streams: readonly Stream[] }[]> {
  const entry = view.manifest.days[day]
  const parts = entry ? (await cache.day(entry)).parts : []
  return [...(await Promise.all(parts.map((part) => cache.side(part)))), ...hotDays(view, day)]
}

function dayTouches(day: Day, { from, to }: LabelsRequest): boolean {
  return (from === undefined || day >= dayOf(from)) && (to === undefined || startOfDay(day) < to)
}

function hourTouches(day: Day, hour: number, { from, to }: LabelsRequest): boolean {
  const text = String(hour).padStart(2, '0')
  if (from !== undefined && dayOf(from) === day && text < hourOf(from)) return false
  return to === undefined || `${day}T${text}:00:00.000000000Z` < to
}
