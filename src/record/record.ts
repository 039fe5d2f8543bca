// The log record: the one form in which every room speaks about a line of log, and its JSON form.
import type { Labels } from './labels.js'
import type { Level } from './level.js'
import type { Timestamp } from './time.js'

/** What a field may hold. A number that a double cannot hold exactly is kept as the text it was sent as. */
export type Scalar = string | number | boolean

/**
 * One line of log. Its JSON form, with the keys in this order, is what the hot log stores and what
 * `--json`, tail and export print.
 */
export interface LogRecord {
  readonly timestamp: Timestamp
  readonly tenant: string
  /** Who speaks: few values, selectable in `{}`. */
  readonly labels: Labels
  readonly level: Level
  readonly line: string
  /** Structured metadata of this one line. */
  readonly fields: Readonly<Record<string, Scalar>>
}

/** A record that has been stored. Order everywhere is (timestamp, sequence). */
export interface StoredRecord extends LogRecord {
  /** Given at ingest, unique in a store, rising in the order of arrival; gaps are allowed. */
  readonly sequence: number
}

/** The contract's JSON text of a record: one line, fixed key order, no sequence. */
export function recordToJson(record: LogRecord): string {
  const { timestamp, tenant, labels, level, line, fields } = record
  return JSON.stringify({ timestamp, tenant, labels, level, line, fields })
}

/**
 * The same record with its fields in the order of their names: what every scanner yields, because a sealed part
 * does not remember the order in which a sender wrote them.
 */
export function withSortedFields<T extends LogRecord>(record: T): T {
  const names = Object.keys(record.fields)
  if (names.every((name, i) => i === 0 || (names[i - 1] as string) < name)) return record
  const fields = Object.create(null) as Record<string, Scalar>
  for (const name of names.sort()) fields[name] = record.fields[name] as Scalar
  return { ...record, fields }
}

/** Negative, zero or positive as `a` stands before, beside or after `b` in forward order. */
export function compareRecords(
  a: Pick<StoredRecord, 'timestamp' | 'sequence'>,
  b: Pick<StoredRecord, 'timestamp' | 'sequence'>,
): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1
  return a.sequence - b.sequence
}

/** The text by which a field is matched and counted. */
export function fieldText(value: Scalar): string {
  return typeof value === 'string' ? value : String(value)
}

/** An *error* in the sense of stats and alerts: stream `stderr`, or level error or fatal. */
export function isError(stream: string | undefined, level: Level): boolean {
  return stream === 'stderr' || level === 'error' || level === 'fatal'
}
