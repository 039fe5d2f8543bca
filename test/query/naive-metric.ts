// The judge of metric queries: the language read word by word over all records in an array, every window filtered
// anew at every step, nothing shared and nothing pushed down.
import type { LogQuery, MetricQuery, RangeAggregation, VectorAggregation } from '#logctl/query/ast.js'
import { Entry } from '#logctl/query/entry.js'
import { compileStages } from '#logctl/query/stages/index.js'
import { compileUnwrap } from '#logctl/query/unwrap.js'
import type { StoredRecord } from '#logctl/record/record.js'
import { compareRecords } from '#logctl/record/record.js'
import { nsOf } from '#logctl/record/time.js'
import { RE2JS } from 're2js'
import { fulfils } from '../laws/naive-conditions.js'
import type { NaiveSample, NaiveValue } from './naive-vectors.js'
import { grouped, naiveAggregation, naiveBinary, refuse, total, variance } from './naive-vectors.js'

/** What came out of the pipeline. */
interface Passed {
  readonly ns: bigint
  readonly entry: Entry
  readonly value: number
}

export type SeenErrors = 'all' | 'none of parsers'

/**
 * The value of the tree at one moment. Who asks for labels that senders gave need not have the line parsed, and so
 * may not see that it cannot be: both readings are right, but a value is the same in either.
 */
export function naiveMetric(
  records: readonly StoredRecord[],
  node: MetricQuery,
  { ns, errors = 'all' }: { readonly ns: bigint; readonly errors?: SeenErrors },
): NaiveValue {
  const at = { ns, errors }
  switch (node.kind) {
    case 'number':
      return node.value
    case 'vector':
      return [{ labels: {}, value: node.value }]
    case 'range-aggregation':
      return rangeAggregation(records, node, at)
    case 'vector-aggregation':
      return naiveAggregation(node, vectorOf(naiveMetric(records, groupedBelow(node), at)))
    case 'label_replace': {
      const regex = RE2JS.compile(`^(?:${node.pattern})$`)
      return vectorOf(naiveMetric(records, node.of, at)).map(({ labels, value }) => {
        const matcher = regex.matcher(labels[node.source] ?? '')
        if (!matcher.find()) return { labels, value }
        const { [node.destination]: _, ...rest } = labels
        const found = node.replacement.replace(/\$(\d)/g, (_, group) => matcher.group(Number(group)) ?? '')
        return { labels: found === '' ? rest : { ...rest, [node.destination]: found }, value }
      })
    }
    case 'binary':
      return naiveBinary(node, naiveMetric(records, node.left, at), naiveMetric(records, node.right, at))
  }
}

/** Loki hands the labels of a sum down, which only shows where they name the label that is unwrapped. */
function groupedBelow({ op, of, grouping }: VectorAggregation): MetricQuery {
  if (op !== 'sum' || of.kind !== 'range-aggregation' || of.grouping || !grouping || grouping.without)
    return of
  return of.op === 'rate' || of.op === 'sum_over_time' ? { ...of, grouping } : of
}

function vectorOf(value: NaiveValue): NaiveSample[] {
  return typeof value === 'number' ? [{ labels: {}, value }] : value
}

/** Every entry that the pipeline keeps, oldest first. */
export function naiveEntries(records: readonly StoredRecord[], { matchers, stages }: LogQuery): Entry[] {
  const where = matchers.map(({ name, op, value }) => ({ kind: 'label', name, op, value }) as const)
  const keeps = compileStages(stages)
  return records
    .filter((record) => fulfils(record, { where }))
    .toSorted(compareRecords)
    .map((record) => new Entry(record))
    .filter((entry) => keeps(entry))
}

