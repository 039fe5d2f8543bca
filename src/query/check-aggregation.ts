// What the grammar allows but an aggregation does not: which take a parameter, a grouping, an unwrapped label.
import type {
  Grouping,
  MetricQuery,
  Position,
  RangeAggregation,
  RangeOp,
  VectorAggregation,
  VectorOp,
} from './ast.js'
import { queryError } from './query-error.js'

const UNWRAP_NEEDED: ReadonlySet<RangeOp> = new Set([
  'rate_counter',
  'avg_over_time',
  'sum_over_time',
  'min_over_time',
  'max_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'quantile_over_time',
  'first_over_time',
  'last_over_time',
])
const UNWRAP_ALLOWED: ReadonlySet<RangeOp> = new Set([...UNWRAP_NEEDED, 'rate', 'absent_over_time'] as const)
/** Those whose answer could not be had by a `sum by` around them. */
const RANGE_GROUPING: ReadonlySet<RangeOp> = new Set([
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'quantile_over_time',
  'first_over_time',
  'last_over_time',
])
const COUNTED: ReadonlySet<VectorOp> = new Set(['topk', 'bottomk', 'approx_topk'])
const VECTOR_UNGROUPED: ReadonlySet<VectorOp> = new Set(['sort', 'sort_desc', 'approx_topk'])

/** Throws QUERY_INVALID. */
export function checkRangeAggregation(aggregation: RangeAggregation): void {
  const { op, unwrap, grouping, parameter, at } = aggregation
  if (!unwrap && UNWRAP_NEEDED.has(op))
    queryError(
      at,
      `invalid aggregation ${op} without unwrap`,
      `say which label holds the numbers, as in ${op}({app="web"} | json | unwrap bytes [5m])`,
    )
  if (unwrap && !UNWRAP_ALLOWED.has(op)) queryError(at, `invalid aggregation ${op} with unwrap`)
  if (grouping && !RANGE_GROUPING.has(op)) refuseGrouping(op, grouping, at)
  if (op === 'quantile_over_time' && parameter === undefined)
    queryError(at, `parameter required for operation ${op}`, 'as in quantile_over_time(0.99, …)')
  if (op !== 'quantile_over_time' && parameter !== undefined)
    queryError(at, `parameter ${parameter} not supported for operation ${op}`)
}

/** Throws QUERY_INVALID. */
export function checkVectorAggregation({ op, parameter, grouping, at }: Omit<VectorAggregation, 'of'>): void {
  if (parameter !== undefined && !COUNTED.has(op))
    queryError(at, `unsupported parameter for operation ${op}(${parameter},`)
  if (parameter === undefined && COUNTED.has(op))
    queryError(at, `parameter required for operation ${op}`, `as in ${op}(5, …)`)
  if (parameter !== undefined && !(Number.isSafeInteger(parameter) && parameter > 0))
    queryError(at, `invalid parameter ${op}(${parameter},`, 'it must be a whole number above 0')
  if (grouping && VECTOR_UNGROUPED.has(op)) queryError(at, `grouping not allowed for ${op} aggregation`)
}

/** Whether the answer is one number whatever was logged. */
export function isConstant(query: MetricQuery): boolean {
  if (query.kind === 'binary') return isConstant(query.left) && isConstant(query.right)
  return query.kind === 'number'
}

function refuseGrouping(op: RangeOp, { without, names }: Grouping, at: Position): never {
  return queryError(
    at,
    `grouping not allowed for ${op} aggregation`,
    `group what it answers, as in sum ${without ? 'without' : 'by'} (${names.join(', ')}) (${op}(…))`,
  )
}
