// Answers that count: stats of a day, labels and their values, which days hold records, the newest sequence. A day's
// stats are those of its files, whatever day an event in them says; its hour is the event's own.
import { fail } from '../../errors.js'
import { compileConditions } from '../../record/condition.js'
import type { Labels } from '../../record/labels.js'
import type { Level } from '../../record/level.js'
import type { StoredRecord } from '../../record/record.js'
import type { DayStats, LabelsRequest, ScanOptions, StatsRequest } from '../../record/scanner.js'
import { type Day, type Timestamp, hourOf } from '../../record/time.js'
import { countKey } from '../embedded/day-index.js'
import { byCount, labelOrNone, statsOf, totalsOf } from '../embedded/day-totals.js'
import { contentOf } from './content.js'
import type { DayFile } from './day-file.js'
import type { CountedFile, FileDay } from './day-files.js'
import { type ReadingRules, lineDecoder, readRecords } from './file-reader.js'
import { type LineBlock, lineBlocks } from './line-blocks.js'
import { isNewest, touches } from './scan.js'

interface Count {
  readonly stream: number
  readonly level: Level
  readonly hour: number
  records: number
  bytes: number
}

export interface Counting {
  readonly days: readonly FileDay[]
  readonly rules: ReadingRules
  readonly options: ScanOptions
}

/** `files` are all forms of the day, whether they count or not. Throws DATA_UNREADABLE where none can be read. */
export async function fileStats(
  { days, rules, options }: Counting,
  { day, tenants, by }: StatsRequest,
  files: readonly DayFile[],
): Promise<DayStats | undefined> {
  const found = days.find((one) => one.day === day)
  if (!found) return undefined
  const counts = new Map<number, Count>()
  const streams = streamNumbers()
  const missing: string[] = [...found.warnings]
  for (const file of found.files)
    for await (const records of readRecords(file, rules, {
      signal: options.signal,
      warn: (message) => missing.push(message),
      growing: isNewest(file, days),
    }))
      for (const record of records) count(counts, streams.numberOf(record), record)
  for (const message of missing) options.warn?.(message)
  if (counts.size === 0 && missing.length > 0)
    fail('DATA_UNREADABLE', `nothing of ${day} could be read: ${missing.join('; ')}`)
  const rows = [...counts.values()].map(({ stream, level, hour, records, bytes }) => ({
    row: [stream, level, hour, records, bytes, 0] as const,
  }))
  const own = files.map(({ name, size }) => ({ path: name, bytes: size }))
  const totals = totalsOf(
    rows.map(({ row }) => row),
    streams.all,
  )
  const stats = statsOf(day, totals, tenants, own)
  if (!stats || by === undefined || Object.hasOwn(stats.by, by)) return stats
  return { ...stats, by: { ...stats.by, [by]: tallyBy(counts, streams.all, { by, tenants }) } }
}

interface Stream {
  readonly tenant: string
  readonly labels: Labels
}

/** Records of one stream mostly share their labels, so that the text that tells streams apart is seldom made. */
function streamNumbers(): { readonly all: Stream[]; numberOf(record: StoredRecord): number } {
  const all: Stream[] = []
  const byText = new Map<string, number>()
  const byObject = new Map<string, WeakMap<Labels, number>>()
  return {
    all,
    numberOf({ tenant, labels }) {
      let known = byObject.get(tenant)
      if (!known) byObject.set(tenant, (known = new WeakMap()))
      let number = known.get(labels)
      if (number !== undefined) return number
      const text = JSON.stringify([tenant, labels])
      number = byText.get(text) ?? all.push({ tenant, labels }) - 1
      byText.set(text, number)
      known.set(labels, number)
      return number
    },
  }
}

function count(counts: Map<number, Count>, stream: number, { level, timestamp, line }: StoredRecord): void {
  const hour = Number(hourOf(timestamp))
  const key = countKey(stream, level, hour)
  let found = counts.get(key)
  if (!found) counts.set(key, (found = { stream, level, hour, records: 0, bytes: 0 }))
  found.records++
  found.bytes += Buffer.byteLength(line)
}

