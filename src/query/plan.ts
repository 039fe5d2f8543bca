// Decides, before anything is read, what each range aggregation of a metric query takes from the scanner: its answer,
// or records for the pipeline. A plan is data.
import type { Grouping as StoreGrouping, Measure } from '../record/aggregate-request.js'
import { Dictionary } from '../record/dictionary.js'
import type { Condition, NumberReading } from '../record/scan-request.js'
import type {
  ChooseLabels,
  Grouping,
  LabelFilter,
  LogQuery,
  MetricQuery,
  RangeAggregation,
  RangeOp,
  Stage,
  Unwrap,
} from './ast.js'
import { ERROR } from './entry.js'
import { pushDown } from './push-down.js'
import type { PushedDown } from './push-down.js'
import type { WindowsPlan } from './range-windows.js'
import { sampleLabels, withLabels } from './sample.js'
import type { SampleLabels } from './sample.js'

export interface MetricPlan {
  readonly query: MetricQuery
  /** One for each distinct range aggregation. */
  readonly ranges: readonly RangePlan[]
  /** Which of them a node of the tree is. */
  readonly rangeOf: ReadonlyMap<RangeAggregation, RangePlan>
}

export interface RangePlan {
  readonly log: LogQuery
  readonly unwrap: Unwrap | undefined
  readonly windows: WindowsPlan
  /** Ranges with the same text here read the same samples, and share one scan. */
  readonly input: string
  readonly pushed: PushedDown
  /** What the scanner is asked to calculate; absent: the pipeline does. */
  readonly store: StoreMeasure | undefined
  /** Labels that are read of an entry; absent: all. */
  readonly needed: ReadonlySet<string> | undefined
  /** Errors of parsers are counted like other lines, because the query asks for `__error__`. */
  readonly keepsErrors: boolean
}

export interface StoreMeasure {
  readonly measure: Measure
  readonly group: StoreGrouping
  readonly where: readonly Condition[]
}

export function planMetric(query: MetricQuery): MetricPlan {
  const byKey = new Map<string, RangePlan>()
  const rangeOf = new Map<RangeAggregation, RangePlan>()
  visit(query, undefined, (node, grouping) => {
    const key = keyOf([node, grouping ?? node.grouping ?? null])
    let range = byKey.get(key)
    if (range === undefined) byKey.set(key, (range = planRange(node, grouping)))
    rangeOf.set(node, range)
  })
  return { query, ranges: [...byKey.values()], rangeOf }
}

/** Equal for trees that mean the same, wherever they stood. */
function keyOf(tree: unknown): string {
  return JSON.stringify(tree, (name, value: unknown) =>
    name === 'at' ? undefined : typeof value === 'bigint' ? String(value) : value,
  )
}

type Visit = (node: RangeAggregation, grouping: Grouping | undefined) => void

/** Range aggregations from left to right, each with the grouping that may already be done for their series. */
function visit(node: MetricQuery, grouping: Grouping | undefined, each: Visit): void {
  switch (node.kind) {
    case 'range-aggregation':
      return each(node, grouping)
    case 'vector-aggregation':
      return visit(node.of, groupingBelow(node), each)
    case 'label_replace':
      return visit(node.of, undefined, each)
    case 'binary':
      visit(node.left, undefined, each)
      return visit(node.right, undefined, each)
    default:
      return
  }
}

const SUMMABLE: ReadonlySet<RangeOp> = new Set([
  'rate',
  'count_over_time',
  'bytes_rate',
  'bytes_over_time',
  'sum_over_time',
])

/** A sum of sums, a least of leasts and a greatest of greatest are the same with fewer series. */
function groupingBelow({ op, of, grouping }: MetricQuery & { kind: 'vector-aggregation' }): Grouping | undefined {
  if (of.kind !== 'range-aggregation' || of.grouping) return undefined
  const same =
    (op === 'sum' && SUMMABLE.has(of.op)) ||
    (op === 'min' && of.op === 'min_over_time') ||
    (op === 'max' && of.op === 'max_over_time')
  return same ? (grouping ?? { without: false, names: [] }) : undefined
}

function planRange(node: RangeAggregation, outer: Grouping | undefined): RangePlan {
  const { op, parameter, log, unwrap, range, offset } = node
  const grouping = outer ?? node.grouping
  const windows: WindowsPlan = {
    op,
    parameter,
    rangeNs: range.ns,
    offsetNs: offset?.ns ?? 0n,
    unwraps: unwrap !== undefined,
    unwrapped: unwrap?.name,
    grouping,
    absent: op === 'absent_over_time' ? absentLabels(log) : undefined,
  }
  const pushed = pushDown(log)
  return {
    log,
    unwrap,
    windows,
    input: keyOf([log, unwrap ?? null, windows.offsetNs]),
    pushed,
    store: storeMeasure(windows, pushed, unwrap),
    needed: neededLabels(windows, unwrap),
    keepsErrors: asksForErrors(log.stages, unwrap, grouping),
  }
}

/** The labels that a matcher says outright, where no other matcher speaks of the same. */
function absentLabels({ matchers }: LogQuery): SampleLabels {
  const said = matchers.filter(
    ({ name, op }) => op === '=' && matchers.every((other) => other.name !== name || other.op === '='),
  )
  const once = said.filter(({ name }) => said.filter((other) => other.name === name).length === 1)
  return withLabels(
    sampleLabels(new Dictionary<string>()).labels,
    Object.fromEntries(once.map(({ name, value }) => [name, value])),
  )
}

