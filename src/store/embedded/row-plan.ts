// How the rows of a part answer an aggregate: by SQL those that it surely judges and reads as JavaScript does, by a
// scan the rest. Parts whose plans have the same text are read by one statement.
import type { AggregateRequest, NumberSource, ViewedName } from '../../record/aggregate-request.js'
import { selectable, textTest } from '../../record/condition.js'
import { LEVELS } from '../../record/level.js'
import type { LogRecord } from '../../record/record.js'
import type { AnyCondition, Condition, LabelCondition } from '../../record/scan-request.js'
import type { Timestamp } from '../../record/time.js'
import { jsonTerms } from './json-terms.js'
import { lookUp, type Lookup } from './lookup.js'
import { numberSql, valueListTerms } from './name-terms.js'
import type { ColumnType, PartSide } from './part.js'
import { conditionTerms, streamsSql } from './part-query.js'
import type { Candidate } from './readable-parts.js'
import type { Stream } from './segment.js'
import { ALWAYS, type Terms, UNKNOWN, allOf, and, doubtful, exactly, not, or } from './terms.js'

export interface GroupColumn {
  readonly name: string
  readonly sql: string
  readonly type: ColumnType
}

export interface RowPlan {
  /** WHERE for the rows that SQL answers for. */
  readonly where: string
  /** WHERE for those that a scan has to; `false` where there are none. */
  readonly rest: string
  readonly groups: readonly GroupColumn[]
  /** The number that is calculated with; undefined where rows or bytes are counted. */
  readonly number: string | undefined
}

/** What the streams of all parts that are read have, so that the same condition is the same SQL for all of them. */
export interface StreamValues {
  readonly tenants: ReadonlySet<string>
  /** All values that a matcher can see under a name. */
  of(name: string): ReadonlySet<string>
}

export function streamValues(candidates: readonly Candidate[]): StreamValues {
  const known = new Map<string, ReadonlySet<string>>()
  const gathered = (values: (stream: Stream) => readonly string[]): ReadonlySet<string> => {
    const found = new Set<string>()
    for (const { side } of candidates)
      for (const stream of side.streams) for (const value of values(stream)) found.add(value)
    return found
  }
  return {
    tenants: gathered(({ tenant }) => [tenant]),
    of(name) {
      let values = known.get(name)
      if (!values) known.set(name, (values = gathered((stream) => visible(stream, name))))
      return values
    },
  }
}

function visible({ tenant, labels }: Stream, name: string): string[] {
  const levels = name === 'level' || name === 'detected_level' ? LEVELS : (['unknown'] as const)
  return levels.map((level) => selectable(recordOf({ tenant, labels }, level), name))
}

/** A record of a stream, for what looks at nothing else. */
export function recordOf({ tenant, labels }: Stream, level: LogRecord['level']): LogRecord {
  return { timestamp: '' as Timestamp, tenant, labels, level, line: '', fields: {} }
}

/** Undefined where a scan has to answer for all rows of the part. */
export function planRows(
  side: PartSide,
  request: AggregateRequest,
  values: StreamValues,
): RowPlan | undefined {
  const groups = groupColumns(request.group, side)
  const measured = measureTerms(request, side)
  if (!groups || !measured) return undefined
  const conditions = (where: AggregateRequest['where']): Terms[] =>
    where.map((condition) => termsFor(condition, side, values))
  const sent = (request.sent ?? []).map((name) => sentTerms(name, side))
  const others = [
    tenantTerms(request, values),
    ...groups.map(({ found }) => doubtful(ALWAYS, found.doubt)),
    ...sent,
    request.lines === undefined ? ALWAYS : jsonTerms(side),
    // A record that lacks what must have been sent is noticed, even where it is the number that it lacks.
    { may: or([measured.terms.may, ...sent.map((one) => not(one.sure))]), sure: measured.terms.sure },
  ]
  return {
    where: allOf([...conditions(ofSent(request)), ...others]).sure,
    rest: restOf([...conditions(request.where), ...others]),
    groups: groups.map(({ name, found }) => ({ name, sql: found.value, type: found.type })),
    number: measured.number,
  }
}

function termsFor(condition: Condition, side: PartSide, values: StreamValues): Terms {
  switch (condition.kind) {
    case 'label':
      return labelTerms(condition, side, values)
    case 'level':
      return valueListTerms('_level', new Set(LEVELS), (level) =>
        (condition.anyOf as readonly string[]).includes(level),
      )
    default:
      return conditionTerms(condition, side)
  }
}

