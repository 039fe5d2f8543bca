// Sealing: a closed segment of the hot log becomes one part per day that it has records of.
import { rm } from 'node:fs/promises'
import { messageOf } from '../../errors.js'
import { type Day, addDays } from '../../record/time.js'
import { type ColumnPlan, planColumns } from './columns.js'
import { type DayIndex, readCountKey } from './day-index.js'
import { totalsOf } from './day-totals.js'
import type { Duck } from './duck.js'
import type { Steps } from './durable.js'
import type { Change, DayChange } from './manifest.js'
import type { Part, PartCount, PartSide } from './part.js'
import { placePart, workFile } from './part-files.js'
import { rewriteDay } from './rewrite.js'
import { type SealSource, sealSql } from './seal-sql.js'
import { type Segment, type Stream, streamKey } from './segment.js'
import { buildWordFilter } from './word-filter.js'

/** Above this many days one pass over the segment per day costs more than writing the days apart first. */
const MAX_DAYS_READ_IN_PLACE = 3

export interface SealContext {
  readonly data: string
  readonly steps: Steps
  readonly duck: Duck
  readonly rowGroupRows: number
  readonly compressionLevel: number
  readonly log: (message: string, detail?: object) => void
}

/** Makes the parts of a closed segment durable; the change makes them live and retires the segment. */
export async function sealSegment(
  context: SealContext,
  segment: Segment,
  firstPart: number,
): Promise<Change> {
  const days = new Map<Day, DayChange>()
  let id = firstPart
  for (const day of [...segment.days.keys()].sort()) {
    days.set(day, await sealDay(context, segment, day, id))
    id++
  }
  return { days, sealedThrough: segment.lastSequence, newestArrival: segment.newestArrival, nextPart: id }
}

async function sealDay(context: SealContext, segment: Segment, day: Day, id: number): Promise<DayChange> {
  const index = segment.days.get(day) as DayIndex
  const plan = planColumns(index)
  const { streams, order } = orderStreams(segment.streams, index.streams)
  const side: PartSide = {
    format: 1,
    unit: index.unit,
    streams,
    counts: countsOf(index, order),
    columns: plan.columns.map(({ name, class: columnClass, type }) => ({ name, class: columnClass, type })),
  }
  const { steps } = context
  await steps.take('seal.write', () => writeParquet(context, { segment, day, id, plan, side, order }))
  const words = buildWordFilter(index.words)
  const files = await placePart({ ...context, maker: 'seal' }, { day, id, side, words })
  const part: Part = {
    id,
    ...files,
    records: index.records,
    bytes: index.bytes,
    hotBytes: index.hotBytes,
    from: index.from as Part['from'],
    to: index.to as Part['to'],
    firstSequence: segment.firstSequence,
    lastSequence: segment.lastSequence,
  }
  return { add: [{ part, totals: totalsOf(side.counts, streams) }], remove: new Set() }
}

interface PartWork {
  readonly segment: Segment
  readonly day: Day
  readonly id: number
  readonly plan: ColumnPlan
  readonly side: PartSide
  readonly order: readonly number[]
}

/** Tries the fast ways first; whichever is taken must write exactly as many rows as the index counted. */
async function writeParquet(context: SealContext, work: PartWork): Promise<void> {
  const { segment, plan, day, id } = work
  const inPlace = !plan.needsMore && !segment.renumbered && segment.days.size <= MAX_DAYS_READ_IN_PLACE
  if (inPlace) {
    for (const enums of [true, false]) {
      const failure = await copyRows(context, work, inPlaceSource(work), enums)
      if (failure === undefined) return
      context.log(`sealing ${day} of ${segment.path} again the slower way`, { enums, failure })
    }
  }
  const rewritten = `${workFile(context.data, id)}.ndjson`
  await rewriteDay(segment, day, plan, rewritten)
  const { between: _, ...rest } = inPlaceSource(work)
  const source = { ...rest, file: rewritten, firstSequence: undefined, more: plan.needsMore }
  const failure =
    (await copyRows(context, work, source, true)) && (await copyRows(context, work, source, false))
  await rm(rewritten, { force: true })
  if (failure !== undefined) throw new Error(`sealing ${day} of ${segment.path} failed: ${failure}`)
}

/** Undefined when all is well, else what is wrong. */
async function copyRows(
  context: SealContext,
  work: PartWork,
  source: SealSource,
  enums: boolean,
): Promise<string | undefined> {
  const { id, segment, day, side } = work
  const target = {
    file: workFile(context.data, id),
    rowGroupRows: context.rowGroupRows,
    compressionLevel: context.compressionLevel,
    metadata: JSON.stringify({ format: 1, columns: side.columns }),
  }
  try {
    const rows = await context.duck.run(sealSql(source, target, enums))
    const expected = segment.days.get(day)?.records
    return rows === expected ? undefined : `${rows} rows written, ${expected} expected`
  } catch (error) {
    return messageOf(error)
  }
}

function inPlaceSource({ segment, day, plan, side, order }: PartWork): SealSource {
  return {
    file: segment.path,
    columns: plan.columns,
    unit: side.unit,
    streamOrder: order,
    firstSequence: segment.firstSequence,
    more: false,
    ...(segment.days.size > 1 && { between: [`${day} 00:00:00`, `${addDays(day, 1)} 00:00:00`] as const }),
  }
}

/** The day's streams sorted by tenant and labels, and for each stream of the segment its number among them. */
function orderStreams(
  all: readonly Stream[],
  present: ReadonlySet<number>,
): { streams: readonly Stream[]; order: readonly number[] } {
  const keyed = [...present].map((number) => {
    return { number, key: streamKey(all[number] as Stream) }
  })
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1))
  const order = all.map(() => 0)
  for (const [place, { number }] of keyed.entries()) order[number] = place
  return { streams: keyed.map(({ number }) => all[number] as Stream), order }
}

/** An index's counts, with the streams' numbers translated. */
export function countsOf(index: DayIndex, order: readonly number[]): PartCount[] {
  return [...index.counts].map(([key, { records, bytes, atStart }]) => {
    const { stream, level, hour } = readCountKey(key)
    return [order[stream] as number, level, hour, records, bytes, atStart] as const
  })
}