function neededLabels({ grouping, op }: WindowsPlan, unwrap: Unwrap | undefined): Set<string> | undefined {
  const none = op === 'absent_over_time'
  if (!none && (grouping === undefined || grouping.without)) return undefined
  const filtered = (unwrap?.filters ?? []).flatMap(({ filter }) => namesOf(filter))
  return new Set([...(none ? [] : (grouping?.names ?? [])), ...(unwrap ? [unwrap.name] : []), ...filtered])
}

function asksForErrors(
  stages: readonly Stage[],
  unwrap: Unwrap | undefined,
  grouping: Grouping | undefined,
): boolean {
  const filters = [...stages, ...(unwrap?.filters ?? [])]
  const filtered = filters.some((stage) => stage.kind === 'label-filter' && namesOf(stage.filter).includes(ERROR))
  return filtered || (grouping?.names.includes(ERROR) ?? false)
}

function namesOf(filter: LabelFilter): string[] {
  if (filter.kind === 'and' || filter.kind === 'or') return [...namesOf(filter.left), ...namesOf(filter.right)]
  return [filter.name]
}

const MEASURES: Partial<Record<RangeOp, Exclude<Measure['kind'], 'quantile'>>> = {
  avg_over_time: 'avg',
  min_over_time: 'min',
  max_over_time: 'max',
  stddev_over_time: 'stddev',
  stdvar_over_time: 'stdvar',
  first_over_time: 'first',
  last_over_time: 'last',
  sum_over_time: 'sum',
  count_over_time: 'count',
  bytes_over_time: 'bytes',
  bytes_rate: 'bytes',
}

function storeMeasure(
  windows: WindowsPlan,
  { where, choices }: PushedDown,
  unwrap: Unwrap | undefined,
): StoreMeasure | undefined {
  if (choices === undefined || windows.op === 'rate_counter') return undefined
  const measure = unwrap === undefined ? lineMeasure(windows.op) : numberMeasure(windows, unwrap)
  if (measure === undefined || (unwrap && choices.length > 0)) return undefined
  const group = storeGrouping(windows, choices)
  if (group === undefined) return undefined
  const dropsErrors = unwrap?.filters.length === 1
  return { measure, group, where: dropsErrors ? withoutUnreadable(where) : where }
}

function lineMeasure(op: RangeOp): Measure | undefined {
  if (op === 'rate' || op === 'absent_over_time') return { kind: 'count' }
  const kind = MEASURES[op]
  return kind === 'count' || kind === 'bytes' ? { kind } : undefined
}

function numberMeasure({ op, parameter }: WindowsPlan, unwrap: Unwrap): Measure | undefined {
  const dropped = unwrap.filters.length === 1 && onlyWithoutErrors(unwrap.filters[0]?.filter)
  if (unwrap.filters.length > 0 && !dropped) return undefined
  const of = { name: unwrap.name, reading: readingOf(unwrap), unreadable: dropped ? 'dropped' : 'kept' } as const
  if (op === 'quantile_over_time') return { kind: 'quantile', q: parameter ?? Number.NaN, of }
  const kind = op === 'rate' ? 'sum' : MEASURES[op]
  return kind === undefined || kind === 'count' || kind === 'bytes' ? undefined : { kind, of }
}

function onlyWithoutErrors(filter: LabelFilter | undefined): boolean {
  return filter?.kind === 'matcher' && filter.name === ERROR && filter.op === '=' && filter.value === ''
}

function readingOf({ conversion }: Unwrap): NumberReading {
  if (conversion === undefined) return 'number'
  return conversion === 'bytes' ? 'bytes' : 'duration'
}

function withoutUnreadable(where: readonly Condition[]): Condition[] {
  return where.map((condition) =>
    condition.kind === 'number' ? { ...condition, unreadable: 'dropped' } : condition,
  )
}

/** Undefined where the store has no word for it: of labels that were kept by name, those without some. */
function storeGrouping(
  { op, grouping, unwrapped }: WindowsPlan,
  choices: readonly ChooseLabels[],
): StoreGrouping | undefined {
  if (op === 'absent_over_time') return { by: [] }
  const own = unwrapped === undefined ? [] : [unwrapped]
  let group: Grouping =
    grouping && !grouping.without ? grouping : { without: true, names: [...(grouping?.names ?? []), ...own] }
  for (const { kind, labels } of choices) {
    const names = labels.filter((label) => typeof label === 'string')
    if (group.without && kind === 'keep') {
      const { names: gone } = group
      group = { without: false, names: names.filter((name) => !gone.includes(name)) }
    } else if (group.without) group = { without: true, names: [...group.names, ...names] }
    else group = { without: false, names: group.names.filter((name) => names.includes(name) === (kind === 'keep')) }
  }
  const names = [...new Set(group.names)]
  // What the scanner knows as `__error__` is not what the pipeline would have written.
  if (!group.without && names.includes(ERROR)) return undefined
  return group.without ? { without: names } : { by: names.map((name) => ({ view: 'entry', name })) }
}
