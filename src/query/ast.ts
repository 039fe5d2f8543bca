// The tree that a query is read into; every node knows where it stood, so that later errors can point there.

/** 1-based; columns count UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Which streams, then which of their lines: the part of LogQL that every log query begins with. */
export interface Selector {
  readonly kind: 'selector'
  /** All must hold; none means every stream. */
  readonly matchers: readonly Matcher[]
  readonly stages: readonly Stage[]
  readonly at: Position
}

export const MATCHER_OPS = ['=', '!=', '=~', '!~'] as const

/** `name="value"` */
export interface Matcher {
  readonly kind: 'matcher'
  readonly name: string
  readonly op: (typeof MATCHER_OPS)[number]
  readonly value: string
  readonly at: Position
}

/** What a line passes through, in order. */
export type Stage = LineFilter

export const LINE_FILTER_OPS = ['|=', '!=', '|~', '!~'] as const

/** `|= "a" or "b"` */
export interface LineFilter {
  readonly kind: 'line-filter'
  readonly op: (typeof LINE_FILTER_OPS)[number]
  /** At least one. */
  readonly values: readonly string[]
  readonly at: Position
}
