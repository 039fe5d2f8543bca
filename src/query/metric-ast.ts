// The tree of a metric query: numbers made of the lines of log queries.
import type { LabelFilterStage, LogQuery, Position } from './log-ast.js'

export type MetricQuery =
  RangeAggregation | VectorAggregation | BinaryOperation | LabelReplace | VectorFunction | NumberLiteral

export const RANGE_OPS = [
  'rate',
  'rate_counter',
  'count_over_time',
  'bytes_rate',
  'bytes_over_time',
  'avg_over_time',
  'sum_over_time',
  'min_over_time',
  'max_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'quantile_over_time',
  'first_over_time',
  'last_over_time',
  'absent_over_time',
] as const
export type RangeOp = (typeof RANGE_OPS)[number]

/** `quantile_over_time(0.99, {app="web"} | json | unwrap took [5m] offset 1h) by (host)` */
export interface RangeAggregation {
  readonly kind: 'range-aggregation'
  readonly op: RangeOp
  /** The quantile; of `quantile_over_time` alone. */
  readonly parameter: number | undefined
  readonly log: LogQuery
  readonly unwrap: Unwrap | undefined
  readonly range: Duration
  readonly offset: Duration | undefined
  readonly grouping: Grouping | undefined
  readonly at: Position
}

/** `text` is how it was written, and what is printed. */
export interface Duration {
  readonly text: string
  /** A range is whole milliseconds. Nanoseconds, which a double holds exactly up to 104 days. */
  readonly ns: bigint
}

export const UNWRAP_CONVERSIONS = ['bytes', 'duration', 'duration_seconds'] as const
export type UnwrapConversion = (typeof UNWRAP_CONVERSIONS)[number]

/** `unwrap duration(took) | __error__=""` */
export interface Unwrap {
  readonly name: string
  readonly conversion: UnwrapConversion | undefined
  /** What follows it; label filters only. */
  readonly filters: readonly LabelFilterStage[]
  readonly at: Position
}

export interface Grouping {
  readonly without: boolean
  readonly names: readonly string[]
}

export const VECTOR_OPS = [
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'stddev',
  'stdvar',
  'topk',
  'bottomk',
  'approx_topk',
  'sort',
  'sort_desc',
] as const
export type VectorOp = (typeof VECTOR_OPS)[number]

/** `topk by (app) (5, rate({env="prod"}[1m]))` */
export interface VectorAggregation {
  readonly kind: 'vector-aggregation'
  readonly op: VectorOp
  /** The k; of topk, bottomk and approx_topk alone. */
  readonly parameter: number | undefined
  readonly of: MetricQuery
  readonly grouping: Grouping | undefined
  readonly at: Position
}

export const BINARY_OPS = [
  'or',
  'and',
  'unless',
  '==',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
] as const
export type BinaryOp = (typeof BINARY_OPS)[number]

export interface BinaryOperation {
  readonly kind: 'binary'
  readonly op: BinaryOp
  readonly left: MetricQuery
  readonly right: MetricQuery
  /** A comparison answers 0 or 1 instead of filtering. */
  readonly bool: boolean
  readonly matching: Matching | undefined
  /** Where the operator stands. */
  readonly at: Position
}

/** `on (a, b) group_left (c)` */
export interface Matching {
  readonly on: boolean
  readonly names: readonly string[]
  readonly group: 'left' | 'right' | undefined
  /** Labels copied from the "one" side. */
  readonly include: readonly string[]
}

/** `label_replace(rate({app="web"}[1m]), "dst", "$1", "src", "(.*):.*")` */
export interface LabelReplace {
  readonly kind: 'label_replace'
  readonly of: MetricQuery
  readonly destination: string
  readonly replacement: string
  readonly source: string
  readonly pattern: string
  readonly at: Position
}

export interface VectorFunction {
  readonly kind: 'vector'
  readonly value: number
  readonly at: Position
}

export interface NumberLiteral {
  readonly kind: 'number'
  readonly value: number
  readonly at: Position
}
