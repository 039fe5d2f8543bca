// The laws of every store: what was appended is what is read, in order, by every question, whatever state it is in.
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LogRecord, type StoredRecord, withSortedFields } from '#logctl/record/record.js'
import type { Condition, ScanRequest } from '#logctl/record/scan-request.js'
import type { Scanner } from '#logctl/record/scanner.js'
import { type Timestamp, dayOf, nsOf, timestampOfNs } from '#logctl/record/time.js'
import type { Store } from '#logctl/store/store.js'
import { condition } from '../record/arbitrary-condition.js'
import { labelsOf, select, statsOf } from './memory-scanner.js'
import { storable } from './storable-record.js'

/** A store, and the scanners that must answer as it does. */
export interface Opened {
  readonly store: Store
  readonly readers: Readonly<Record<string, Scanner>>
  readonly cleanup: () => Promise<void>
}

/** Brings the store into a state; appends happen in `batches` of their own. */
export type Prepare = (opened: Opened, batches: readonly (readonly LogRecord[])[]) => Promise<void>

export interface StoreLaws {
  readonly open: () => Promise<Opened>
  readonly states: Readonly<Record<string, Prepare>>
}

const everything: ScanRequest = { direction: 'forward', where: [] }

export async function collect(scanner: Scanner, request: ScanRequest): Promise<StoredRecord[]> {
  const found: StoredRecord[] = []
  for await (const piece of scanner.scan(request)) found.push(...piece)
  return found
}

/** As text, since the order of keys and the difference between absent and undefined count. */
const texts = (records: readonly StoredRecord[]): string[] =>
  records.map(({ timestamp, sequence, tenant, labels, level, line, fields }) =>
    JSON.stringify({ timestamp, sequence, tenant, labels, level, line, fields }),
  )

const request = (records: readonly StoredRecord[]): fc.Arbitrary<ScanRequest> => {
  const moments = records.flatMap(({ timestamp }) =>
    [-1n, 0n, 1n].map((ns) => timestampOfNs(nsOf(timestamp) + ns) as Timestamp),
  )
  const sequence = fc.option(fc.integer({ min: 0, max: records.length + 1 }), { nil: undefined, freq: 6 })
  return fc
    .record({
      direction: fc.constantFrom('forward', 'backward'),
      where: fc.array(condition, { maxLength: 2 }),
      bounds: fc.tuple(fc.option(fc.constantFrom(...moments)), fc.option(fc.constantFrom(...moments))),
      limit: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined, freq: 3 }),
      tenants: fc.option(fc.subarray(['none', 'web', 'boom', 'absent']), { nil: undefined, freq: 4 }),
      sequenceAbove: sequence,
      sequenceUpTo: sequence,
    })
    .map(({ bounds: [one, other], ...rest }) => {
      const swapped = one && other && one > other
      return Object.assign(rest, {
        from: (swapped ? other : one) ?? undefined,
        to: (swapped ? one : other) ?? undefined,
      })
    })
}

/** Compares every scanner with a naive one over `runs` random sets of records, with `requests` questions each. */
export function storeLaws(name: string, laws: StoreLaws, { runs = 6, requests = 40 } = {}): void {
  describe.each(Object.entries(laws.states))(`${name}, %s`, (_state, prepare) => {
    const seeds = Array.from({ length: runs }, (_, i) => i + 1)
    test.each(seeds)('answers as the naive scanner, set %i', async (seed) => {
      const opened = await laws.open()
      const [records = []] = fc.sample(fc.array(storable, { minLength: 1, maxLength: 40 }), {
        seed,
        numRuns: 1,
      })
      const batches = [
        records.slice(0, 7),
        records.slice(7, 8),
        records.slice(8, 20),
        records.slice(20),
      ].filter((batch) => batch.length > 0)
      await prepare(opened, batches)
      const stored = batches.flat().map((record, i) => withSortedFields({ ...record, sequence: i + 1 }))
      for (const [reader, scanner] of Object.entries({ store: opened.store, ...opened.readers })) {
        expect({ reader, found: texts(await collect(scanner, everything)) }).toEqual({
          reader,
          found: texts(select(stored, everything)),
        })
        for (const asked of fc.sample(request(stored), { seed, numRuns: requests })) {
          const found = texts(await collect(scanner, asked))
          expect({ reader, asked, found }).toEqual({ reader, asked, found: texts(select(stored, asked)) })
        }
        await compareCounts(scanner, stored)
      }
      await opened.cleanup()
    })
  })
  describe(`${name}, whatever the state`, () => protocolLaws(laws))
}

