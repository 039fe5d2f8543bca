// What is known of a day while it is hot: its counts are those of its records, and stats made from them are right.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LEVELS } from '#logctl/record/level.js'
import type { LogRecord } from '#logctl/record/record.js'
import { type Day, type Timestamp, dayOf, timestampOfNs } from '#logctl/record/time.js'
import {
  BOOLEAN,
  DayIndex,
  FLOAT,
  INTEGER,
  TEXT,
  countKey,
  readCountKey,
} from '#logctl/store/embedded/day-index.js'
import { addTotals, statsOf, totalsOf } from '#logctl/store/embedded/day-totals.js'
import { countsOf } from '#logctl/store/embedded/seal.js'
import { Segment } from '#logctl/store/embedded/segment.js'
import * as judge from '../../laws/memory-scanner.js'
import { storable } from '../../laws/storable-record.js'

test('a count’s key says its stream, level and hour', () => {
  for (const stream of [0, 1, 2_999, 1_000_000])
    for (const level of LEVELS)
      for (const hour of [0, 7, 23])
        expect(readCountKey(countKey(stream, level, hour))).toEqual({ stream, level, hour })
})

function indexOf(...changes: Partial<LogRecord>[]): DayIndex {
  const index = new DayIndex()
  for (const change of changes)
    index.add(
      { timestamp: at(0n), tenant: 'none', labels: {}, level: 'info', line: '', fields: {}, ...change },
      0,
      10,
    )
  return index
}

const at = (ns: bigint): Timestamp => timestampOfNs(1_736_553_600_000_000_000n + ns) as Timestamp

describe('the unit of time', () => {
  test.each([
    [[0, 5_000_000], 'ms'],
    [[0, 5_000], 'us'],
    [[1, 5_000], 'ns'],
    [[5_000, 1, 0], 'ns'],
  ])('of %j nanoseconds is %s', (moments, unit) => {
    expect(indexOf(...moments.map((ns) => ({ timestamp: at(BigInt(ns)) }))).unit).toBe(unit)
  })
})

test('it knows first and last moment, bytes, and what stands at an hour’s first nanosecond', () => {
  const hour = 3_600_000_000_000n
  const index = indexOf(
    { timestamp: at(hour), line: 'é' },
    { timestamp: at(hour + 1n), line: 'ab' },
    { timestamp: at(5n) },
  )
  expect([index.from, index.to, index.records, index.bytes, index.hotBytes]).toEqual([
    at(5n),
    at(hour + 1n),
    3,
    4,
    30,
  ])
  expect(countsOf(index, [0])).toEqual([
    [0, 'info', 1, 2, 4, 1],
    [0, 'info', 0, 1, 0, 0],
  ])
})

test('it knows the types of fields, and their texts while they are few', () => {
  const many = Array.from({ length: 2_001 }, (_, i) => ({
    fields: { many: `text ${i}`, n: i % 2 ? i : 'x' },
  }))
  const { fields } = indexOf({ fields: { n: 0.5, few: 'a' } }, { fields: { b: true, few: 'b' } }, ...many)
  expect(fields.get('n')).toMatchObject({
    types: INTEGER | FLOAT | TEXT,
    texts: new Set(['x']),
    records: 2_002,
  })
  expect(fields.get('few')).toMatchObject({ types: TEXT, texts: new Set(['a', 'b']) })
  expect(fields.get('b')).toMatchObject({ types: BOOLEAN })
  expect(fields.get('many')?.texts).toBeUndefined()
})

test('stats from the counts of several segments are those of all their records', () => {
  fc.assert(
    fc.property(fc.array(storable, { minLength: 1, maxLength: 12 }), fc.nat(12), (records, cut) => {
      const stored = records.map((record, i) => ({ ...record, sequence: i + 1 }))
      for (const day of new Set(records.map(({ timestamp }) => dayOf(timestamp))))
        for (const tenants of [undefined, ['none', 'web']]) {
          const halves = [records.slice(0, cut), records.slice(cut)].map((half) => totalsOfDay(half, day))
          const found = statsOf(day, addTotals(halves[0] ?? {}, halves[1] ?? {}), tenants, [])
          expect(found).toEqual(judge.statsOf(stored, { day, tenants }))
        }
    }),
  )
})

function totalsOfDay(records: readonly LogRecord[], day: Day): ReturnType<typeof totalsOf> {
  const segment = new Segment('', 1)
  const index = new DayIndex()
  for (const record of records.filter(({ timestamp }) => dayOf(timestamp) === day))
    index.add(record, segment.streamNumber(record.tenant, record.labels), 1)
  return totalsOf(countsOf(index, [...segment.streams.keys()]), segment.streams)
}

test('values are counted in order: the frequent first, equal ones by name', () => {
  const sources = ['b', 'a', 'c', 'c', '', 'constructor']
  const segment = new Segment('', 1)
  const index = indexOf()
  for (const source of sources) {
    const labels = { source }
    const record = { timestamp: at(0n), tenant: 'none', labels, level: 'info', line: '', fields: {} } as const
    index.add(record, segment.streamNumber('none', labels), 1)
  }
  const stats = statsOf(
    '2025-01-11' as Day,
    totalsOf(countsOf(index, [...segment.streams.keys()]), segment.streams),
    undefined,
    [],
  )
  expect(Object.entries(stats?.by['source'] ?? {})).toEqual([
    ['c', 2],
    ['a', 1],
    ['b', 1],
    ['constructor', 1],
    ['none', 1],
  ])
})
