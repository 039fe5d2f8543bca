// The tree that a query is read into; every node knows where it stood, so that later errors can point there.

/** 1-based; columns count UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A query: lines of log, or numbers made of them. */
export type Query = LogQuery | MetricQuery

// --- Log queries

/** Which streams, then what their lines pass through. */
export interface LogQuery {
  readonly kind: 'log'
  /** All must hold; none means every stream. */
  readonly matchers: readonly Matcher[]
  /** In the order of the text. */
  readonly stages: readonly Stage[]
  readonly at: Position
}

export const MATCHER_OPS = ['=', '!=', '=~', '!~'] as const
export type MatcherOp = (typeof MATCHER_OPS)[number]

/** `name="value"` */
export interface Matcher {
  readonly kind: 'matcher'
  readonly name: string
  readonly op: MatcherOp
  readonly value: string
  readonly at: Position
}

export type Stage =
  | LineFilter
  | JsonParser
  | LogfmtParser
  | TextParser
  | Unpack
  | LabelFilterStage
  | LineFormat
  | LabelFormat
  | Decolorize
  | ChooseLabels

export const LINE_FILTER_OPS = ['|=', '!=', '|~', '!~', '|>', '!>'] as const
export type LineFilterOp = (typeof LINE_FILTER_OPS)[number]

/** `|= "a" or ip("10.0.0.0/8")` */
export interface LineFilter {
  readonly kind: 'line-filter'
  readonly op: LineFilterOp
  /** At least one; any of them, or for `!=`, `!~` and `!>` none of them. */
  readonly values: readonly LineFilterValue[]
  readonly at: Position
}

export interface LineFilterValue {
  readonly text: string
  /** `ip("…")`, allowed with `|=` and `!=`. */
  readonly ip: boolean
}

/** `json`, or `json status="response.code"` */
export interface JsonParser {
  readonly kind: 'json'
  /** Empty: everything is extracted. */
  readonly extract: readonly Extraction[]
  readonly at: Position
}

/** `logfmt --strict`, or `logfmt host="h"` */
export interface LogfmtParser {
  readonly kind: 'logfmt'
  readonly strict: boolean
  readonly keepEmpty: boolean
  /** Empty: everything is extracted. */
  readonly extract: readonly Extraction[]
  readonly at: Position
}

/** `name="expression"`; a bare `name` stands for itself. */
export interface Extraction {
  readonly name: string
  readonly expression: string
}

/** `pattern "<ip> - <_>"`, `regexp "(?P<ip>\\S+)"` */
export interface TextParser {
  readonly kind: 'pattern' | 'regexp'
  readonly pattern: string
  readonly at: Position
}

export interface Unpack {
  readonly kind: 'unpack'
  readonly at: Position
}

/** `status >= 500 and method="GET"` */
export interface LabelFilterStage {
  readonly kind: 'label-filter'
  readonly filter: LabelFilter
  readonly at: Position
}

export const COMPARISON_OPS = ['==', '!=', '>', '>=', '<', '<='] as const
export type ComparisonOp = (typeof COMPARISON_OPS)[number]

export type LabelFilter =
  | { readonly kind: 'and' | 'or'; readonly left: LabelFilter; readonly right: LabelFilter }
  | Matcher
  /**
   * `value` is a plain number, seconds of a duration or bytes of a size; `text` is how it was written, and what is
   * printed. A single `=` is read as `==`.
   */
  | {
      readonly kind: 'number' | 'duration' | 'bytes'
      readonly name: string
      readonly op: ComparisonOp
      readonly value: number
      readonly text: string
      readonly at: Position
    }
  /** `addr = ip("10.0.0.0/8")` */
  | {
      readonly kind: 'ip'
      readonly name: string
      readonly op: '=' | '!='
      readonly value: string
      readonly at: Position
    }

export interface LineFormat {
  readonly kind: 'line_format'
  readonly template: string
  readonly at: Position
}

export interface LabelFormat {
  readonly kind: 'label_format'
  readonly assignments: readonly LabelAssignment[]
  readonly at: Position
}

/** `dst=src` renames, `dst="{{.a}}"` fills a template. */
export type LabelAssignment =
  | { readonly kind: 'rename'; readonly name: string; readonly from: string }
  | { readonly kind: 'template'; readonly name: string; readonly template: string }

export interface Decolorize {
  readonly kind: 'decolorize'
  readonly at: Position
}

/** `drop a, b="x"` or `keep a, b=~"x"` */
export interface ChooseLabels {
  readonly kind: 'drop' | 'keep'
  readonly labels: readonly (string | Matcher)[]
  readonly at: Position
}

// --- Metric queries

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

export const SET_OPS = ['or', 'and', 'unless'] as const
export const ARITHMETIC_OPS = ['+', '-', '*', '/', '%', '^'] as const
export const BINARY_OPS = [...SET_OPS, ...COMPARISON_OPS, ...ARITHMETIC_OPS] as const
export type BinaryOp = (typeof BINARY_OPS)[number]

export interface BinaryOperation {
  readonly kind: 'binary'
  readonly op: BinaryOp
  readonly left: MetricQuery
  readonly right: MetricQuery
  /** A comparison answers 0 or 1 instead of filtering. */
  readonly bool: boolean
  readonly matching: Matching | undefined
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
