// Decides, before anything is read, what each range aggregation of a metric query takes from the scanner: its answer,
// or records for the pipeline. A plan is data.
import { Dictionary } from '../record/dictionary.js'
import type { Grouping, LogQuery, MetricQuery, RangeAggregation, RangeOp, Stage, Unwrap } from './ast.js'
import { ERROR } from './entry.js'
import { pushDown } from './push-down.js'
import type { PushedDown } from './push-down.js'
import type { WindowsPlan } from './range-windows.js'
import { sampleLabels, withLabels } from './sample.js'
import type { SampleLabels } from './sample.js'
import { filterLabels } from './stages/index.js'
import { storeMeasure } from './store-measure.js'
import type { StoreMeasure } from './store-measure.js'
import { unwrapLabels } from './unwrap.js'

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
function groupingBelow({
  op,
  of,
  grouping,
}: MetricQuery & { kind: 'vector-aggregation' }): Grouping | undefined {
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
  const needed = neededLabels(windows, unwrap)
  const keepsErrors = asksForErrors(log.stages, unwrap, grouping)
  return {
    log,
    unwrap,
    windows,
    input: keyOf([log, unwrap ?? null, windows.offsetNs, keepsErrors]),
    pushed,
    store: storeMeasure(windows, pushed, { unwrap, needed }),
    needed,
    keepsErrors,
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
  return new Set([...(none ? [] : (grouping?.names ?? [])), ...(unwrap ? unwrapLabels(unwrap) : [])])
}

function asksForErrors(
  stages: readonly Stage[],
  unwrap: Unwrap | undefined,
  grouping: Grouping | undefined,
): boolean {
  const filters = [...stages, ...(unwrap?.filters ?? [])]
  const filtered = filters.some(
    (stage) => stage.kind === 'label-filter' && filterLabels(stage.filter).includes(ERROR),
  )
  return filtered || (grouping?.names.includes(ERROR) ?? false)
}
