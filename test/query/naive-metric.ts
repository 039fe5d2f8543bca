// The judge of metric queries: the language read word by word over all records in an array, every window filtered
// anew at every step, nothing shared and nothing pushed down.
import { LogctlError } from '#logctl/errors.js'
import type {
  BinaryOperation,
  Grouping,
  LogQuery,
  MetricQuery,
  RangeAggregation,
  VectorAggregation,
} from '#logctl/query/ast.js'
import { Entry } from '#logctl/query/entry.js'
import { compileStages } from '#logctl/query/stages/index.js'
import { compileUnwrap } from '#logctl/query/unwrap.js'
import type { StoredRecord } from '#logctl/record/record.js'
import { compareRecords } from '#logctl/record/record.js'
import { nsOf } from '#logctl/record/time.js'
import { RE2JS } from 're2js'
import { fulfils } from '../laws/naive-conditions.js'

export interface NaiveSample {
  readonly labels: Record<string, string>
  readonly value: number
}

type NaiveValue = number | NaiveSample[]

/** What came out of the pipeline. */
interface Passed {
  readonly ns: bigint
  readonly entry: Entry
  readonly value: number
}

export function refuse(): never {
  throw new LogctlError('QUERY_INVALID', 'the judge refuses this')
}

/** The value of the tree at one moment. */
export function naiveMetric(records: readonly StoredRecord[], node: MetricQuery, ns: bigint): NaiveValue {
  switch (node.kind) {
    case 'number':
      return node.value
    case 'vector':
      return [{ labels: {}, value: node.value }]
    case 'range-aggregation':
      return rangeAggregation(records, node, ns)
    case 'vector-aggregation':
      return vectorAggregation(node, vectorOf(naiveMetric(records, groupedBelow(node), ns)))
    case 'label_replace': {
      const regex = RE2JS.compile(`^(?:${node.pattern})$`)
      return vectorOf(naiveMetric(records, node.of, ns)).map(({ labels, value }) => {
        const matcher = regex.matcher(labels[node.source] ?? '')
        if (!matcher.find()) return { labels, value }
        const { [node.destination]: _, ...rest } = labels
        const found = node.replacement.replace(/\$(\d)/g, (_, group) => matcher.group(Number(group)) ?? '')
        return { labels: found === '' ? rest : { ...rest, [node.destination]: found }, value }
      })
    }
    case 'binary':
      return binary(node, naiveMetric(records, node.left, ns), naiveMetric(records, node.right, ns))
  }
}

