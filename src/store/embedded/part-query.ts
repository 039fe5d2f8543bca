// Questions to one part, as SQL: which rows may fulfil a request. The SQL may let through more than the request
// wants (a record is judged again in JavaScript), but never less.
import { compileConditions } from '../../record/condition.js'
import { LEVELS, type Level } from '../../record/level.js'
import { literalOf } from '../../record/regex.js'
import type { Condition, ScanRequest } from '../../record/scan-request.js'
import { type Timestamp, nsOf, timestampOfNs } from '../../record/time.js'
import type { TimeUnit } from './day-index.js'
import { sqlText } from './duck.js'
import { anyTerms, comparisonTerms, numberTerms } from './name-terms.js'
import type { Part, PartSide } from './part.js'
import type { Stream } from './segment.js'
import { ALWAYS, type Terms, and } from './terms.js'
import { lineTerms, textTerms } from './text-terms.js'
import { piecesOf } from './pieces.js'
import type { WantedWords } from './word-filter.js'
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

/** What a part must hold: for each condition, at least one of its alternatives in full. */
export function wantedWords(where: readonly Condition[]): readonly (readonly WantedWords[])[] {
  return where
    .map((condition) => needles(condition).map(wantedBy))
    .filter(
      (wanted) => wanted.length > 0 && wanted.every(({ words, pieces }) => words.size + pieces.size > 0),
    )
}

function wantedBy(needle: string): WantedWords {
  return { words: innerWords(needle), pieces: piecesOf(needle) }
}

/** Texts of which everything that fulfils a condition contains one; the empty one where none is sure. */
function needles(condition: Condition): string[] {
  if (condition.kind === 'line' && condition.op === '|=') return [...condition.values]
  if (condition.kind === 'line' && condition.op === '|~')
    return condition.values.map((value) => literalOf(value) ?? '')
  if (condition.kind !== 'text' || condition.invert || condition.ignoreCase) return []
  return [(condition.literal ? condition.pattern : literalOf(condition.pattern)) ?? '']
}

/** WHERE for a part's rows; undefined when surely none of them fulfils the request. */
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
    ...request.where.map((condition) => conditionTerms(condition, side).may),
  ]
  const where = and(terms)
  return where === 'false' ? undefined : where
}

/** '' when every row's stream and level will do, undefined when none will. */
export function streamsSql(streams: readonly Stream[], request: ScanRequest): string | undefined {
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

export function timeTerms(unit: TimeUnit, request: ScanRequest, cursor: Cursor | undefined): string[] {
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

/** What the columns of a part say of a condition on texts or fields; streams and levels are judged apart. */
export function conditionTerms(condition: Condition, side: PartSide): Terms {
  switch (condition.kind) {
    case 'line':
      return lineTerms(condition, side)
    case 'text':
      return textTerms(condition, side)
    case 'field':
      return comparisonTerms(condition, 'entry', side)
    case 'number':
      return numberTerms(condition, side)
    case 'any':
      return anyTerms(condition, side)
    case 'label':
    case 'level':
      return ALWAYS
  }
}
