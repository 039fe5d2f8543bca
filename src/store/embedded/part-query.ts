// Questions to one part, as SQL: which rows may fulfil a request. The SQL may let through more than the request
// wants (a record is judged again in JavaScript), but never less.
import { compileConditions } from '../../record/condition.js'
import { LEVELS, type Level } from '../../record/level.js'
import { literalOf } from '../../record/regex.js'
import { readRegex } from '../../record/regex-syntax.js'
import type { Condition, ScanRequest, TextCondition } from '../../record/scan-request.js'
import { type Timestamp, nsOf, timestampOfNs } from '../../record/time.js'
import type { TimeUnit } from './day-index.js'
import { sqlName, sqlText } from './duck.js'
import type { Column, Part, PartSide } from './part.js'
import { type Shape, literalsOf, piecesOf } from './shape.js'
import type { Stream } from './segment.js'
import { innerWords } from './words.js'

/** Where a piecewise reader stands: only rows behind it, in the direction of the request, are wanted. */
export interface Cursor {
  readonly timestamp: Timestamp
  readonly sequence: number
}

/** False when the part's place in time or in the sequence leaves nothing to find. */
export function partOverlaps(part: Part, request: ScanRequest): boolean {
  if (request.from !== undefined && part.to < request.from) return false
  if (request.to !== undefined && part.from >= request.to) return false
  if (request.sequenceAbove !== undefined && part.lastSequence <= request.sequenceAbove) return false
  return request.sequenceUpTo === undefined || part.firstSequence <= request.sequenceUpTo
}

/** The words that a part must hold: for each set, at least one of its alternatives in full. */
export function wantedWords(where: readonly Condition[]): readonly (readonly ReadonlySet<number>[])[] {
  return where.map(alternatives).filter((sets) => sets.length > 0 && sets.every((words) => words.size > 0))
}

function alternatives(condition: Condition): ReadonlySet<number>[] {
  if (condition.kind === 'line' && condition.op === '|=') return condition.values.map(innerWords)
  if (condition.kind === 'line' && condition.op === '|~')
    return condition.values.map((value) => innerWords(literalOf(value) ?? ''))
  if (condition.kind !== 'text' || condition.invert || condition.ignoreCase) return []
  return [innerWords((condition.literal ? condition.pattern : literalOf(condition.pattern)) ?? '')]
}

/** WHERE for a part's rows; undefined when no stream of the part can fulfil the request. */
export function whereSql(
  side: PartSide,
  request: ScanRequest,
  cursor: Cursor | undefined,
): string | undefined {
  const streams = streamsSql(side.streams, request)
  if (streams === undefined) return undefined
  const terms = [
    ...(streams === '' ? [] : [streams]),
    ...timeTerms(side.unit, request, cursor),
    ...(request.sequenceAbove === undefined ? [] : [`_seq > ${request.sequenceAbove}`]),
    ...(request.sequenceUpTo === undefined ? [] : [`_seq <= ${request.sequenceUpTo}`]),
    ...request.where.flatMap((condition) => conditionTerms(condition, side)),
  ]
  return terms.length === 0 ? 'true' : terms.join(' AND ')
}

/** '' when every row's stream and level will do, undefined when none will. */
function streamsSql(streams: readonly Stream[], request: ScanRequest): string | undefined {
  const conditions = request.where.filter(({ kind }) => kind === 'label' || kind === 'level')
  const judge = compileConditions(conditions)
  const levelMatters = conditions.some(
    (condition) =>
      condition.kind === 'level' || (condition.kind === 'label' && condition.name.endsWith('level')),
  )
  const byLevels = new Map<string, number[]>()
  for (const [number, stream] of streams.entries()) {
    const levels = allowedLevels(stream, request, levelMatters ? LEVELS : ['unknown'], judge)
    if (levels.length === 0) continue
    const key = levelMatters && levels.length < LEVELS.length ? levels.map(sqlText).join(',') : ''
    const numbers = byLevels.get(key)
    if (numbers) numbers.push(number)
    else byLevels.set(key, [number])
  }
  if (byLevels.size === 0) return undefined
  if (byLevels.get('')?.length === streams.length) return ''
  const terms = [...byLevels].map(([levels, numbers]) => {
    const inRanges = numbers.length === streams.length ? 'true' : rangesSql('_stream', numbers)
    return levels === '' ? inRanges : `(${inRanges} AND _level IN (${levels}))`
  })
  return `(${terms.join(' OR ')})`
}

