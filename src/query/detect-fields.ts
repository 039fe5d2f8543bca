// Finds the fields that log lines have, in their structured metadata and in the lines themselves where they are JSON
// or logfmt, and guesses what their values are.
import { bytesOf, secondsOf } from '../record/number-text.js'
import type { StoredRecord } from '../record/record.js'
import { ERROR, ERROR_DETAILS, EXTRACTED, Entry } from './entry.js'
import { labelName, labelPart } from './lines/key-names.js'
import type { LogEntry } from './run-log.js'
import { compileStages } from './stages/index.js'

export type FieldKind = 'int' | 'float' | 'boolean' | 'duration' | 'bytes' | 'string'

export interface DetectedField {
  readonly kind: FieldKind
  /** How the line was read; none where the field came beside the line. */
  readonly parsers: ReadonlySet<'json' | 'logfmt'>
  /** Keys from the outermost object inward; of JSON alone. */
  readonly jsonPath: readonly string[] | undefined
  readonly values: ReadonlySet<string>
}

interface Growing extends DetectedField {
  readonly parsers: Set<'json' | 'logfmt'>
  readonly values: Set<string>
}

const AT = { line: 1, column: 1 }
/** Longer lines are read for their values, not for the paths to them. Characters. */
const MOST_PATH_CHARS = 64 * 1024
const MAX_DEPTH = 32

export interface FieldDetector {
  add(entry: LogEntry): void
  /** In the order in which they were found. */
  readonly fields: ReadonlyMap<string, DetectedField>
}

export function fieldDetector(): FieldDetector {
  const fields = new Map<string, Growing>()
  const json = compileStages([{ kind: 'json', extract: [], at: AT }])
  const logfmt = compileStages([{ kind: 'logfmt', strict: false, keepEmpty: false, extract: [], at: AT }])

  function note(name: string, value: string, parser?: 'json' | 'logfmt', line = ''): void {
    if (name === ERROR || name === ERROR_DETAILS || value === '') return
    let field = fields.get(name)
    if (!field) {
      const jsonPath = parser === 'json' ? pathOf(line, name) : undefined
      field = { kind: fieldKind(value), parsers: new Set(), jsonPath, values: new Set() }
      fields.set(name, field)
    }
    if (parser) field.parsers.add(parser)
    field.values.add(value)
  }

  return {
    fields,
    add(found) {
      for (const [name, value] of Object.entries(found.labels.metadata)) note(name, value)
      const parser = found.line.trimStart().startsWith('{') ? 'json' : 'logfmt'
      const entry = new Entry(sentRecord(found))
      ;(parser === 'json' ? json : logfmt)(entry)
      for (const [name, value] of Object.entries(entry.labels('parsed')))
        note(name, value, parser, found.line)
      for (const [name, value] of Object.entries(found.labels.parsed))
        if (!fields.has(name)) note(name, value)
    },
  }
}

function sentRecord({ timestamp, sequence, tenant, level, line, labels }: LogEntry): StoredRecord {
  const { stream, metadata } = labels
  return { timestamp, sequence, tenant, level, line, labels: stream, fields: metadata }
}

/** Loki guesses in this order, from the first value. */
export function fieldKind(value: string): FieldKind {
  if (/^[+-]?\d{1,19}$/.test(value)) return 'int'
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value)) return 'float'
  if (/^(?:true|false)$/i.test(value)) return 'boolean'
  if (secondsOf(value) !== undefined) return 'duration'
  return bytesOf(value) === undefined ? 'string' : 'bytes'
}

function pathOf(line: string, name: string): readonly string[] | undefined {
  if (line.length > MOST_PATH_CHARS) return undefined
  try {
    const wanted = name.endsWith(EXTRACTED) ? [name, name.slice(0, -EXTRACTED.length)] : [name]
    return findPath(JSON.parse(line), '', wanted, 0)
  } catch {
    return undefined
  }
}

function findPath(
  value: unknown,
  name: string,
  wanted: readonly string[],
  depth: number,
): string[] | undefined {
  if (typeof value !== 'object' || value === null) return wanted.includes(name) ? [] : undefined
  if (Array.isArray(value) || depth > MAX_DEPTH) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const below = findPath(
      inner,
      depth === 0 ? labelName(key) : `${name}_${labelPart(key)}`,
      wanted,
      depth + 1,
    )
    if (below) return [key, ...below]
  }
  return undefined
}
