// Gathers what a request wants counted or calculated: record by record, or in pieces that a store has folded already.
import {
  type AggregateAnswer,
  type AggregateRequest,
  type Grouping,
  MOST_POINTS,
  MOST_SAMPLES,
  type Series,
  type ViewedName,
  checkAggregate,
  tooManySeries,
} from './aggregate-request.js'
import { entryNumber, entryValue, selectable } from './condition.js'
import { Dictionary } from './dictionary.js'
import { fail } from '../errors.js'
import { type Fold, type Folded, foldOf } from './fold.js'
import { jsonLine } from './json-line.js'
import type { Labels } from './labels.js'
import type { LogRecord, StoredRecord } from './record.js'
import type { ScanOptions, Scanner } from './scanner.js'
import type { Condition, NumberCondition, ScanRequest } from './scan-request.js'
import { pointsOf } from './sliding-windows.js'
import { type Stretches, stretchesOf } from './stretches.js'
import type { Timestamp } from './time.js'
import { turns } from './turns.js'

/** Answers from a scan: for scanners that have no better way. */
export async function aggregateByScan(
  scanner: Pick<Scanner, 'scan'>,
  request: AggregateRequest,
  options: ScanOptions = {},
): Promise<AggregateAnswer> {
  const gathering = gather(request)
  for await (const piece of scanner.scan(scanOf(request), options)) {
    for (const record of piece) gathering.add(record)
    if (gathering.unreadable()) break
  }
  return gathering.answer(options.signal)
}

/** The records that an aggregate is made of. */
export function scanOf(request: AggregateRequest): ScanRequest {
  const { tenants, where, sequenceAbove, sequenceUpTo } = request
  const { from, to } = stretchesOf(request.windows)
  return {
    tenants,
    where,
    sequenceAbove,
    sequenceUpTo,
    direction: 'forward',
    from: later(request.from, from),
    to: earlier(request.to, to),
  }
}

export interface Gathering {
  readonly stretches: Stretches
  /** A record that fulfils the conditions. */
  add(record: StoredRecord): void
  /** Something folded, of one series and one stretch. */
  join(labels: Labels, stretch: number, folded: Folded): void
  /** Whether the answer will have no series, so that nothing more need be added. */
  unreadable(): boolean
  /** Leaves the answer without series. */
  giveUp(): void
  answer(signal?: AbortSignal): Promise<AggregateAnswer>
}

interface Gathered {
  readonly labels: Labels
  readonly stretches: Map<number, Folded>
}

/** Throws QUERY_INVALID or QUERY_LIMIT. */
export function gather(request: AggregateRequest): Gathering {
  checkAggregate(request)
  const { measure, group, windows, maxSeries, sent = [], lines } = request
  const stretches = stretchesOf(windows)
  const fold = foldOf(measure)
  const series = new Map<string, Gathered>()
  const keep = numbersKept(request)
  const labelsOf = labelReader(group)
  const numberOf = measureOf(request)
  let samples = 0
  let unreadable = false

  function join(labels: Labels, stretch: number, folded: Folded): void {
    const key = JSON.stringify(labels)
    let gathered = series.get(key)
    if (!gathered) {
      if (series.size >= maxSeries) tooManySeries(maxSeries)
      series.set(key, (gathered = { labels, stretches: new Map() }))
    }
    if (folded.kind === 'samples') samples = countSamples(samples + folded.values.length)
    const before = gathered.stretches.get(stretch)
    gathered.stretches.set(stretch, before ? joinInto(fold, before, folded) : folded)
  }

  return {
    stretches,
    join,
    add(record) {
      const stretch = stretches.numberOf(record.timestamp)
      if (stretch === undefined) return
      const json = lines === undefined ? 'object' : jsonLine(record.line)
      if (json === 'none') return
      const unsure =
        json === 'unsure' ||
        keep.some((one) => entryNumber(record, one) === 'unreadable') ||
        sent.some((name) => entryValue(record, name) === undefined)
      const value = unsure ? 'kept' : numberOf(record)
      if (value === 'kept') unreadable = true
      else if (value !== 'none') join(labelsOf(record), stretch, fold.one(value, record))
    },
    unreadable: () => unreadable,
    giveUp: () => (unreadable = true),
    answer: (signal) =>
      unreadable
        ? Promise.resolve({ series: [], unreadable })
        : answerOf(series, { stretches, fold, signal }),
  }
}

