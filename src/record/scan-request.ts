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

/**
 * A text comparison in the entry's own view, as LogQL's label filters have it: a label of the stream, else
 * `detected_level` (the record's level), else a field as text; a missing one counts as the empty text. There is no
 * falling back to the record's tenant. Regular expressions are RE2 and match the whole value.
 */
export interface FieldCondition {
  readonly kind: 'field'
  readonly name: string
  readonly op: '=' | '!=' | '=~' | '!~'
  readonly value: string
  readonly missing?: Missing
}

/**
 * `kept`: a record without the name passes, whatever is compared. So ask filters behind LogQL's parsers, which may
 * find a name in the line but never replace what a sender gave.
 */
export type Missing = 'kept' | undefined

/** How a text is read as a number: as it is, as a Go duration (to seconds), or as a size (to bytes). */
export type NumberReading = 'number' | 'duration' | 'bytes'

/**
 * A comparison of numbers, looked up as a `FieldCondition` does. A record without the name falls. One whose value
 * cannot be read as such a number is `kept` or `dropped`: LogQL keeps it, with an error for its label.
 */
export interface NumberCondition {
  readonly kind: 'number'
  readonly name: string
  readonly reading: NumberReading
  readonly op: '==' | '!=' | '>' | '>=' | '<' | '<='
  /** A plain number, seconds, or bytes. */
  readonly value: number
  readonly unreadable: 'kept' | 'dropped'
  readonly missing?: Missing
}

/** At least one of them holds. */
export interface AnyCondition {
  readonly kind: 'any'
  readonly of: readonly (FieldCondition | NumberCondition)[]
}

export type Condition =
  | LabelCondition
  | LineCondition
  | TextCondition
  | LevelCondition
  | FieldCondition
  | NumberCondition
  | AnyCondition

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