/** The conditions for rows that have what must have been sent: plain comparisons, which DuckDB reads by statistics. */
function ofSent({ where, sent = [] }: AggregateRequest): readonly Condition[] {
  const plain = (one: AnyCondition['of'][number]): AnyCondition['of'][number] =>
    sent.includes(one.name) ? { ...one, missing: undefined } : one
  return where.map((one) => {
    if (one.kind === 'any') return { ...one, of: one.of.map(plain) }
    return one.kind === 'field' || one.kind === 'number' ? plain(one) : one
  })
}

/** What may fulfil all terms, and does not surely fulfil one of those that are not exact. */
function restOf(terms: readonly Terms[]): string {
  const unsure = terms.filter(({ may, sure }) => may !== sure).map(({ sure }) => not(sure))
  return and([allOf(terms).may, or(unsure)])
}

function tenantTerms({ tenants }: AggregateRequest, values: StreamValues): Terms {
  return tenants ? valueListTerms('_tenant', values.tenants, (tenant) => tenants.includes(tenant)) : ALWAYS
}

function labelTerms(condition: LabelCondition, side: PartSide, values: StreamValues): Terms {
  const found = lookUp({ view: 'stream', name: condition.name }, side)
  if (found) return valueListTerms(found.value, values.of(condition.name), textTest(condition))
  const streams = streamsSql(side.streams, { direction: 'forward', where: [condition] })
  return exactly(streams === '' ? 'true' : (streams ?? 'false'))
}

/** Only rows that surely have the name are for SQL to answer. */
function sentTerms(name: string, side: PartSide): Terms {
  if (name === 'detected_level' || side.streams.every(({ labels }) => Object.hasOwn(labels, name)))
    return ALWAYS
  const found = lookUp({ view: 'entry', name }, side)
  return found ? { may: 'true', sure: and([`${found.value} IS NOT NULL`, not(found.doubt)]) } : UNKNOWN
}

interface Grouped {
  readonly name: string
  readonly found: Lookup
}

function groupColumns(group: AggregateRequest['group'], side: PartSide): Grouped[] | undefined {
  const names = 'by' in group ? group.by : namesWithout(group.without, side)
  const groups: Grouped[] = []
  for (const viewed of names ?? []) {
    const found = lookUp(viewed, side)
    if (!found) return undefined
    groups.push({ name: viewed.name, found })
  }
  return names && groups
}

/** More names than this make more series than anybody wants; a scan finds out. */
const MOST_NAMES = 40

/** Undefined where labels or fields may stand in `_more`. */
function namesWithout(without: readonly string[], side: PartSide): ViewedName[] | undefined {
  const columns = new Set(side.columns.map(({ name }) => name))
  const inColumns = side.streams.every(({ labels }) => Object.keys(labels).every((name) => columns.has(name)))
  if (side.more !== false && !inColumns) return undefined
  const names = [...new Set([...columns, 'detected_level'])].filter((name) => !without.includes(name))
  return names.length > MOST_NAMES ? undefined : names.map((name) => ({ view: 'entry', name }))
}

function measureTerms(
  { measure, group }: AggregateRequest,
  side: PartSide,
): { readonly terms: Terms; readonly number: string | undefined } | undefined {
  // What is in `_more` of a row would be names of its series.
  const more = 'without' in group && side.more !== false ? '_more IS NOT NULL' : 'false'
  if (measure.kind === 'count') return { terms: doubtful(ALWAYS, more), number: undefined }
  if (measure.kind === 'bytes') {
    const shaped = side.shapes.length > 0 ? '_shape IS NOT NULL' : 'false'
    return { terms: doubtful(doubtful(ALWAYS, more), shaped), number: undefined }
  }
  if (!('of' in measure)) return undefined
  const number = sourceTerms(measure.of, side)
  return number && { ...number, terms: doubtful(number.terms, more) }
}

function sourceTerms(
  of: NumberSource,
  side: PartSide,
): { readonly terms: Terms; readonly number: string } | undefined {
  const found = lookUp({ view: 'entry', name: of.name }, side)
  if (!found) return undefined
  const { value, present } = numberSql(found, of.reading)
  return { terms: doubtful(present, found.doubt), number: value }
}
