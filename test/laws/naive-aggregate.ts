// The judge of aggregates: for every window the records in it, for every group of them the value by its definition.
import type { AggregateRequest, Measure, ViewedName } from '#logctl/record/aggregate-request.js'
import { jsonLine } from '#logctl/record/json-line.js'
import { readNumber } from '#logctl/record/number-text.js'
import type { StoredRecord } from '#logctl/record/record.js'
import type { Condition } from '#logctl/record/scan-request.js'
import { compareRecords } from '#logctl/record/record.js'
import { nsOf } from '#logctl/record/time.js'
import { select } from './memory-scanner.js'
import { entryOf, valueOf } from './naive-conditions.js'

/** Lines of [labels as JSON, window, value], in no order that matters; or `unreadable`. */
export function naiveAggregate(
  stored: readonly StoredRecord[],
  request: AggregateRequest,
): [string, number, number][] | 'unreadable' {
  const { windows, group, measure, lines, maxSeries: _, ...rest } = request
  const found = select(stored, { ...rest, direction: 'forward' }).filter(
    ({ line }) => lines === undefined || jsonLine(line) !== 'none',
  )
  const ends = windows
    ? Array.from({ length: windows.count }, (__, i) => nsOf(windows.first) + BigInt(i) * windows.stepNs)
    : [undefined]
  const rows: [string, number, number][] = []
  for (const [window, end] of ends.entries()) {
    const inside = found.filter(({ timestamp }) => {
      const ns = nsOf(timestamp)
      return end === undefined || (ns > end - (windows?.rangeNs ?? 0n) && ns <= end)
    })
    if (inside.some((record) => isUnreadable(record, request))) return 'unreadable'
    const groups = new Map<string, StoredRecord[]>()
    for (const record of inside) {
      if ('of' in measure && numberOf(record, measure) === undefined) continue
      const labels = JSON.stringify(labelsOf(record, group))
      groups.set(labels, [...(groups.get(labels) ?? []), record])
    }
    for (const [labels, records] of groups) rows.push([labels, window, valueOfGroup(records, measure)])
  }
  return rows
}

function isUnreadable(record: StoredRecord, { where, measure, sent = [], lines }: AggregateRequest): boolean {
  if (lines === 'json' && jsonLine(record.line) === 'unsure') return true
  if (sent.some((name) => !entryOf(record).has(name))) return true
  const sources = where
    .flatMap((one): Condition[] => (one.kind === 'any' ? [...one.of] : [one]))
    .filter((one) => one.kind === 'number')
  const filtered = sources.some(({ name, reading, unreadable }) => {
    const text = entryOf(record).get(name)
    return unreadable === 'kept' && text !== undefined && readNumber(text, reading) === undefined
  })
  if (filtered || !('of' in measure)) return filtered
  const text = entryOf(record).get(measure.of.name)
  return measure.of.unreadable === 'kept' && Boolean(text) && numberOf(record, measure) === undefined
}

function numberOf(record: StoredRecord, { of }: Extract<Measure, { of: unknown }>): number | undefined {
  const text = entryOf(record).get(of.name)
  return text ? readNumber(text, of.reading) : undefined
}

function labelsOf(record: StoredRecord, group: AggregateRequest['group']): [string, string][] {
  const all =
    'by' in group
      ? group.by.map((viewed) => [viewed.name, lookedUp(record, viewed)] as [string, string])
      : [...entryOf(record)].filter(([name]) => !group.without.includes(name))
  return all.filter(([, value]) => value !== '').toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function lookedUp(record: StoredRecord, { view, name }: ViewedName): string {
  if (view === 'label') return new Map(Object.entries(record.labels)).get(name) ?? ''
  return view === 'stream' ? valueOf(record, name) : (entryOf(record).get(name) ?? '')
}

function valueOfGroup(records: readonly StoredRecord[], measure: Measure): number {
  if (!('of' in measure))
    return measure.kind === 'count' ? records.length : sum(records.map(({ line }) => Buffer.byteLength(line)))
  const values = records.toSorted(compareRecords).map((record) => numberOf(record, measure) as number)
  const mean = sum(values) / values.length
  const variance = sum(values.map((value) => (value - mean) ** 2)) / values.length
  switch (measure.kind) {
    case 'sum':
      return sum(values)
    case 'avg':
      return mean
    case 'min':
      return values.reduce((a, b) => (a < b ? a : b))
    case 'max':
      return values.reduce((a, b) => (a > b ? a : b))
    case 'stdvar':
      return variance
    case 'stddev':
      return Math.sqrt(variance)
    case 'first':
      return values[0] as number
    case 'last':
      return values.at(-1) as number
    case 'quantile':
      return quantile(values, measure.q)
  }
}

function quantile(values: readonly number[], q: number): number {
  if (q < 0 || q > 1) return q < 0 ? -Infinity : Infinity
  const sorted = values.toSorted((a, b) => a - b)
  const rank = q * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(rank)] as number, sorted[Math.ceil(rank)] as number]
  return low + (high - low) * (rank - Math.floor(rank))
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
