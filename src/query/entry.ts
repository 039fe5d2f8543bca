// An entry on its way through the pipeline: a line and its labels in their three classes, which stages change.
// Semantics: Loki's documentation, "Log queries" and "Structured metadata". Most entries of a query come out as
// they went in, so the record is read where it is and only what differs from it is kept here.
import { Dictionary } from '../record/dictionary.js'
import type { Scalar, StoredRecord } from '../record/record.js'
import { fieldText } from '../record/record.js'
import type { Timestamp } from '../record/time.js'

/** Who sent a label: the stream, the entry's structured metadata, or a stage of the query. */
export type LabelClass = 'stream' | 'metadata' | 'parsed'

export const ERROR = '__error__'
export const ERROR_DETAILS = '__error_details__'
export const EXTRACTED = '_extracted'
const LEVEL = 'detected_level'

/** What a stage says that could not do its work; the line is kept. */
export type PipelineError =
  'JSONParserErr' | 'LogfmtParserErr' | 'SampleExtractionErr' | 'LabelFilterErr' | 'TemplateFormatErr'

/** Says of a record's label that a stage took it away. */
const GONE = Symbol('gone')

interface Value {
  readonly text: string
  readonly of: LabelClass
}

export class Entry {
  readonly timestamp: Timestamp
  readonly sequence: number
  line: string
  readonly #record: StoredRecord
  /** What stages said; a plain text is of the class `parsed`. */
  #changes: Map<string, string | Value | typeof GONE> | undefined = undefined
  /** Names in `#changes` that no parser wrote, so that a parser may still write them. */
  #written: Set<string> | undefined = undefined

  /** `detected_level` stands among the metadata, as Loki adds it; a sender's own label of that name wins. */
  constructor(record: StoredRecord) {
    this.timestamp = record.timestamp
    this.sequence = record.sequence
    this.line = record.line
    this.#record = record
  }

  /** The empty text where there is no such label. */
  get(name: string): string {
    const change = this.#changes?.get(name)
    if (change === undefined) return sentText(this.#record, name) ?? ''
    if (typeof change === 'string') return change
    return change === GONE ? '' : change.text
  }

  has(name: string): boolean {
    const change = this.#changes?.get(name)
    return change === undefined ? sentText(this.#record, name) !== undefined : change !== GONE
  }

  classOf(name: string): LabelClass | undefined {
    const change = this.#changes?.get(name)
    if (change === undefined) return sentClass(this.#record, name)
    if (typeof change === 'string') return 'parsed'
    return change === GONE ? undefined : change.of
  }

  /** Of the stream (even where a stage took it away since) or of the metadata: what a parser must not overwrite. */
  isSent(name: string): boolean {
    const of = sentClass(this.#record, name)
    return of === 'stream' || (of === 'metadata' && !this.#changes?.has(name))
  }

  set(name: string, text: string, of: LabelClass = 'parsed'): void {
    this.#write(name, of === 'parsed' ? text : { text, of })
  }

  /** What a parser found under a name that `isSent` denies: of all that parsers find, the first counts. */
  extract(name: string, text: string): void {
    const changes = (this.#changes ??= new Map())
    if (changes.has(name)) {
      if (!this.#written?.delete(name)) return
    }
    changes.set(name, text)
  }

  delete(name: string): void {
    if (this.has(name)) this.#write(name, GONE)
  }

  /** Only the first error counts. */
  fail(error: PipelineError, details: string): void {
    if (this.has(ERROR)) return
    this.set(ERROR, error)
    this.set(ERROR_DETAILS, details)
  }

  *names(): Generator<string> {
    const { labels, fields } = this.#record
    for (const name in labels) if (!this.#changes?.has(name)) yield name
    if (typeof labels[LEVEL] !== 'string' && !this.#changes?.has(LEVEL)) yield LEVEL
    for (const name in fields)
      if (typeof labels[name] !== 'string' && name !== LEVEL && !this.#changes?.has(name)) yield name
    if (this.#changes) for (const [name, change] of this.#changes) if (change !== GONE) yield name
  }

  /** Labels in the order of their names, without empty ones; of one class or of all. */
  labels(of?: LabelClass): Record<string, string> {
    const labels = new Dictionary<string>()
    for (const name of [...this.names()].sort()) {
      if (of !== undefined && this.classOf(name) !== of) continue
      const text = this.get(name)
      if (text !== '') labels[name] = text
    }
    return labels
  }

  #write(name: string, change: string | Value | typeof GONE): void {
    this.#changes ??= new Map()
    this.#changes.set(name, change)
    this.#written ??= new Set()
    this.#written.add(name)
  }
}

/** Labels and fields may be plain objects, whose prototype has names too; none of those is a scalar. */
function sentText(record: StoredRecord, name: string): string | undefined {
  const label = record.labels[name]
  if (typeof label === 'string') return label
  if (name === LEVEL) return record.level
  const field = record.fields[name]
  return isScalar(field) ? fieldText(field) : undefined
}

function sentClass(record: StoredRecord, name: string): LabelClass | undefined {
  if (typeof record.labels[name] === 'string') return 'stream'
  return name === LEVEL || isScalar(record.fields[name]) ? 'metadata' : undefined
}

function isScalar(value: Scalar | undefined): value is Scalar {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** What a compiled stage does: changes the entry, or answers false to let it fall. */
export type RunStage = (entry: Entry) => boolean