function allowedLevels(
  { tenant, labels }: Stream,
  { tenants }: ScanRequest,
  levels: readonly Level[],
  judge: ReturnType<typeof compileConditions>,
): readonly Level[] {
  if (tenants && !tenants.includes(tenant)) return []
  const record = { timestamp: '' as Timestamp, tenant, labels, line: '', fields: {} }
  return levels.filter((level) => judge({ ...record, level }))
}

/** Rising numbers as ranges: streams are sorted by tenant and labels, so what belongs together is adjacent. */
function rangesSql(column: string, numbers: readonly number[]): string {
  const terms: string[] = []
  let first = numbers[0] as number
  for (const [i, number] of numbers.entries()) {
    if (numbers[i + 1] === number + 1) continue
    terms.push(first === number ? `${column} = ${number}` : `${column} BETWEEN ${first} AND ${number}`)
    first = numbers[i + 1] as number
  }
  return `(${terms.join(' OR ')})`
}

const TIME_LITERAL: Readonly<Record<TimeUnit, { type: string; ns: bigint; chars: number }>> = {
  ms: { type: 'TIMESTAMP_MS', ns: 1_000_000n, chars: 23 },
  us: { type: 'TIMESTAMP', ns: 1_000n, chars: 26 },
  ns: { type: 'TIMESTAMP_NS', ns: 1n, chars: 29 },
}

/** The first moment of the column's unit that is not before the given one: all comparisons are made with it. */
function timeLiteral(unit: TimeUnit, timestamp: Timestamp): string {
  const { type, ns, chars } = TIME_LITERAL[unit]
  const value = nsOf(timestamp)
  const up = value % ns === 0n ? 0n : value > 0n ? ns - (value % ns) : -(value % ns)
  const text = (up === 0n ? timestamp : (timestampOfNs(value + up) ?? timestamp))
    .slice(0, chars)
    .replace('T', ' ')
  return `${type} '${text}'`
}

function timeTerms(unit: TimeUnit, request: ScanRequest, cursor: Cursor | undefined): string[] {
  const terms: string[] = []
  if (request.from !== undefined) terms.push(`_time >= ${timeLiteral(unit, request.from)}`)
  if (request.to !== undefined) terms.push(`_time < ${timeLiteral(unit, request.to)}`)
  if (!cursor) return terms
  // A cursor between two moments of the unit equals none of them: rounded up, it is before or at the next one.
  const at = timeLiteral(unit, cursor.timestamp)
  const exact = nsOf(cursor.timestamp) % TIME_LITERAL[unit].ns === 0n
  const [beyond, inclusive] = request.direction === 'forward' ? ['>', '>='] : ['<', '<=']
  if (!exact) terms.push(request.direction === 'forward' ? `_time >= ${at}` : `_time < ${at}`)
  else terms.push(`_time ${inclusive} ${at} AND (_time ${beyond} ${at} OR _seq ${beyond} ${cursor.sequence})`)
  return terms
}

/** NUL and half a surrogate pair cannot pass into SQL; nor does any stored text hold them. */
const NOT_SQL = /[\0\p{Surrogate}]/u

/** None where JavaScript alone can judge. */
function conditionTerms(condition: Condition, side: PartSide): string[] {
  if (condition.kind === 'text') return condition.invert ? [] : textTerms(condition, side)
  if (condition.kind !== 'line' || condition.values.some((value) => NOT_SQL.test(value))) return []
  const { op, values } = condition
  switch (op) {
    case '|=':
      return [anyOf(values.flatMap((value) => lineTerms(side, `contains(_line, ${sqlText(value)})`, value)))]
    case '!=':
      return values.map((value) => `NOT coalesce(contains(_line, ${sqlText(value)}), false)`)
    case '|~':
      if (!values.every((value) => isSqlRegex(value, false))) return []
      return [
        anyOf(
          values.flatMap((value) =>
            lineTerms(side, regexTerm('_line', value, false), literalOf(value) ?? ''),
          ),
        ),
      ]
    case '!~':
      // `regexTerm` may match more than the pattern does, so its negation would lose records.
      return []
  }
}

