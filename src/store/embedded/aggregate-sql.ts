// One statement over parts whose plans agree: groups and stretches of time with what is folded of each, and how its
// rows are read.
import type { AggregateRequest, Measure, Windows } from '../../record/aggregate-request.js'
import { fieldText } from '../../record/record.js'
import type { Folded } from '../../record/fold.js'
import { type Timestamp, nsOf, timestampOfNs } from '../../record/time.js'
import { decodeMixed } from './columns.js'
import type { ColumnType } from './part.js'
import type { RowPlan } from './row-plan.js'
import { and } from './terms.js'

/** How the values of a group are folded: in SQL whole, where no other rows share it, or so that pieces can be joined. */
export type Folding = 'whole' | 'pieces'

export interface Statement {
  readonly sql: string
  /** Reads the columns of the result. */
  rows(columns: readonly (readonly unknown[])[]): Iterable<StatementRow>
}

export interface StatementRow {
  /** By the names of the plan's groups; missing ones are the empty text. */
  readonly values: readonly string[]
  readonly stretch: number
  readonly folded: Folded
}

/** `files` is an SQL list; `where` is what rows have to fulfil besides the plan. At most `limit` rows. */
export function statementFor(
  { measure, windows }: AggregateRequest,
  plan: RowPlan,
  scope: {
    readonly files: string
    readonly where: string
    readonly folding: Folding
    readonly limit: number
  },
): Statement {
  const stretch = stretchSql(windows)
  const keys = [...plan.groups.map(({ sql }) => sql), ...(stretch === undefined ? [] : [stretch])]
  const folds = foldSql(measure, plan.number ?? '', scope.folding)
  const select = [...keys, ...folds]
  const grouped = keys.length === 0 ? '' : ` GROUP BY ${keys.map((_, i) => i + 1).join(', ')}`
  const where = and([plan.where, scope.where])
  return {
    sql: `SELECT ${select.join(', ')} FROM read_parquet(${scope.files}) WHERE ${where}${grouped} LIMIT ${scope.limit}`,
    *rows(columns) {
      const read = foldReader(measure, scope.folding)
      const folded = columns.slice(keys.length)
      for (let row = 0; row < (columns[0]?.length ?? 0); row++) {
        const one = read(folded.map((column) => column[row]))
        if (!one) continue
        const values = plan.groups.map(({ type }, i) => textOf(columns[i]?.[row], type))
        const number = stretch === undefined ? 0 : Number(columns[plan.groups.length]?.[row])
        yield { values, stretch: number, folded: one }
      }
    },
  }
}

function textOf(value: unknown, type: ColumnType): string {
  if (value === null || value === undefined) return ''
  if (type === 'mixed') return fieldText(decodeMixed(String(value)))
  return String(value)
}

/** The number of the stretch that a row falls into; see `stretchesOf`. Undefined where there is only number 0. */
function stretchSql(windows: Windows | undefined): string | undefined {
  if (!windows || windows.count === 1) return undefined
  const { first, stepNs, rangeNs } = windows
  const wholeSteps = rangeNs / stepNs
  const restNs = rangeNs % stepNs
  // Counted from so far back that no quotient is negative: SQL rounds those towards zero.
  const steps = wholeSteps + 1n
  const sinceNs = `(epoch_ns(_time) - ${nsOf(first) - steps * stepNs + 1n})`
  const step = `(${sinceNs} // ${stepNs} + ${1n - steps})`
  if (restNs === 0n) return `2 * ${step}`
  return `2 * ${step} + (${sinceNs} % ${stepNs} >= ${stepNs - restNs})::INTEGER`
}

/** Longer spans of windows could overflow 64 bits of nanoseconds. */
const MOST_NS = 2n ** 61n

/** Whether SQL can calculate with the windows. */
export function fitsSql(windows: Windows | undefined): boolean {
  if (!windows) return true
  const { first, stepNs, rangeNs, count } = windows
  const span = stepNs * BigInt(count) + 2n * (rangeNs + stepNs)
  const ns = nsOf(first)
  return span < MOST_NS && (ns < 0n ? -ns : ns) < 2n ** 62n
}

function foldSql(measure: Measure, number: string, folding: Folding): string[] {
  switch (measure.kind) {
    case 'count':
      return ['count(*)']
    case 'bytes':
      return ['sum(strlen(_line))']
    case 'sum':
    case 'min':
    case 'max':
      return [`${measure.kind}(${number})`]
    case 'avg':
      return [`count(${number})`, `avg(${number})`]
    case 'stddev':
    case 'stdvar':
      return [`count(${number})`, `avg(${number})`, `var_pop(${number})`]
    case 'first':
    case 'last': {
      const end = measure.kind === 'first' ? 'min' : 'max'
      const whole = `${end}({t: epoch_ns(_time), s: _seq, v: ${number}})`
      return ['t', 's', 'v'].map((key) => `struct_extract(${whole}, '${key}')`)
    }
    case 'quantile':
      return folding === 'whole'
        ? [`quantile_cont(${number}, ${Math.min(1, Math.max(0, measure.q))})`]
        : [`list(${number})`]
  }
}

/** Undefined for a group without rows. */
function foldReader(measure: Measure, folding: Folding): (values: readonly unknown[]) => Folded | undefined {
  switch (measure.kind) {
    case 'count':
    case 'bytes':
      return ([value]) => (Number(value ?? 0) === 0 && measure.kind === 'count' ? undefined : total(value))
    case 'sum':
    case 'min':
    case 'max':
      return ([value]) => total(value)
    case 'avg':
    case 'stddev':
    case 'stdvar':
      return ([count, mean, variance]) => moments(Number(count), Number(mean), Number(variance ?? 0))
    case 'first':
    case 'last':
      return ([ns, sequence, value]) => ordered(ns, sequence, value)
    case 'quantile':
      return ([found]) => {
        if (found === null || found === undefined) return undefined
        // The quantile of one value is that value.
        return { kind: 'samples', values: folding === 'whole' ? [Number(found)] : listOf(found) }
      }
  }
}

function total(value: unknown): Folded | undefined {
  return value === null || value === undefined ? undefined : { kind: 'total', value: Number(value) }
}

function moments(count: number, mean: number, variance: number): Folded | undefined {
  return count === 0 ? undefined : { kind: 'moments', count, mean, squares: variance * count }
}

function ordered(ns: unknown, sequence: unknown, value: unknown): Folded | undefined {
  if (ns === null || ns === undefined) return undefined
  const timestamp = timestampOfNs(BigInt(ns as bigint)) as Timestamp
  return { kind: 'ordered', timestamp, sequence: Number(sequence), value: Number(value) }
}

/** A list as DuckDB's client gives it. */
function listOf(value: unknown): number[] {
  return [...(value as { readonly items: readonly number[] }).items]
}
