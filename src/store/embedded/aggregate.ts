// Aggregates over a view: from counts where these tell, from rows where not, hot and sealed.
import { type Gathering, aggregateByScan, gather, scanOf } from '../../record/aggregate.js'
import type { AggregateAnswer, AggregateRequest } from '../../record/aggregate-request.js'
import { compileConditions, needlesOf, tenantsAllow } from '../../record/condition.js'
import type { ScanOptions } from '../../record/scanner.js'
import type { Day } from '../../record/time.js'
import { turns } from '../../record/turns.js'
import { CountSums, type Counted, fieldsOf, hoursToRead, isCounted } from './aggregate-counts.js'
import { type RowCandidate, type RowRequest, aggregateRows, isOutOfRange } from './aggregate-parts.js'
import { type Hour, hoursOf } from './hour-plan.js'
import type { Part } from './part.js'
import type { Candidate, PartSource, ViewedParts } from './readable-parts.js'
import { inRange, inStretch, scan } from './scan.js'
import { findCandidates } from './scan-parts.js'
import { countsOf } from './seal.js'
import { type Segment, recordsOf } from './segment.js'
import { type View, type ViewSource, answerFrom, isNewest } from './view.js'

/** See `Scanner.aggregate`. */
export async function aggregate(
  views: ViewSource,
  source: PartSource,
  request: AggregateRequest,
  options: ScanOptions = {},
): Promise<AggregateAnswer> {
  options.signal?.throwIfAborted()
  const judge = compileConditions(request.where)
  const asked: RowRequest = {
    request,
    scan: scanOf(request),
    wants: (record) => tenantsAllow(request.tenants, record) && judge(record),
  }
  try {
    return await answerFrom(views, async (view) => {
      for (const warning of view.warnings) options.warn?.(warning)
      const viewed = { ...source, isNewest: () => isNewest(views, view) }
      return aggregateView(view, viewed, asked, options)
    })
  } catch (error) {
    if (!isOutOfRange(error)) throw error
    return aggregateByScan({ scan: (...args) => scan(views, source, ...args) }, request, options)
  }
}

async function aggregateView(
  view: View,
  source: ViewedParts,
  asked: RowRequest,
  options: ScanOptions,
): Promise<AggregateAnswer> {
  const gathering = gather(asked.request)
  const sums = new CountSums(asked.request)
  const alone = await gatherHot(view, asked, { gathering, sums, signal: options.signal })
  const candidates: RowCandidate[] = []
  for (const day of daysIn(view, asked)) {
    const found = await findDay(view, source, { day, asked, options })
    candidates.push(...countDay(day, found, asked, { gathering, sums }))
  }
  sums.joinTo(gathering)
  if (candidates.length > 0 && !gathering.unreadable())
    await aggregateRows(source, candidates, asked, { gathering, options, alone })
  return gathering.answer(options.signal)
}

function daysIn({ manifest }: View, { scan: request }: RowRequest): Day[] {
  return (Object.keys(manifest.days) as Day[]).filter((day) => inRange(day, request)).sort()
}

async function findDay(
  view: View,
  source: ViewedParts,
  { day, asked, options }: { readonly day: Day; readonly asked: RowRequest; readonly options: ScanOptions },
): Promise<readonly Candidate[]> {
  const entry = view.manifest.days[day]
  if (!entry) return []
  const { parts } = await source.cache.day(entry)
  return findCandidates(source, parts, asked.scan, options)
}

interface Gatherers {
  readonly gathering: Gathering
  readonly sums: CountSums
}

/** Counts what can be counted, and gives back the parts whose rows are needed, with their hours. */
function countDay(
  day: Day,
  candidates: readonly Candidate[],
  { request, scan: { sequenceAbove, sequenceUpTo, from, to } }: RowRequest,
  { gathering, sums }: Gatherers,
): RowCandidate[] {
  const inSequence = ({ firstSequence, lastSequence }: Part): boolean =>
    (sequenceAbove === undefined || sequenceAbove < firstSequence) &&
    (sequenceUpTo === undefined || sequenceUpTo >= lastSequence)
  const counted = candidates.filter(
    ({ part, side }) => inSequence(part) && isCounted(request, side.streams, fieldsOf(side)),
  )
  const hours = hoursOf(day, gathering.stretches, { from, to })
  const read = hoursToRead(
    hours,
    request,
    counted.map(({ side }) => side),
  )
  const readHours = [...read].sort((a, b) => a - b).map((number) => hours[number] as Hour)
  const rows: RowCandidate[] = candidates.filter((one) => !counted.includes(one))
  for (const candidate of counted) {
    sums.add(candidate.side, hours, read)
    if (candidate.side.counts.some(([, , hour]) => read.has(hour)))
      rows.push({ ...candidate, hours: readHours })
  }
  return rows
}

/** Resolves to whether nothing was found. */
async function gatherHot(
  { segments }: View,
  asked: RowRequest,
  { gathering, sums, signal }: Gatherers & { readonly signal: AbortSignal | undefined },
): Promise<boolean> {
  const { sequenceAbove = -1, sequenceUpTo = Number.POSITIVE_INFINITY } = asked.scan
  const needles = needlesOf(asked.request.where)
  const giveWay = turns(signal)
  let alone = true
  for (const segment of segments) {
    if (segment.lastSequence <= sequenceAbove || segment.firstSequence > sequenceUpTo) continue
    const whole = segment.firstSequence > sequenceAbove && segment.lastSequence <= sequenceUpTo
    if (whole && countSegment(segment, asked, { gathering, sums })) {
      alone = false
      continue
    }
    for (const batch of segment.batches)
      for (const record of recordsOf(batch, needles)) {
        const turn = giveWay()
        if (turn) await turn
        if (!inStretch(record, asked.scan) || !asked.wants(record)) continue
        gathering.add(record)
        if (gathering.unreadable()) return false
        alone = false
      }
  }
  return alone
}

/** False, with nothing counted, where the segment's records have to be looked at. */
function countSegment(
  segment: Segment,
  { request, scan: { from, to } }: RowRequest,
  { gathering, sums }: Gatherers,
): boolean {
  if (!segment.indexed) return false
  const order = segment.streams.map((_, i) => i)
  const days: { readonly counted: Counted; readonly hours: readonly Hour[] }[] = []
  for (const [day, index] of segment.days) {
    const fields = { names: [...index.fields.keys()], others: false }
    if (!isCounted(request, segment.streams, fields)) return false
    const counted = { streams: segment.streams, counts: countsOf(index, order) }
    const hours = hoursOf(day, gathering.stretches, { from, to })
    const read = hoursToRead(hours, request, [counted])
    if (counted.counts.some(([, , hour]) => read.has(hour))) return false
    days.push({ counted, hours })
  }
  for (const { counted, hours } of days) sums.add(counted, hours, new Set())
  return true
}