function anyOf(terms: readonly string[]): string {
  return `(${terms.join(' OR ')})`
}

function lineTerms(side: PartSide, test: string, sure: string): string[] {
  return [test, ...shapedTerms(side, sure)]
}

/**
 * Shaped lines have no text of their own. A piece of the needle between characters that end a value stands in one
 * value or in one literal of the shape; where that says nothing, every shaped row is let through.
 */
function shapedTerms({ shapes, columns }: PartSide, needle: string): string[] {
  if (shapes.length === 0) return []
  const pieces = piecesOf(needle, shapes)
  const terms = pieces.map((piece) => {
    const numbers = [...shapes.keys()].filter((i) =>
      literalsOf(shapes[i] as Shape).some((text) => text.includes(piece)),
    )
    const inLiterals = numbers.length > 0 ? [`_shape IN (${numbers.join(',')})`] : []
    const test = `contains(%, ${sqlText(piece)})`
    return anyOf([
      ...inLiterals,
      '_more IS NOT NULL',
      ...columns.flatMap((column) => valueTerms(column, test, piece)),
    ])
  })
  return [`(${['_shape IS NOT NULL', ...terms].join(' AND ')})`]
}

/**
 * Whether DuckDB's RE2 reads a pattern as ours does: it is older, refuses rarer syntax and folds the case of fewer
 * characters.
 */
function isSqlRegex(pattern: string, ignoreCase: boolean): boolean {
  const tree = readRegex(pattern, true)
  return tree !== undefined && (isAscii(pattern) || !(ignoreCase || tree.ignoreCase))
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}

/** With `s` a dot matches newlines as well, so this matches at least what the pattern does. */
function regexTerm(value: string, pattern: string, ignoreCase: boolean): string {
  return `regexp_matches(${value}, ${sqlText(pattern)}, '${ignoreCase ? 'is' : 's'}')`
}

/** In `mixed` columns and `_more` texts are escaped, so every row that has such a value is let through. */
function textTerms(condition: TextCondition, side: PartSide): string[] {
  const { pattern, literal, ignoreCase } = condition
  if (NOT_SQL.test(pattern)) return []
  if (literal ? ignoreCase && !isAscii(pattern) : !isSqlRegex(pattern, ignoreCase)) return []
  const sure =
    literal && !ignoreCase ? pattern : (literalOf(literal ? quoted(pattern) : pattern, { ignoreCase }) ?? '')
  const test =
    literal && !ignoreCase
      ? `contains(%, ${sqlText(pattern)})`
      : regexTerm('%', literal ? quoted(pattern) : pattern, ignoreCase)
  const fields = side.columns.filter((column) => column.class === 'field')
  return [
    anyOf([
      withValue(test, '_line'),
      '_more IS NOT NULL',
      ...fields.flatMap((column) => valueTerms(column, test, literal ? pattern : sure)),
      ...shapedTerms(side, sure),
    ]),
  ]
}

function quoted(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')
}

/** `test` with `%` for the value of a column; `sure` is a literal that what is looked for contains. */
function valueTerms({ name, type }: Column, test: string, sure: string): string[] {
  const value = sqlName(name)
  switch (type) {
    case 'text':
      return [withValue(test, value)]
    case 'mixed':
      return [`${value} IS NOT NULL`]
    case 'boolean':
      return /^[a-z]*$/i.test(sure) ? [withValue(test, `${value}::VARCHAR`)] : []
    case 'integer':
      return /^[-0-9]*$/.test(sure) ? [withValue(test, `${value}::VARCHAR`)] : []
    case 'float':
      // DuckDB writes 5.0 for JavaScript's 5, and very large or small doubles in another form.
      return /^[-+.0-9e]*$/i.test(sure) ? [floatTerm(value, test, sure)] : []
  }
}

/** A function, since `$` has a meaning in replacement texts. */
function withValue(test: string, value: string): string {
  return test.replace('%', () => value)
}

function floatTerm(value: string, test: string, sure: string): string {
  if (sure === '' || !test.startsWith('contains(')) return `${value} IS NOT NULL`
  const text = withValue(test, `${value}::VARCHAR`)
  return `(${text} OR abs(${value}) >= 1e15 OR (${value} <> 0 AND abs(${value}) < 1e-3))`
}
