// Sealing: a closed segment of the hot log becomes one part per day that it has records of.
import { rm } from 'node:fs/promises'
import { messageOf } from '../../errors.js'
import type { Day } from '../../record/time.js'
import { type ColumnPlan, planColumns } from './columns.js'
import { type DayIndex, readCountKey } from './day-index.js'
import { totalsOf } from './day-totals.js'
import type { Duck } from './duck.js'
import type { Steps } from './durable.js'
import type { Change, DayChange } from './manifest.js'
import type { Tell } from './options.js'
import type { Part, PartCount, PartSide } from './part.js'
import { placePart, workFile } from './part-files.js'
import { rewriteDays } from './rewrite.js'
import { type SealSource, sealSql } from './seal-sql.js'
import { type Segment, type Stream, streamKey } from './segment.js'
import { buildWordFilter } from './word-filter.js'

export interface SealContext {
  readonly data: string
  readonly steps: Steps
  readonly duck: Duck
  readonly rowGroupRows: number
  readonly compressionLevel: number
  readonly warn: Tell
}

/** Makes the parts of a closed segment durable; the change makes them live and retires the segment. */
export async function sealSegment(
  context: SealContext,
  segment: Segment,
  firstPart: number,
): Promise<Change> {
  const works = [...segment.days.keys()].sort().map((day, i) => planPart(segment, day, firstPart + i))
  // With the types of one day the lines of another cannot be read, so days are written apart first.
  const inPlace = works.length === 1 && !segment.renumbered && works.every(({ plan }) => !plan.needsMore)
  if (!inPlace) await rewriteAll(context, works)
  const days = new Map<Day, DayChange>()
  for (const work of works) days.set(work.day, await sealDay(context, work, inPlace))
  const { lastSequence: sealedThrough, newestArrival } = segment
  return { days, sealedThrough, newestArrival, nextPart: firstPart + works.length }
}

/** What is to become one part. */
interface PartWork {
  readonly segment: Segment
  readonly day: Day
  readonly index: DayIndex
  readonly id: number
  readonly plan: ColumnPlan
  readonly side: PartSide
  /** By the stream's number in the segment: its number in the part. */
  readonly order: readonly number[]
}

function planPart(segment: Segment, day: Day, id: number): PartWork {
  const index = segment.days.get(day) as DayIndex
  const plan = planColumns(index)
  const { streams, order } = orderStreams(segment.streams, index.streams)
  const side: PartSide = {
    format: 1,
    unit: index.unit,
    streams,
    counts: countsOf(index, order),
    columns: plan.columns.map(({ name, class: columnClass, type, kinds }) => ({
      name,
      class: columnClass,
      type,
      kinds,
    })),
    shapes: segment.shapes.list,
    more: plan.needsMore,
  }
  return { segment, day, index, id, plan, side, order }
}

async function sealDay(context: SealContext, planned: PartWork, inPlace: boolean): Promise<DayChange> {
  const work = await context.steps.take('seal.write', () => writeParquet(context, planned, inPlace))
  const { segment, day, index, id, side } = work
  const pieces = index.pieced === index.records ? index.pieces : undefined
  const words = buildWordFilter(index.allWords(), pieces)
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
  return { add: [{ part, totals: totalsOf(side.counts, side.streams) }], remove: new Set() }
}

/**
 * Tries the fast ways first; whichever is taken must write exactly as many rows as the index counted. The last
 * one keeps labels and fields as JSON in `_more`, so that nothing in the data can keep a segment from being sealed.
 */
async function writeParquet(context: SealContext, planned: PartWork, inPlace: boolean): Promise<PartWork> {
  let failure: string | undefined
  if (inPlace) {
    failure = await copyEitherWay(context, planned, inPlaceSource(planned))
    if (failure === undefined) return planned
  }
  for (const work of [planned, withoutColumns(planned)]) {
    if (failure !== undefined) {
      context.warn(`sealing ${work.day} of ${work.segment.path} again, a slower way`, { failure })
      await rewriteAll(context, [work])
    }
    failure = await copyEitherWay(context, work, rewrittenSource(context, work))
    if (failure !== undefined) continue
    await rm(rewrittenFile(context, work), { force: true })
    return work
  }
  throw new Error(`sealing ${planned.day} of ${planned.segment.path} failed: ${failure}`)
}

function withoutColumns(work: PartWork): PartWork {
  return { ...work, plan: { columns: [], needsMore: true }, side: { ...work.side, columns: [], more: true } }
}

const rewrittenFile = ({ data }: SealContext, { id }: PartWork): string => `${workFile(data, id)}.ndjson`

async function rewriteAll(context: SealContext, works: readonly PartWork[]): Promise<void> {
  const targets = new Map(
    works.map((work) => [work.day, { plan: work.plan, file: rewrittenFile(context, work) }]),
  )
  // An attempt that failed may have left them.
  for (const { file } of targets.values()) await rm(file, { force: true })
  const [first] = works
  if (first) await rewriteDays(first.segment, targets)
}

async function copyEitherWay(
  context: SealContext,
  work: PartWork,
  source: SealSource,
): Promise<string | undefined> {
  return (await copyRows(context, work, source, true)) && (await copyRows(context, work, source, false))
}

/** Undefined when all is well, else what is wrong. */
async function copyRows(
  context: SealContext,
  work: PartWork,
  source: SealSource,
  enums: boolean,
): Promise<string | undefined> {
  const { id, index, side } = work
  const target = {
    file: workFile(context.data, id),
    rowGroupRows: context.rowGroupRows,
    compressionLevel: context.compressionLevel,
    metadata: JSON.stringify({ format: 1, columns: side.columns }),
  }
  try {
    const rows = await context.duck.run(sealSql(source, target, enums))
    return rows === index.records ? undefined : `${rows} rows written, ${index.records} expected`
  } catch (error) {
    return messageOf(error)
  }
}

function inPlaceSource({ segment, plan, side, order }: PartWork): SealSource {
  const { path: file, firstSequence, longestLine } = segment
  return {
    file,
    columns: plan.columns,
    unit: side.unit,
    streamOrder: order,
    firstSequence,
    longestLine,
    more: false,
  }
}

function rewrittenSource(context: SealContext, work: PartWork): SealSource {
  const { needsMore: more } = work.plan
  const source = {
    ...inPlaceSource(work),
    file: rewrittenFile(context, work),
    firstSequence: undefined,
    more,
  }
  // JSON within JSON: quotes and backslashes are escaped once more, and there is a sequence.
  return { ...source, longestLine: 2 * source.longestLine + 256 }
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
