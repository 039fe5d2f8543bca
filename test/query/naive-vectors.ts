// The judge of what metric queries do with the series of one step: aggregations and operations between them.
import { LogctlError } from '#logctl/errors.js'
import type { BinaryOperation, Grouping, VectorAggregation } from '#logctl/query/ast.js'

export interface NaiveSample {
  readonly labels: Record<string, string>
  readonly value: number
}

export type NaiveValue = number | NaiveSample[]

export function refuse(): never {
  throw new LogctlError('QUERY_INVALID', 'the judge refuses this')
}

export function grouped<T extends { labels: Readonly<Record<string, string>> }>(
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

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

export function variance(values: readonly number[]): number {
  const mean = total(values) / values.length
  return total(values.map((value) => (value - mean) ** 2)) / values.length
}

export function naiveAggregation(
  { op, parameter = 0, grouping }: VectorAggregation,
  all: NaiveSample[],
): NaiveSample[] {
  const groups = grouped(all, grouping ?? { without: false, names: [] })
  if (op === 'sort') return all.toSorted(rising)
  if (op === 'sort_desc') return all.toSorted(falling)
  if (op === 'topk' || op === 'approx_topk')
    return groups.flatMap(([, group]) => group.toSorted(falling).slice(0, Math.max(0, parameter)))
  if (op === 'bottomk')
    return groups.flatMap(([, group]) => group.toSorted(rising).slice(0, Math.max(0, parameter)))
  return groups.map(([labels, group]) => ({ labels, value: over(op, group) }))
}

/** What is no number comes last. */
function rising(a: NaiveSample, b: NaiveSample): number {
  const numbers = Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value))
  return numbers || compare(a.value, b.value) || byLabels(a, b)
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

const COMPARISONS = new Set(['==', '!=', '>', '>=', '<', '<='])

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
  // As Go's math.Pow has it.
  if (op === '^') return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b
  return op === '+' ? a + b : op === '-' ? a - b : a * b
}

export function naiveBinary(node: BinaryOperation, left: NaiveValue, right: NaiveValue): NaiveValue {
  const { op, bool } = node
  const filters = COMPARISONS.has(op) && !bool
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
  const matched = (sample: NaiveSample): string =>
    JSON.stringify(grouped([sample], { without: !on, names })[0]?.[0])
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
    const place = group
      ? matched(sample) + JSON.stringify(Object.entries(labels).toSorted())
      : matched(sample)
    if (met.includes(place)) refuse()
    met.push(place)
    const [a, b] = group === 'right' ? [other.value, sample.value] : [sample.value, other.value]
    results.push(...one(a, b, a).map((value) => ({ labels, value })))
  }
  return results
}
