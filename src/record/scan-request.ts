// What a reader may ask of any scanner: a stretch of time, a direction, and conditions that all must hold.
import type { Level } from './level.js'
import type { Timestamp } from './time.js'

/** A condition on one label, as in `{name="value"}`. Regular expressions are RE2 and match the whole value. */
export interface LabelCondition {
  readonly kind: 'label'
  /** A missing label counts as the empty text. `tenant` falls back to the record's tenant. */
  readonly name: string
  readonly op: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** A condition on the line, as in `|= "a" or "b"`. Regular expressions are RE2 and match anywhere. */
export interface LineCondition {
  readonly kind: 'line'
  readonly op: '|=' | '!=' | '|~' | '!~'
  /** `|=` and `|~`: any of them; `!=` and `!~`: none of them. */
  readonly values: readonly string[]
}

/** What grep asks: a pattern anywhere in the line or in the value of any field. */
export interface TextCondition {
  readonly kind: 'text'
  /** RE2, or the text itself where `literal`. */
  readonly pattern: string
  readonly literal: boolean
  readonly ignoreCase: boolean
  /** Holds when neither the line nor any field value matches. */
  readonly invert: boolean
}

/** The record's level is one of these. */
export interface LevelCondition {
  readonly kind: 'level'
  readonly anyOf: readonly Level[]
}

export type Condition = LabelCondition | LineCondition | TextCondition | LevelCondition

export interface ScanRequest {
  /** The tenants that may be seen; absent means all. */
  readonly tenants?: readonly string[] | undefined
  /** Inclusive. */
  readonly from?: Timestamp | undefined
  /** Exclusive. */
  readonly to?: Timestamp | undefined
  readonly direction: 'forward' | 'backward'
  readonly where: readonly Condition[]
  /** The most records to yield. */
  readonly limit?: number | undefined
  /** Only records stored after this sequence. */
  readonly sequenceAbove?: number | undefined
  /** Only records stored up to and with this sequence. */
  readonly sequenceUpTo?: number | undefined
}
