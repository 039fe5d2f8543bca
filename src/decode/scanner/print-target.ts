// What scanned lines are printed for, and what is counted of them on the way: the scanner's words for a segment of a
// store, which decode knows nothing else about.
import type { Labels } from '../../record/labels.js'
import type { Level } from '../../record/level.js'
import type { LogRecord } from '../../record/record.js'
import type { Day, Timestamp } from '../../record/time.js'

/** Where lines are printed to: it numbers streams and shapes, and is told texts and words that are new to it. */
export interface PrintTarget {
  streamNumber(tenant: string, labels: Labels): number
  /** The text of a line between its timestamp and its level, both without their quotes. */
  lineStart(stream: number): string
  /** The number of the shape of a line that is its event's own text; undefined where it is kept as text. */
  shapeNumber(record: LogRecord): number | undefined
  printLine(record: LogRecord): string
  /** Memory for the lines of a batch. */
  allocate(bytes: number): Buffer
  /** A text that a field may not have had before; false where no more texts of it are wanted. */
  meetText(day: Day, field: string, text: string): boolean
  /** Hashes of words of the day's lines, fields and names, each once. */
  takeWords(day: Day, hashes: Uint32Array): void
}

/** Records of one stream, level and hour. */
export interface PrintedCount {
  readonly stream: number
  readonly level: Level
  readonly hour: number
  readonly records: number
  /** Bytes of the lines. */
  readonly bytes: number
  /** How many stand at the hour's first nanosecond. */
  readonly atStart: number
}

export interface PrintedDay {
  readonly day: Day
  readonly records: number
  readonly bytes: number
  /** Bytes of the printed lines. */
  readonly printedBytes: number
  readonly from: Timestamp
  readonly to: Timestamp
  readonly unit: 'ms' | 'us' | 'ns'
  readonly counts: readonly PrintedCount[]
  /** Bits of the pieces of all texts of the target's day so far; see `character-kinds.ts`. */
  readonly pieces: Uint32Array
  readonly fields: readonly PrintedField[]
}

export interface PrintedField {
  readonly name: string
  readonly records: number
  /** Bits: 1 whole numbers, 2 fractions, 4 booleans, 8 texts. */
  readonly types: number
  /** Bits of the kinds of characters that its texts have had so far. */
  readonly kinds: number
}

/** A record that JavaScript printed among the others, with the bytes of its line. */
export interface OtherRecord {
  readonly record: LogRecord
  readonly printedBytes: number
}

/** Printed lines, and what was counted of them but for the `others`. */
export interface Printed {
  readonly lines: Buffer
  readonly days: readonly PrintedDay[]
  readonly longestLine: number
  /** Numbers of the shapes by which lines of the batch are told. */
  readonly shapes: readonly number[]
  readonly others: readonly OtherRecord[]
}
