// Judges one record against conditions: the plain meaning of a scan request, which every store must agree with.
import type { LogRecord } from './record.js'
import { readNumber } from './number-text.js'
import { fieldText } from './record.js'
import { compileRegex, literalOf } from './regex.js'
import type {
  AnyCondition,
  Condition,
  FieldCondition,
  LabelCondition,
  LevelCondition,
  LineCondition,
  NumberCondition,
  TextCondition,
} from './scan-request.js'

type Judge = (record: LogRecord) => boolean

/** True for a record that fulfils all of them. Throws PATTERN_INVALID before any record is judged. */
export function compileConditions(where: readonly Condition[]): Judge {
  const judges = where.map(compileCondition)
  const [only] = judges
  if (only === undefined) return () => true
  return judges.length === 1 ? only : (record) => judges.every((judge) => judge(record))
}

/** Whether a reader who may see these tenants (absent means all) may see the record. */
export function tenantsAllow(tenants: readonly string[] | undefined, record: LogRecord): boolean {
  return tenants === undefined || tenants.includes(record.tenant)
}

/**
 * The value that a label condition looks at; a missing label is the empty text. `tenant` and `level` are what the
 * sender gave as a label, else what the record is filed under; `detected_level` is always the latter.
 */
export function selectable(record: LogRecord, name: string): string {
  if (name === 'detected_level') return record.level
  const label = Object.hasOwn(record.labels, name) ? record.labels[name] : undefined
  if (name === 'tenant') return label ?? record.tenant
  if (name === 'level') return label ?? record.level
  return label ?? ''
}

/** The value of a label, of `detected_level` or of a field, in this order; undefined where there is none. */
export function entryValue({ labels, level, fields }: LogRecord, name: string): string | undefined {
  if (Object.hasOwn(labels, name)) return labels[name]
  if (name === 'detected_level') return level
  return Object.hasOwn(fields, name) ? fieldText(fields[name] ?? '') : undefined
}

/** The number in the entry's view: `missing`, or `unreadable` as such. */
export function entryNumber(
  record: LogRecord,
  { name, reading }: Pick<NumberCondition, 'name' | 'reading'>,
): number | 'missing' | 'unreadable' {
  const text = entryValue(record, name)
  return text === undefined ? 'missing' : (readNumber(text, reading) ?? 'unreadable')
}

/**
 * Texts that occur in `recordToJson` of every record that fulfils the conditions, so that a search for their bytes
 * may throw away what cannot match. None holds a character that JSON escapes inside a value.
 */
export function needlesOf(where: readonly Condition[]): string[] {
  return [...new Set(where.flatMap((condition) => needleOf(condition) ?? []))]
}

function compileCondition(condition: Condition): Judge {
  switch (condition.kind) {
    case 'label':
      return compileLabel(condition)
    case 'line':
      return compileLine(condition)
    case 'text':
      return compileText(condition)
    case 'level':
      return compileLevel(condition)
    case 'field':
      return compileField(condition)
    case 'number':
      return compileNumber(condition)
    case 'any':
      return compileAny(condition)
  }
}

function compileAny({ of }: AnyCondition): Judge {
  const judges = of.map(compileCondition)
  return (record) => judges.some((judge) => judge(record))
}

function compileLabel({ name, ...comparison }: LabelCondition): Judge {
  const test = textTest(comparison)
  return (record) => test(selectable(record, name))
}

function compileField({ name, missing, ...comparison }: FieldCondition): Judge {
  const test = textTest(comparison)
  if (missing === undefined) return (record) => test(entryValue(record, name) ?? '')
  return (record) => {
    const value = entryValue(record, name)
    return value === undefined || test(value)
  }
}

/** The comparison that a condition makes with a value. Throws PATTERN_INVALID. */
export function textTest({ op, value }: Pick<LabelCondition, 'op' | 'value'>): (text: string) => boolean {
  const wanted = op === '=' || op === '=~'
  if (op === '=' || op === '!=') return (text) => (text === value) === wanted
  const regex = compileRegex(value, { whole: true })
  return (text) => regex.test(text) === wanted
}

function compileNumber(condition: NumberCondition): Judge {
  const test = numberTest(condition)
  const { unreadable, missing } = condition
  return (record) => {
    const found = entryNumber(record, condition)
    if (typeof found === 'number') return test(found)
    return (found === 'missing' ? missing : unreadable) === 'kept'
  }
}

/** The comparison that a condition makes with a number. */
export function numberTest({ op, value }: Pick<NumberCondition, 'op' | 'value'>): (found: number) => boolean {
  switch (op) {
    case '==':
      return (found) => found === value
    case '!=':
      return (found) => found !== value
    case '>':
      return (found) => found > value
    case '>=':
      return (found) => found >= value
    case '<':
      return (found) => found < value
    case '<=':
      return (found) => found <= value
  }
}

function compileLine({ op, values }: LineCondition): Judge {
  const wanted = op === '|=' || op === '|~'
  const literal = op === '|=' || op === '!='
  const tests = values.map((value) => (literal ? containing(value) : tester(value, false)))
  return ({ line }) => tests.some((test) => test(line)) === wanted
}

function compileText({ pattern, literal, ignoreCase, invert }: TextCondition): Judge {
  const source = literal && ignoreCase ? quoted(pattern) : pattern
  const test = literal && !ignoreCase ? containing(pattern) : tester(source, ignoreCase)
  return ({ line, fields }) => {
    if (test(line)) return !invert
    for (const name in fields) if (test(fieldText(fields[name] ?? ''))) return !invert
    return invert
  }
}

function compileLevel({ anyOf }: LevelCondition): Judge {
  return ({ level }) => anyOf.includes(level)
}

function containing(text: string): (from: string) => boolean {
  return (from) => from.includes(text)
}

function tester(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const regex = compileRegex(pattern, { ignoreCase })
  return (text) => regex.test(text)
}

/** The RE2 pattern for exactly this text. */
function quoted(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')
}

function needleOf(condition: Condition): string | undefined {
  switch (condition.kind) {
    case 'label':
      return labelNeedle(condition)
    case 'line':
      return lineNeedle(condition)
    case 'text':
      if (condition.invert || condition.ignoreCase) return undefined
      return plain(condition.literal ? condition.pattern : literalOf(condition.pattern))
    case 'level':
      return condition.anyOf.length === 1 ? `"level":"${condition.anyOf[0]}"` : undefined
    case 'field':
      // A text in a label, a field or the level stands there as it is; a number or boolean without quotes.
      return condition.op === '=' && !condition.missing ? plain(condition.value) : undefined
    case 'number':
    case 'any':
      return undefined
  }
}

function labelNeedle({ name, op, value }: LabelCondition): string | undefined {
  if (op === '=~') return plain(literalOf(value, { whole: true }))
  if (op !== '=' || plain(value) === undefined || plain(name) === undefined) return undefined
  // Label and property of the record share their key, so the fallbacks of `selectable` need no case of their own.
  return `"${name === 'detected_level' ? 'level' : name}":"${value}"`
}

function lineNeedle({ op, values }: LineCondition): string | undefined {
  const [value, another] = values
  if (value === undefined || another !== undefined || op === '!=' || op === '!~') return undefined
  return plain(op === '|=' ? value : literalOf(value))
}

/** The text, when it is not empty and JSON writes it as it is. */
function plain(text: string | undefined): string | undefined {
  return text && JSON.stringify(text) === `"${text}"` ? text : undefined
}
