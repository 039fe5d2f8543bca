// What is known of one day of one segment while its records arrive: streams, counts, columns, words. From it
// come the answers of `stats` for the open part of a day, the column types of the sealed part and its side file.
// Words of numbers are left out: a text with an inner word that a number could contain is not looked up.
import { LEVELS, type Level } from '../../record/level.js'
import type { LogRecord, Scalar } from '../../record/record.js'
import type { Timestamp } from '../../record/time.js'
import type { PrintedDay } from '../../decode/scanner/print-target.js'
import { addPieces, noPieces } from './pieces.js'
import type { Stream } from './segment.js'
import { type WordHashes, addWords } from './words.js'

/** A key with more distinct texts, or longer ones in all, is not declared as an enumeration at sealing. */
const MAX_DISTINCT = 2_000
const MAX_DISTINCT_CHARS = 100_000

/** Bits for the JSON types that a field's values had. */
export const INTEGER = 1
export const FLOAT = 2
export const BOOLEAN = 4
export const TEXT = 8

/** The finest unit that a day's timestamps need: whole milliseconds, whole microseconds, or nanoseconds. */
export type TimeUnit = 'ms' | 'us' | 'ns'
const UNITS: readonly TimeUnit[] = ['ms', 'us', 'ns']

export interface ColumnIndex {
  records: number
  /** Type bits; labels are always TEXT. */
  types: number
  /** The distinct texts while they are few. */
  texts: Set<string> | undefined
  chars: number
  /** The kinds of characters of its texts; see `kindsOf`. */
  kinds: number
}

/** Records of one stream, level and hour. */
export interface Count {
  records: number
  /** Bytes of the lines. */
  bytes: number
  /** How many stand at the hour's first nanosecond, which a window (T−R, T] counts to the hour before. */
  atStart: number
}

const HOURS = 24

/** A count's place: stream, level and hour in one number. */
export function countKey(stream: number, level: Level, hour: number): number {
  return (stream * LEVELS.length + LEVELS.indexOf(level)) * HOURS + hour
}

export function readCountKey(key: number): { stream: number; level: Level; hour: number } {
  const hour = key % HOURS
  const rest = (key - hour) / HOURS
  const level = LEVELS[rest % LEVELS.length] as Level
  return { stream: Math.floor(rest / LEVELS.length), level, hour }
}

export class DayIndex {
  records = 0
  bytes = 0
  /** Bytes of the day's record lines in the hot log. */
  hotBytes = 0
  from: Timestamp | undefined
  to: Timestamp | undefined
  unit: TimeUnit = 'ms'
  readonly streams = new Set<number>()
  readonly counts = new Map<number, Count>()
  readonly labels = new Map<string, ColumnIndex>()
  readonly fields = new Map<string, ColumnIndex>()
  readonly words = new Set<number>()
  readonly pieces = noPieces()
  /** Of so many records the pieces and kinds are known: a part has them only where that is all of them. */
  pieced = 0
  /** Words that the scanner found; one may stand in several. */
  readonly #scannedWords: Uint32Array[] = []

  /** `stream` is the record's number in its segment, `hotBytes` the length of its line in the hot log. */
  add(record: LogRecord, stream: number, hotBytes: number): void {
    const bytes = Buffer.byteLength(record.line)
    this.records++
    this.bytes += bytes
    this.hotBytes += hotBytes
    this.#time(record.timestamp)
    this.#count(record, stream, bytes)
    this.#meetStream(stream, record.labels)
    this.#words(record.line)
    this.pieced++
    for (const name in record.fields) this.#field(columnOf(this.fields, name), record.fields[name] as Scalar)
  }

