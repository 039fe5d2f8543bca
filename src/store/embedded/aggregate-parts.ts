// Aggregates of the rows of sealed parts: statements for the parts whose plans agree, and a scan for the rows that
// SQL cannot judge.
import { join } from 'node:path'
import type { Gathering } from '../../record/aggregate.js'
import type { AggregateRequest } from '../../record/aggregate-request.js'
import { fail, messageOf } from '../../errors.js'
import { Dictionary } from '../../record/dictionary.js'
import type { Labels } from '../../record/labels.js'
import type { StoredRecord } from '../../record/record.js'
import type { ScanOptions } from '../../record/scanner.js'
import type { ScanRequest } from '../../record/scan-request.js'
import { type Folding, type StatementRow, fitsSql, statementFor } from './aggregate-sql.js'
import { sqlName, sqlText } from './duck.js'
import type { Hour } from './hour-plan.js'
import type { PartSide } from './part.js'
import { timeTerms } from './part-query.js'
import { type Candidate, type ViewedParts, readAround } from './readable-parts.js'
import { type RowPlan, planRows, streamValues } from './row-plan.js'
import { type Scanned, gatherRest, withRows } from './rest-rows.js'
import { and, or } from './terms.js'

/** A part, and its hours whose rows are wanted; absent: all of them. */
export interface RowCandidate extends Candidate {
  readonly hours?: readonly Hour[] | undefined
}

/** What is asked, and the same as a scan, whose stretch of time the rows have to be in. */
export interface RowRequest {
  readonly request: AggregateRequest
  readonly scan: ScanRequest
  readonly wants: (record: StoredRecord) => boolean
}

/** A statement opens its files one after another, and holds what is grouped in memory. */
const PARTS_A_STATEMENT = 512
/** The most groups of a statement. */
const MOST_GROUPS = 1_000_000

export async function aggregateRows(
  source: ViewedParts,
  candidates: readonly RowCandidate[],
  asked: RowRequest,
  {
    gathering,
    options,
    alone,
  }: {
    readonly gathering: Gathering
    readonly options: ScanOptions
    /** Whether nothing else is gathered, so that what cannot be joined may be folded whole. */
    readonly alone: boolean
  },
): Promise<void> {
  const { planned, scanned } = planAll(candidates, asked)
  const rest = await withRows(source, scanned, options)
  await gatherRest(source, rest, asked, { gathering, options })
  if (gathering.unreadable()) return
  const whole = alone && rest.length === 0 && planned.length === 1 && hasApartWindows(asked.request)
  for (const set of planned)
    for (let at = 0; at < set.candidates.length; at += PARTS_A_STATEMENT) {
      const some = set.candidates.slice(at, at + PARTS_A_STATEMENT)
      const folding = whole && some.length === set.candidates.length ? 'whole' : 'pieces'
      const rows = await readStatement(source, some, { set, asked, folding, options })
      const named = labelNamer(set.plan)
      for (const { values, stretch, folded } of rows) gathering.join(named(values), stretch, folded)
    }
}

interface PlannedSet {
  readonly plan: RowPlan
  readonly where: string
  readonly candidates: RowCandidate[]
}

function planAll(
  candidates: readonly RowCandidate[],
  { request, scan }: RowRequest,
): { readonly planned: readonly PlannedSet[]; readonly scanned: readonly Scanned[] } {
  const values = streamValues(candidates)
  const sets = new Map<string, PlannedSet>()
  const scanned: Scanned[] = []
  const fits = fitsSql(request.windows)
  for (const candidate of candidates) {
    const { side } = candidate
    const hours = hoursSql(side, candidate.hours)
    const plan = fits ? planRows(side, request, values) : undefined
    const where = and([hours, ...timeTerms(side.unit, scan, undefined), ...sequenceTerms(scan)])
    if (!plan) {
      scanned.push({ ...candidate, rest: hours })
      continue
    }
    if (plan.rest !== 'false')
      scanned.push({
        ...candidate,
        rest: and([plan.rest, hours]),
        rows: { sql: and([plan.rest, where]), types: typesIn(plan.rest, side) },
      })
    if (plan.where === 'false') continue
    const types = typesIn([plan.where, plan.number, ...plan.groups.map(({ sql }) => sql)].join(' '), side)
    const key = JSON.stringify([side.unit, where, plan, types])
    const set = sets.get(key)
    if (set) set.candidates.push(candidate)
    else sets.set(key, { plan, where, candidates: [candidate] })
  }
  return { planned: [...sets.values()], scanned }
}

/** Of the columns that SQL names: DuckDB reads all files of a statement with the types of the first. */
function typesIn(sql: string, { columns }: PartSide): string {
  return columns
    .filter(({ name }) => sql.includes(sqlName(name)))
    .map(({ type }) => type)
    .join()
}

function hoursSql(side: PartSide, hours: readonly Hour[] | undefined): string {
  if (!hours) return 'true'
  return or(
    hours.map(({ from, to }) =>
      and(timeTerms(side.unit, { from, to, direction: 'forward', where: [] }, undefined)),
    ),
  )
}

function sequenceTerms({ sequenceAbove, sequenceUpTo }: ScanRequest): string[] {
  return [
    ...(sequenceAbove === undefined ? [] : [`_seq > ${sequenceAbove}`]),
    ...(sequenceUpTo === undefined ? [] : [`_seq <= ${sequenceUpTo}`]),
  ]
}

/** Whether no two windows share a record, so that a stretch is a window. */
function hasApartWindows({ windows }: AggregateRequest): boolean {
  return !windows || windows.count === 1 || windows.rangeNs <= windows.stepNs
}

async function readStatement(
  source: ViewedParts,
  candidates: readonly RowCandidate[],
  {
    set,
    asked,
    folding,
    options,
  }: {
    readonly set: PlannedSet
    readonly asked: RowRequest
    readonly folding: Folding
    readonly options: ScanOptions
  },
): Promise<Iterable<StatementRow>> {
  const read = async (usable: readonly Candidate[]): Promise<Iterable<StatementRow>> => {
    if (usable.length === 0) return []
    const files = usable.map(({ part }) => sqlText(join(source.cache.data, part.parquet.file)))
    const statement = statementFor(asked.request, set.plan, {
      files: `[${files.join(', ')}]`,
      where: set.where,
      folding,
      limit: MOST_GROUPS + 1,
    })
    const columns = await source.duck.columns(statement.sql, options.signal)
    if ((columns[0]?.length ?? 0) > MOST_GROUPS)
      fail('QUERY_LIMIT', `there are more than ${MOST_GROUPS} groups`, {
        hints: ['group by fewer names, or add matchers'],
      })
    return statement.rows(columns)
  }
  return (await readAround(source, candidates, read, options)).result
}

/** From a row's values to the labels of its series. */
function labelNamer({ groups }: RowPlan): (values: readonly string[]) => Labels {
  const order = [...groups.keys()].sort((a, b) =>
    (groups[a]?.name ?? '') < (groups[b]?.name ?? '') ? -1 : 1,
  )
  return (values) => {
    const labels = new Dictionary<string>()
    for (const i of order) if (values[i]) labels[groups[i]?.name ?? ''] = values[i] as string
    return labels
  }
}

/** Sums that no double can hold make DuckDB refuse; JavaScript calculates on with infinities. */
export function isOutOfRange(error: unknown): boolean {
  return /Out of Range Error/i.test(messageOf(error))
}
