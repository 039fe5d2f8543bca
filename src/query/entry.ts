// An entry on its way through the pipeline: a line and its labels in their three classes, which stages change.
// Semantics: Loki's documentation, "Log queries" and "Structured metadata".
import { Dictionary } from '../record/dictionary.js'
import type { StoredRecord } from '../record/record.js'
import { fieldText } from '../record/record.js'
import type { Timestamp } from '../record/time.js'

/** Who sent a label: the stream, the entry's structured metadata, or a stage of the query. */
export type LabelClass = 'stream' | 'metadata' | 'parsed'

export const ERROR = '__error__'
export const ERROR_DETAILS = '__error_details__'

/** What a stage says that could not do its work; the line is kept. */
export type PipelineError =
  'JSONParserErr' | 'LogfmtParserErr' | 'SampleExtractionErr' | 'LabelFilterErr' | 'TemplateFormatErr'

interface Value {
  readonly text: string
  readonly of: LabelClass
}

export class Entry {
  readonly timestamp: Timestamp
  readonly sequence: number
  line: string
  readonly #labels = new Map<string, Value>()

  /** `detected_level` stands among the metadata, as Loki adds it; a sender's own label of that name wins. */
  constructor(record: StoredRecord) {
    this.timestamp = record.timestamp
    this.sequence = record.sequence
    this.line = record.line
    for (const name in record.fields)
      this.#labels.set(name, { text: fieldText(record.fields[name] ?? ''), of: 'metadata' })
    this.#labels.set('detected_level', { text: record.level, of: 'metadata' })
    for (const name in record.labels)
      this.#labels.set(name, { text: record.labels[name] ?? '', of: 'stream' })
  }

  /** The empty text where there is no such label. */
  get(name: string): string {
    return this.#labels.get(name)?.text ?? ''
  }

  has(name: string): boolean {
    return this.#labels.has(name)
  }

  classOf(name: string): LabelClass | undefined {
    return this.#labels.get(name)?.of
  }

  set(name: string, text: string, of: LabelClass = 'parsed'): void {
    this.#labels.set(name, { text, of })
  }

  delete(name: string): void {
    this.#labels.delete(name)
  }

  /** Only the first error counts. */
  fail(error: PipelineError, details: string): void {
    if (this.#labels.has(ERROR)) return
    this.set(ERROR, error)
    this.set(ERROR_DETAILS, details)
  }

  names(): Iterable<string> {
    return this.#labels.keys()
  }

  /** Labels in the order of their names, without empty ones; of one class or of all. */
  labels(of?: LabelClass): Record<string, string> {
    const found: [string, string][] = []
    for (const [name, value] of this.#labels)
      if (value.text !== '' && (of === undefined || value.of === of)) found.push([name, value.text])
    const labels = new Dictionary<string>()
    for (const [name, text] of found.sort(([a], [b]) => (a < b ? -1 : 1))) labels[name] = text
    return labels
  }
}

/** What a compiled stage does: changes the entry, or answers false to let it fall. */
export type RunStage = (entry: Entry) => boolean
