// A part: one sealed, immutable Parquet file of one day with its side file and word filter, and how each of
// them describes it.
import type { Level } from '../../record/level.js'
import type { Timestamp } from '../../record/time.js'
import type { TimeUnit } from './day-index.js'
import type { Stream } from './segment.js'
import type { Shape } from './shape.js'

/** A file of a part: its name relative to the data folder, its size and its CRC-32. */
export interface CheckedFile {
  readonly file: string
  readonly bytes: number
  readonly crc32: number
}

/** A part as the day's manifest names it: all that is needed to decide whether to open it. */
export interface Part {
  readonly id: number
  readonly parquet: CheckedFile
  readonly side: CheckedFile
  readonly words: CheckedFile
  readonly records: number
  /** Bytes of the lines. */
  readonly bytes: number
  /** Bytes that its records took in the hot log: small parts are merged by this size. */
  readonly hotBytes: number
  /** First and last timestamp. */
  readonly from: Timestamp
  readonly to: Timestamp
  readonly firstSequence: number
  readonly lastSequence: number
}

/**
 * What a value of a column is in a record. `label` and `field` are the sender's; `parsed` is kept for columns
 * made of JSON lines, which only a parser stage of a query may see.
 */
export type ColumnClass = 'label' | 'field' | 'parsed'

/**
 * How a column is stored. `mixed`: texts, numbers and booleans met under one name; kept as text, in which a
 * text that could be mistaken for JSON stands in JSON quotes.
 */
export type ColumnType = 'text' | 'integer' | 'float' | 'boolean' | 'mixed'

export interface Column {
  /** Name of the label or field, and of the Parquet column. */
  readonly name: string
  readonly class: ColumnClass
  readonly type: ColumnType
  /** Of a text column, the kinds of characters that its values have; see `kindsOf`. Absent: any. */
  readonly kinds?: number | undefined
}

/** [stream, level, hour, records, bytes, records at the hour's first nanosecond]. */
export type PartCount = readonly [number, Level, number, number, number, number]

/** The side file: streams and counts, so that stats and label queries read no rows. */
export interface PartSide {
  readonly format: 1
  readonly unit: TimeUnit
  /** By the number in the column `_stream`, sorted by tenant and labels. */
  readonly streams: readonly Stream[]
  readonly counts: readonly PartCount[]
  readonly columns: readonly Column[]
  /** By the number in the column `_shape`. */
  readonly shapes: readonly Shape[]
  /** False when no row has anything in `_more`; absent in older parts. */
  readonly more?: boolean | undefined
}

/** What does not fit into columns of a part: the text of a JSON object {"labels":{…},"fields":{…}} in `_more`. */
export interface More {
  readonly labels?: Readonly<Record<string, string>>
  readonly fields?: Readonly<Record<string, string | number | boolean>>
}