/** Loki hands the labels of a sum down, which only shows where they name the label that is unwrapped. */
function groupedBelow({ op, of, grouping }: VectorAggregation): MetricQuery {
  if (op !== 'sum' || of.kind !== 'range-aggregation' || of.grouping || !grouping || grouping.without) return of
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
  ns: bigint,
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
  if (passed.some(({ entry }) => entry.has('__error__') && entry.get('__error__') !== '')) refuse()
  if (node.op === 'absent_over_time') return passed.length > 0 ? [] : [{ labels: said(node.log), value: 1 }]
  const without = { without: true, names: node.grouping?.without ? node.grouping.names : [] }
  const grouping =
    node.grouping && !node.grouping.without
      ? node.grouping
      : { ...without, names: [...without.names, node.unwrap?.name ?? ''] }
  return grouped(
    passed.map((one) => ({ ...one, labels: one.entry.labels() })),
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

function grouped<T extends { labels: Readonly<Record<string, string>> }>(
  all: readonly T[],
  { without, names }: Grouping,
): [Record<string, string>, T[]][] {
  const groups = new Map<string, [Record<string, string>, T[]]>()
  for (const one of all) {
    const chosen = Object.entries(one.labels)
      .filter(([name]) => names.some((other) => other === name) !== without)
      .toSorted()
    const group = groups.get(JSON.stringify(chosen)) ?? [Object.fromEntries(chosen), []]
    group[1].push(one)
    groups.set(JSON.stringify(chosen), group)
  }
  return [...groups.values()]
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

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function variance(values: readonly number[]): number {
  const mean = total(values) / values.length
  return total(values.map((value) => (value - mean) ** 2)) / values.length
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

function vectorAggregation({ op, parameter = 0, grouping }: VectorAggregation, all: NaiveSample[]): NaiveSample[] {
  const groups = grouped(all, grouping ?? { without: false, names: [] })
  if (op === 'sort') return all.toSorted(rising)
  if (op === 'sort_desc') return all.toSorted(falling)
  if (op === 'topk' || op === 'approx_topk')
    return groups.flatMap(([, group]) => group.toSorted(falling).slice(0, Math.max(0, parameter)))
  if (op === 'bottomk')
    return groups.flatMap(([, group]) => group.toSorted(rising).slice(0, Math.max(0, parameter)))
  return groups.map(([labels, group]) => ({ labels, value: over(op, group) }))
}

function rising(a: NaiveSample, b: NaiveSample): number {
  const rank = (value: number): [number, number] => (Number.isNaN(value) ? [1, 0] : [0, value])
  return rank(a.value)[0] - rank(b.value)[0] || compare(a.value, b.value) || byLabels(a, b)
}

function falling(a: NaiveSample, b: NaiveSample): number {
  if (Number.isNaN(a.value) || Number.isNaN(b.value)) return rising(a, b)
  return compare(b.value, a.value) || byLabels(a, b)
}

function compare<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** As Prometheus compares label sets. */
export function byLabels(a: NaiveSample, b: NaiveSample): number {
  const left = Object.entries(a.labels).toSorted()
  const right = Object.entries(b.labels).toSorted()
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const names = compare(left[i]?.[0] ?? '', right[i]?.[0] ?? '')
    const values = compare(left[i]?.[1] ?? '', right[i]?.[1] ?? '')
    if (names || values) return names || values
  }
  return left.length - right.length
}

function over(op: VectorAggregation['op'], group: readonly NaiveSample[]): number {
  const values = group.map(({ value }) => value)
  const numbers = values.filter((value) => !Number.isNaN(value))
  switch (op) {
    case 'sum':
      return total(values)
    case 'avg':
      return total(values) / values.length
    case 'count':
      return values.length
    case 'min':
      return numbers.length === 0 ? Number.NaN : Math.min(...numbers)
    case 'max':
      return numbers.length === 0 ? Number.NaN : Math.max(...numbers)
    case 'stdvar':
      return variance(values)
    case 'stddev':
      return Math.sqrt(variance(values))
    default:
      return refuse()
  }
}

const COMPARISONS = ['==', '!=', '>', '>=', '<', '<=']

function calculate(op: string, a: number, b: number): number {
  const comparisons: Record<string, boolean> = {
    '==': a === b,
    '!=': a !== b,
    '>': a > b,
    '>=': a >= b,
    '<': a < b,
    '<=': a <= b,
  }
  if (op in comparisons) return Number(comparisons[op])
  if (op === '/' || op === '%') return b === 0 ? Number.NaN : op === '/' ? a / b : a % b
  if (op === '^') return a === 1 ? 1 : a ** b
  return op === '+' ? a + b : op === '-' ? a - b : a * b
}

function binary(node: BinaryOperation, left: NaiveValue, right: NaiveValue): NaiveValue {
  const { op, bool } = node
  const filters = COMPARISONS.includes(op) && !bool
  const one = (a: number, b: number, kept: number): number[] => {
    const value = calculate(op, a, b)
    if (!filters) return [value]
    return value === 1 ? [kept] : []
  }
  if (typeof left === 'number' && typeof right === 'number') return calculate(op, left, right)
  if (typeof left === 'number')
    return (right as NaiveSample[]).flatMap(({ labels, value }) =>
      one(left, value, value).map((value) => ({ labels, value })),
    )
  if (typeof right === 'number')
    return left.flatMap(({ labels, value }) => one(value, right, value).map((value) => ({ labels, value })))
  return joined(node, { left, right, one })
}

function joined(
  { op, matching }: BinaryOperation,
  sides: {
    left: NaiveSample[]
    right: NaiveSample[]
    one: (a: number, b: number, kept: number) => number[]
  },
): NaiveSample[] {
  const { on, names, group, include } = matching ?? { on: false, names: [], group: undefined, include: [] }
  const { left, right, one } = sides
  const matched = (sample: NaiveSample): string => JSON.stringify(grouped([sample], { without: !on, names })[0]?.[0])
  const has = (all: NaiveSample[], sample: NaiveSample): boolean =>
    all.some((other) => matched(other) === matched(sample))
  if (op === 'and') return left.filter((sample) => has(right, sample))
  if (op === 'unless') return left.filter((sample) => !has(right, sample))
  if (op === 'or') return [...left, ...right.filter((sample) => !has(left, sample))]
  const [many, ones] = group === 'right' ? [right, left] : [left, right]
  if (new Set(ones.map(matched)).size < ones.length) refuse()
  const results: NaiveSample[] = []
  const met: string[] = []
  for (const sample of many) {
    const other = ones.find((other) => matched(other) === matched(sample))
    if (!other) continue
    const labels = group ? { ...sample.labels } : { ...grouped([sample], { without: !on, names })[0]?.[0] }
    for (const name of include) {
      if (other.labels[name]) labels[name] = other.labels[name]
      else delete labels[name]
    }
    const place = group ? matched(sample) + JSON.stringify(Object.entries(labels).toSorted()) : matched(sample)
    if (met.includes(place)) refuse()
    met.push(place)
    const [a, b] = group === 'right' ? [other.value, sample.value] : [sample.value, other.value]
    results.push(...one(a, b, a).map((value) => ({ labels, value })))
  }
  return results
}