function rangeAggregation(
  records: readonly StoredRecord[],
  node: RangeAggregation,
  { ns, errors }: { readonly ns: bigint; readonly errors: SeenErrors },
): NaiveSample[] {
  const end = ns - (node.offset?.ns ?? 0n)
  const inWindow = records.filter(({ timestamp }) => {
    const at = nsOf(timestamp)
    return at > end - node.range.ns && at <= end
  })
  const valueOf = node.unwrap ? compileUnwrap(node.unwrap) : ({ line }: Entry) => Buffer.from(line).length
  const passed: Passed[] = []
  for (const entry of naiveEntries(inWindow, node.log)) {
    const value = valueOf(entry)
    if (value !== undefined) passed.push({ ns: nsOf(entry.timestamp), entry, value })
  }
  const seen = passed.map(({ entry }) => entry.get('__error__')).filter((error) => error !== '')
  if (seen.some((error) => errors === 'all' || !error.endsWith('ParserErr'))) refuse()
  if (node.op === 'absent_over_time') return passed.length > 0 ? [] : [{ labels: said(node.log), value: 1 }]
  const without = { without: true, names: node.grouping?.without ? node.grouping.names : [] }
  const grouping =
    node.grouping && !node.grouping.without
      ? node.grouping
      : { ...without, names: [...without.names, node.unwrap?.name ?? ''] }
  return grouped(
    passed.map(({ ns, entry, value }) => ({ ns, entry, value, labels: entry.labels() })),
    grouping,
  ).map(([labels, group]) => ({ labels, value: overTime(node, group) }))
}

/** Labels of matchers `=` whose name stands in no other matcher. */
function said({ matchers }: LogQuery): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const { name, op, value } of matchers)
    if (op === '=' && value !== '' && matchers.filter((other) => other.name === name).length === 1)
      labels[name] = value
  return labels
}

function overTime({ op, unwrap, range, parameter = 0 }: RangeAggregation, passed: readonly Passed[]): number {
  const seconds = Number(range.ns) / 1e9
  const values = passed.map(({ value }) => value)
  const numbers = values.filter((value) => !Number.isNaN(value))
  switch (op) {
    case 'count_over_time':
      return values.length
    case 'rate':
      return (unwrap ? total(values) : values.length) / seconds
    case 'bytes_over_time':
    case 'sum_over_time':
      return total(values)
    case 'bytes_rate':
      return total(values) / seconds
    case 'avg_over_time':
      return total(values) / values.length
    case 'min_over_time':
      return numbers.length === 0 ? Number.NaN : Math.min(...numbers)
    case 'max_over_time':
      return numbers.length === 0 ? Number.NaN : Math.max(...numbers)
    case 'stdvar_over_time':
      return variance(values)
    case 'stddev_over_time':
      return Math.sqrt(variance(values))
    case 'first_over_time':
      return values[0] ?? Number.NaN
    case 'last_over_time':
      return values.at(-1) ?? Number.NaN
    case 'quantile_over_time':
      return quantile(parameter, values)
    case 'rate_counter':
      return counterRate(passed, Number(range.ns))
    case 'absent_over_time':
      return refuse()
  }
}

function quantile(q: number, values: readonly number[]): number {
  if (q < 0) return -Infinity
  if (q > 1) return Infinity
  const sorted = values.toSorted((a, b) => (Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a - b))
  const rank = q * (sorted.length - 1)
  const below = sorted[Math.floor(rank)] ?? Number.NaN
  const above = sorted[Math.min(sorted.length - 1, Math.floor(rank) + 1)] ?? Number.NaN
  const weight = rank - Math.floor(rank)
  return below * (1 - weight) + above * weight
}

/** Prometheus' extrapolation in Loki's units: spans in thousands of nanoseconds, the gap before them in seconds. */
function counterRate(passed: readonly Passed[], rangeNs: number): number {
  const [first] = passed
  const last = passed.at(-1)
  if (!first || !last || passed.length < 2) return 0
  let rise = last.value - first.value
  for (const [i, { value }] of passed.entries()) {
    const before = passed[i - 1]?.value ?? 0
    if (value < before) rise += before
  }
  const span = Number(last.ns - first.ns) / 1000
  const between = span / (passed.length - 1)
  const toZero = rise > 0 && first.value >= 0 ? span * (first.value / rise) : Infinity
  const gap = Math.min(rangeNs / 1e9, toZero)
  const whole = span + (gap < between * 1.1 ? gap : between / 2)
  return ((whole / span) * rise) / (rangeNs / 1e9)
}
