// The sums of a day that `stats` prints, per tenant: kept in the day's manifest for what is sealed, and made
// from the index of a segment for what is still hot.
import type { Labels } from '../../record/labels.js'
import { LEVELS } from '../../record/level.js'
import { isError } from '../../record/record.js'
import type { DayStats } from '../../record/scanner.js'
import type { Day } from '../../record/time.js'
import type { PartCount } from './part.js'
import type { Stream } from './segment.js'

/** By value: how many records. */
type Tally = Readonly<Record<string, number>>

interface TenantTotals {
  readonly records: number
  readonly errors: number
  /** Bytes of the lines. */
  readonly bytes: number
  readonly source: Tally
  readonly stream: Tally
  readonly level: Tally
  /** `00`–`23`. */
  readonly hour: Tally
}

/** By tenant. */
export type DayTotals = Readonly<Record<string, TenantTotals>>

const TALLIES = ['source', 'stream', 'level', 'hour'] as const

/** The value that stats counts: a label that is missing, or empty as Loki sees missing ones, is `none`. */
export function labelOrNone(labels: Labels, name: string): string {
  return (Object.hasOwn(labels, name) && labels[name]) || 'none'
}

/** Sums that grow in place: a segment has thousands of counts, and copying a tally for each costs more than the rest. */
interface GrowingTotals {
  records: number
  errors: number
  bytes: number
  readonly source: Record<string, number>
  readonly stream: Record<string, number>
  readonly level: Record<string, number>
  readonly hour: Record<string, number>
}

export function totalsOf(counts: readonly PartCount[], streams: readonly Stream[]): DayTotals {
  const totals = Object.create(null) as Record<string, GrowingTotals>
  for (const [number, level, hour, records, bytes] of counts) {
    const { tenant, labels } = streams[number] as Stream
    const sum = (totals[tenant] ??= noTotals())
    sum.records += records
    sum.bytes += bytes
    if (isError(labels['stream'], level)) sum.errors += records
    count(sum.source, labelOrNone(labels, 'source'), records)
    count(sum.stream, labelOrNone(labels, 'stream'), records)
    count(sum.level, level, records)
    count(sum.hour, String(hour).padStart(2, '0'), records)
  }
  return totals
}

function noTotals(): GrowingTotals {
  return { records: 0, errors: 0, bytes: 0, source: tally(), stream: tally(), level: tally(), hour: tally() }
}

function tally(): Record<string, number> {
  return Object.create(null) as Record<string, number>
}

function count(tally: Record<string, number>, value: string, records: number): void {
  tally[value] = (tally[value] ?? 0) + records
}

export function addTotals(a: DayTotals, b: DayTotals): DayTotals {
  const sum: Record<string, TenantTotals> = Object.assign(Object.create(null) as object, a)
  for (const [tenant, totals] of Object.entries(b)) {
    const before = sum[tenant]
    sum[tenant] = before ? addTenant(before, totals) : totals
  }
  return sum
}

function addTenant(a: TenantTotals, b: TenantTotals): TenantTotals {
  return {
    records: a.records + b.records,
    errors: a.errors + b.errors,
    bytes: a.bytes + b.bytes,
    source: addTally(a.source, b.source),
    stream: addTally(a.stream, b.stream),
    level: addTally(a.level, b.level),
    hour: addTally(a.hour, b.hour),
  }
}

function addTally(a: Tally, b: Tally): Tally {
  const sum: Record<string, number> = Object.assign(Object.create(null) as object, a)
  for (const [value, records] of Object.entries(b)) sum[value] = (sum[value] ?? 0) + records
  return sum
}

/** The contract's stats of a day, for the tenants that may be seen; undefined when they have nothing there. */
export function statsOf(
  day: Day,
  totals: DayTotals,
  tenants: readonly string[] | undefined,
  files: DayStats['files'],
): DayStats | undefined {
  const seen = Object.entries(totals).filter(([tenant]) => !tenants || tenants.includes(tenant))
  if (seen.length === 0) return undefined
  const all = seen.map(([, totals]) => totals).reduce(addTenant)
  const tenant: Tally = Object.fromEntries(seen.map(([name, totals]) => [name, totals.records]))
  const [source, stream, level, hour] = TALLIES.map((key) => all[key])
  return {
    date: day,
    total: all.records,
    errors: all.errors,
    bytes: all.bytes,
    by: {
      source: byCount(source as Tally),
      tenant: byCount(tenant),
      stream: byCount(stream as Tally),
      level: byCount(
        level as Tally,
        (a, b) => (LEVELS as readonly string[]).indexOf(a) - (LEVELS as readonly string[]).indexOf(b),
      ),
      hour: Object.fromEntries(Object.entries(hour as Tally).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
    files,
  }
}

/** Most frequent first; equal counts by name, so that every store prints the same text. */
export function byCount(tally: Tally, compare = (a: string, b: string): number => (a < b ? -1 : 1)): Tally {
  return Object.fromEntries(Object.entries(tally).sort(([a, x], [b, y]) => y - x || compare(a, b)))
}