  /** Takes in what the scanner counted of a batch; `streams` are the segment's. */
  addPrinted(day: PrintedDay, streams: readonly Stream[]): void {
    this.records += day.records
    this.bytes += day.bytes
    this.hotBytes += day.printedBytes
    this.#span(day.from, day.to)
    if (UNITS.indexOf(day.unit) > UNITS.indexOf(this.unit)) this.unit = day.unit
    for (const { stream, level, hour, ...of } of day.counts) {
      const count = this.#countOf(stream, level, hour)
      count.records += of.records
      count.bytes += of.bytes
      count.atStart += of.atStart
      this.#meetStream(stream, (streams[stream] as Stream).labels)
    }
    this.pieced += day.records
    for (const [at, bits] of day.pieces.entries())
      if (bits !== 0) this.pieces[at] = (this.pieces[at] as number) | bits
    for (const { name, records, types, kinds } of day.fields) {
      const column = columnOf(this.fields, name)
      column.records += records
      column.types |= types
      column.kinds |= kinds
    }
  }

  /** A text of a field, whose words come by `takeWords`; false when no more of it are wanted. */
  meetText(field: string, text: string): boolean {
    const column = columnOf(this.fields, field)
    if (column.texts && !column.texts.has(text)) addText(column, text)
    return column.texts !== undefined
  }

  takeWords(hashes: Uint32Array): void {
    this.#scannedWords.push(hashes)
  }

  /** All words. Those of labels may come twice. */
  allWords(): readonly WordHashes[] {
    if (this.#scannedWords.length < 2) return [this.words, ...this.#scannedWords]
    const all = new Set(this.words)
    for (const hashes of this.#scannedWords) for (const hash of hashes) all.add(hash)
    return [all]
  }

  #span(from: Timestamp, to: Timestamp): void {
    if (this.from === undefined || from < this.from) this.from = from
    if (this.to === undefined || to > this.to) this.to = to
  }

  #meetStream(stream: number, labels: LogRecord['labels']): void {
    if (this.streams.has(stream)) return
    this.streams.add(stream)
    for (const name in labels) this.#text(columnOf(this.labels, name), labels[name] as string)
  }

  #time(timestamp: Timestamp): void {
    this.#span(timestamp, timestamp)
    if (this.unit === 'ns' || timestamp.endsWith('000000Z')) return
    this.unit = timestamp.endsWith('000Z') ? 'us' : 'ns'
  }

  #count(record: LogRecord, stream: number, bytes: number): void {
    const count = this.#countOf(stream, record.level, Number(record.timestamp.slice(11, 13)))
    count.records++
    count.bytes += bytes
    if (record.timestamp.endsWith(':00:00.000000000Z')) count.atStart++
  }

  #countOf(stream: number, level: Level, hour: number): Count {
    const key = countKey(stream, level, hour)
    let count = this.counts.get(key)
    if (!count) this.counts.set(key, (count = { records: 0, bytes: 0, atStart: 0 }))
    return count
  }

  #field(column: ColumnIndex, value: Scalar): void {
    column.records++
    if (typeof value === 'string') this.#text(column, value)
    else if (typeof value === 'boolean') column.types |= BOOLEAN
    else column.types |= Number.isSafeInteger(value) ? INTEGER : FLOAT
  }

  #words(text: string): number {
    addWords(text, this.words)
    return addPieces(text, this.pieces)
  }

  #text(column: ColumnIndex, text: string): void {
    column.types |= TEXT
    if (column.texts?.has(text)) return
    column.kinds |= this.#words(text)
    if (column.texts) addText(column, text)
  }
}

function addText(column: ColumnIndex, text: string): void {
  column.texts?.add(text)
  column.chars += text.length
  if ((column.texts?.size ?? 0) > MAX_DISTINCT || column.chars > MAX_DISTINCT_CHARS) column.texts = undefined
}

function columnOf(columns: Map<string, ColumnIndex>, name: string): ColumnIndex {
  let column = columns.get(name)
  if (!column) columns.set(name, (column = { records: 0, types: 0, texts: new Set(), chars: 0, kinds: 0 }))
  return column
}