function tallyBy(
  counts: ReadonlyMap<number, Count>,
  streams: readonly Stream[],
  { by, tenants }: { readonly by: string; readonly tenants: readonly string[] | undefined },
): Readonly<Record<string, number>> {
  const tally = Object.create(null) as Record<string, number>
  for (const { stream, records } of counts.values()) {
    const { tenant, labels } = streams[stream] as Stream
    if (tenants && !tenants.includes(tenant)) continue
    const value = labelOrNone(labels, by)
    tally[value] = (tally[value] ?? 0) + records
  }
  return byCount(tally)
}

/** Of streams with a record in the hours that the range touches, as every store answers. */
export async function fileLabels(
  { days, rules, options }: Counting,
  request: LabelsRequest,
): Promise<Readonly<Record<string, readonly string[]>>> {
  if (request.where.some(({ kind }) => kind !== 'label'))
    fail('QUERY_INVALID', 'labels are asked for with matchers only, not with line filters or levels')
  const judge = compileConditions(request.where)
  const values = new Map<string, Set<string>>()
  const seen = new Set<string>()
  const streams = streamNumbers()
  const collect = (record: StoredRecord): void => {
    const key = `${streams.numberOf(record)} ${record.level}`
    if (seen.has(key) || !hourTouches(record.timestamp, request)) return
    seen.add(key)
    if ((request.tenants && !request.tenants.includes(record.tenant)) || !judge(record)) return
    for (const [name, value] of Object.entries(record.labels)) {
      const known = values.get(name)
      if (known) known.add(value)
      else values.set(name, new Set([value]))
    }
  }
  for (const day of days.filter((one) => touches(one, request))) {
    for (const message of day.warnings) options.warn?.(message)
    for (const file of day.files) {
      const warn = (message: string): void => options.warn?.(message)
      const reading = { signal: options.signal, warn, growing: isNewest(file, days) }
      for await (const records of readRecords(file, rules, reading)) records.forEach(collect)
    }
  }
  return Object.fromEntries(
    [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, set]) => [name, [...set].sort()]),
  )
}

function hourTouches(timestamp: Timestamp, { from, to }: LabelsRequest): boolean {
  const hour = timestamp.slice(0, 13)
  if (from !== undefined && hour < from.slice(0, 13)) return false
  return to === undefined || `${hour}:00:00.000000000Z` < to
}

/** The days with at least one record; of most files the first block tells. */
export async function daysWithRecords({ days, rules }: Counting): Promise<Day[]> {
  const found: Day[] = []
  for (const day of days)
    for (const file of day.files) {
      if (!(await hasRecord(file, rules))) continue
      found.push(day.day)
      break
    }
  return found
}

async function hasRecord(file: CountedFile, rules: ReadingRules): Promise<boolean> {
  for await (const records of readRecords(file, rules, { warn: () => undefined }))
    if (records.length > 0) return true
  return false
}

/** The last line that is there as a whole. */
export interface NewestLine {
  readonly sequence: number
  /** It has no end, so that what is written behind it still belongs to it. */
  readonly open: boolean
}

/** Undefined when no file holds a line. */
export async function newestLine({
  days,
  rules,
}: Pick<Counting, 'days' | 'rules'>): Promise<NewestLine | undefined> {
  for (const file of days.flatMap(({ files }) => files).toReversed()) {
    let last: LineBlock | undefined
    let before: LineBlock | undefined
    for await (const block of lineBlocks(
      contentOf(file, () => undefined),
      rules.lineBytes,
      () => undefined,
    )) {
      before = last
      last = block
    }
    if (last?.open === true) {
      if (isWhole(file, last, rules)) return { sequence: file.base + last.firstLine, open: true }
      last = before
    }
    if (last) return { sequence: file.base + last.firstLine + last.lines - 1, open: false }
  }
  return undefined
}

/** A last line without end is whole when it reads as an event; of text nobody can tell, so it counts as whole. */
export function isWhole(file: CountedFile, block: LineBlock, rules: ReadingRules): boolean {
  return lineDecoder(file, rules).decode(block).length > 0
}