async function compareCounts(scanner: Scanner, stored: readonly StoredRecord[]): Promise<void> {
  const days = [...new Set(stored.map(({ timestamp }) => dayOf(timestamp)))].sort()
  expect(await scanner.days()).toEqual(days)
  for (const day of days)
    for (const asked of [{ day }, { day, tenants: ['none', 'web'] }, { day, by: 'app' }]) {
      const found = await scanner.stats(asked)
      const naive = statsOf(stored, asked)
      expect(found && { ...found, files: [] }).toEqual(naive && { ...naive, files: [] })
    }
  const where: Condition[] = [{ kind: 'label', name: 'source', op: '!=', value: 'web' }]
  for (const asked of [{ where: [] }, { where }, { where: [], tenants: ['boom'] }])
    expect(await scanner.labels(asked)).toEqual(labelsOf(stored, asked))
}

function protocolLaws({ open }: StoreLaws): void {
  let opened: Opened
  let records: LogRecord[]

  beforeAll(async () => {
    opened = await open()
    records = fc.sample(storable, { seed: 7, numRuns: 30 })
  })
  afterAll(() => opened.cleanup())

  test('sequences rise without gap, and identical records are all kept', async () => {
    const twice = [records[0] as LogRecord, records[0] as LogRecord]
    const first = await opened.store.append({ records: twice, rejected: 3 })
    expect(first).toEqual({ firstSequence: 1, accepted: 2, rejected: 3, repeated: false })
    expect((await opened.store.append({ records: records.slice(1, 3) })).firstSequence).toBe(3)
    expect(await opened.store.newestSequence()).toBe(4)
    expect(await collect(opened.store, everything)).toHaveLength(4)
  })

  test('a key is stored once: later, at the same time, and after sealing', async () => {
    const batch = { records: records.slice(3, 5), idempotencyKey: 'key', rejected: 1 }
    const [one, two] = await Promise.all([opened.store.append(batch), opened.store.append(batch)])
    expect(one).toMatchObject({ accepted: 2, rejected: 1, repeated: false })
    expect(two).toEqual({ ...one, repeated: true })
    await opened.store.seal()
    expect(await opened.store.append(batch)).toEqual({ ...one, repeated: true })
    expect(await collect(opened.store, everything)).toHaveLength(6)
  })

  test('a follower sees every record once, in order, while batches come and are sealed', async () => {
    const start = await opened.store.newestSequence()
    const stop = new AbortController()
    const seen: number[] = []
    const following = (async () => {
      for await (const piece of opened.store.follow(
        { sequenceAbove: 2, where: [] },
        { signal: stop.signal },
      )) {
        seen.push(...piece.map(({ sequence }) => sequence))
        // A slow reader: what it has not taken is sealed under it.
        if (seen.length % 3 === 0) await new Promise((resolve) => void setTimeout(resolve, 5))
        if (seen.at(-1) === start + 25) stop.abort()
      }
    })()
    for (let i = 0; i < 25; i++) {
      await opened.store.append({ records: [records[i] as LogRecord] })
      if (i % 6 === 5) await opened.store.seal()
    }
    await following
    expect(seen).toEqual(Array.from({ length: start + 25 - 2 }, (_, i) => i + 3))
  })

  test('dropping a day takes it whole and leaves the others', async () => {
    const before = await collect(opened.store, everything)
    const days = await opened.store.daysOnDisk()
    expect(days.map(({ day }) => day)).toEqual(await opened.store.days())
    const [first] = days
    const dropped = await opened.store.drop([first?.day ?? dayOf('' as Timestamp)])
    expect(dropped.map(({ day, records: count }) => ({ day, count }))).toEqual([
      { day: first?.day, count: before.filter(({ timestamp }) => dayOf(timestamp) === first?.day).length },
    ])
    const left = before.filter(({ timestamp }) => dayOf(timestamp) !== first?.day)
    expect(texts(await collect(opened.store, everything))).toEqual(texts(left))
    expect(await opened.store.days()).toEqual(days.slice(1).map(({ day }) => day))
  })

  test('what cannot be answered is refused before anything is read', async () => {
    const [from, to] = ['2025-01-12T00:00:00.000000000Z', '2025-01-11T00:00:00.000000000Z'] as Timestamp[]
    await expect(collect(opened.store, { ...everything, from, to })).rejects.toMatchObject({
      code: 'QUERY_INVALID',
    })
    const where: Condition[] = [{ kind: 'line', op: '|~', values: ['('] }]
    await expect(collect(opened.store, { ...everything, where })).rejects.toMatchObject({
      code: 'PATTERN_INVALID',
    })
  })

  test('after close nothing is taken', async () => {
    await opened.store.close()
    await expect(opened.store.append({ records: records.slice(0, 1) })).rejects.toMatchObject({
      code: 'STOPPING',
    })
  })
}