function numbersKept({ where }: AggregateRequest): NumberCondition[] {
  return where
    .flatMap((one): readonly Condition[] => (one.kind === 'any' ? one.of : [one]))
    .filter((one): one is NumberCondition => one.kind === 'number' && one.unreadable === 'kept')
}

function countSamples(samples: number): number {
  if (samples > MOST_SAMPLES)
    fail('QUERY_LIMIT', `an exact quantile takes more than ${MOST_SAMPLES} values`, {
      hints: ['ask for a shorter time range or add matchers'],
    })
  return samples
}

/** Samples are pushed to one array, since joining one by one would copy it each time. */
function joinInto(fold: Fold, before: Folded, folded: Folded): Folded {
  if (before.kind !== 'samples' || folded.kind !== 'samples') return fold.join(before, folded)
  for (const value of folded.values) (before.values as number[]).push(value)
  return before
}

/** What a record adds: a number, nothing, or a value that could not be read and is to be kept. */
function measureOf({ measure }: AggregateRequest): (record: LogRecord) => number | 'none' | 'kept' {
  if (!('of' in measure)) return measure.kind === 'count' ? () => 1 : ({ line }) => Buffer.byteLength(line)
  const { of } = measure
  return (record) => {
    if (!entryValue(record, of.name)) return 'none'
    const value = entryNumber(record, of)
    if (typeof value === 'number') return value
    return of.unreadable === 'kept' ? 'kept' : 'none'
  }
}

/** The labels of a record's series. */
export function labelReader(group: Grouping): (record: LogRecord) => Labels {
  if ('without' in group) {
    const without = new Set(group.without)
    return (record) => labelsWithout(record, without)
  }
  const names = [...group.by].sort((a, b) => (a.name < b.name ? -1 : 1))
  return (record) => {
    const labels = new Dictionary<string>()
    for (const viewed of names) {
      const value = viewedValue(record, viewed)
      if (value) labels[viewed.name] = value
    }
    return labels
  }
}

function viewedValue(record: LogRecord, { view, name }: ViewedName): string | undefined {
  if (view === 'label') return Object.hasOwn(record.labels, name) ? record.labels[name] : undefined
  return view === 'stream' ? selectable(record, name) : entryValue(record, name)
}

function labelsWithout(record: LogRecord, without: ReadonlySet<string>): Labels {
  const names = new Set([...Object.keys(record.fields), 'detected_level', ...Object.keys(record.labels)])
  const labels = new Dictionary<string>()
  for (const name of [...names].sort()) {
    const value = without.has(name) ? undefined : entryValue(record, name)
    if (value) labels[name] = value
  }
  return labels
}

async function answerOf(
  gathered: ReadonlyMap<string, Gathered>,
  { stretches, fold, signal }: { stretches: Stretches; fold: Fold; signal: AbortSignal | undefined },
): Promise<AggregateAnswer> {
  const series: Series[] = []
  const takeTurn = turns(signal)
  let points = 0
  for (const [, one] of [...gathered].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const found = await pointsOf(one.stretches, stretches, { fold, takeTurn })
    points += found.length
    if (points > MOST_POINTS)
      fail('QUERY_LIMIT', `the answer has more than ${MOST_POINTS} points`, {
        hints: ['take a longer step, or group by fewer names'],
      })
    if (found.length > 0) series.push({ labels: one.labels, points: found })
  }
  return { series, unreadable: false }
}

function later(a: Timestamp | undefined, b: Timestamp | undefined): Timestamp | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a
}

function earlier(a: Timestamp | undefined, b: Timestamp | undefined): Timestamp | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}
