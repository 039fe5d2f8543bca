// The account of a crash: what was acknowledged, against what is found afterwards.
import { recordToJson, withSortedFields } from '#logctl/record/record.js'
import type { StoredRecord } from '#logctl/record/record.js'
import type { Scanner } from '#logctl/record/scanner.js'
import { dayOf } from '#logctl/record/time.js'
import { expect } from 'vitest'
import { DROPPED, batchOf, placeOf } from './scenario.mjs'

/** What must, may and must not be found. */
export interface Ledger {
  readonly run: string
  readonly acknowledged: ReadonlySet<number>
  /** `begun`: the day is wholly there or wholly gone. */
  readonly drop: 'not begun' | 'begun' | 'done'
  /** Texts of lines that were damaged on purpose. */
  readonly lost?: ReadonlySet<string>
}

/** Every record, once forward and once backward, which must agree; what is missing may be said to `warn`. */
export async function scanAll(scanner: Scanner, warn?: (message: string) => void): Promise<StoredRecord[]> {
  const forward = await collect(scanner.scan({ direction: 'forward', where: [] }, { warn }))
  const backward = await collect(scanner.scan({ direction: 'backward', where: [] }, { warn }))
  expect(backward.map(({ sequence }) => sequence)).toEqual(
    forward.map(({ sequence }) => sequence).toReversed(),
  )
  return forward
}

/** What a follower from the beginning sees until it has seen the newest record. */
export async function followAll(scanner: Scanner): Promise<StoredRecord[]> {
  const newest = await scanner.newestSequence()
  const records: StoredRecord[] = []
  const ended = new AbortController()
  if (newest === 0) return records
  const pieces = scanner.follow({ sequenceAbove: 0, where: [] }, { signal: ended.signal })
  for await (const piece of pieces) {
    records.push(...piece)
    if ((piece.at(-1)?.sequence ?? 0) >= newest) ended.abort()
  }
  return records
}

export async function collect(pieces: AsyncIterable<readonly StoredRecord[]>): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  for await (const piece of pieces) records.push(...piece)
  return records
}

/** Throws unless the records are exactly what the ledger allows. Returns how many acknowledged ones were found. */
export function account(records: readonly StoredRecord[], ledger: Ledger): number {
  const found = new Map<number, Map<number, StoredRecord>>()
  const sequences = new Set<number>()
  for (const record of records) {
    const { run, number, line } = placeOf(record.line)
    expect(run).toBe(ledger.run)
    const batch = found.get(number) ?? new Map<number, StoredRecord>()
    found.set(number, batch)
    expect(batch.has(line), `stored twice: ${record.line}`).toBe(false)
    expect(sequences.has(record.sequence), `sequence ${record.sequence} given twice`).toBe(false)
    batch.set(line, record)
    sequences.add(record.sequence)
  }
  const dropped = isDropped(records, ledger)
  for (const number of ledger.acknowledged) compareBatch(number, found.get(number), { ledger, dropped })
  for (const [number, batch] of found)
    if (!ledger.acknowledged.has(number)) compareBatch(number, batch, { ledger, dropped })
  return records.filter(({ line }) => ledger.acknowledged.has(placeOf(line).number)).length
}

function isDropped(records: readonly StoredRecord[], { drop }: Ledger): boolean {
  const there = records.some(({ timestamp }) => dayOf(timestamp) === DROPPED)
  if (drop === 'done') expect(there, 'the dropped day came back').toBe(false)
  return drop !== 'not begun' && !there
}

/** A batch is there whole, but for what was dropped or damaged. */
function compareBatch(
  number: number,
  batch: ReadonlyMap<number, StoredRecord> | undefined,
  { ledger, dropped }: { readonly ledger: Ledger; readonly dropped: boolean },
): void {
  const written = batchOf(ledger.run, number).records
  const wanted = written.filter(
    ({ timestamp, line }) => !(dropped && dayOf(timestamp) === DROPPED) && !ledger.lost?.has(line),
  )
  const stored = [...(batch?.values() ?? [])].sort((a, b) => a.sequence - b.sequence)
  expect(stored.map(recordToJson), `batch ${number}`).toEqual(
    wanted.map((record) => recordToJson(withSortedFields(record))),
  )
}

/** The totals of every day are what scanning it finds. */
export async function compareStats(scanner: Scanner, records: readonly StoredRecord[]): Promise<void> {
  const counted = new Map<string, number>()
  for (const { timestamp } of records) counted.set(dayOf(timestamp), (counted.get(dayOf(timestamp)) ?? 0) + 1)
  const days = await scanner.days()
  expect([...days]).toEqual([...counted.keys()].sort())
  for (const day of days) expect((await scanner.stats({ day }))?.total, day).toBe(counted.get(day))
}
