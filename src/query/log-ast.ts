// The tree of a log query: which streams, and what their lines pass through.

/** 1-based; columns count UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

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
