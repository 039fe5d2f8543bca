// What volumes of logs need: the arithmetic of three teams, and the edges of it.
import { expect, test } from 'vitest'
import { chooseServer } from '#logctl/upkeep/capacity/choose-server.js'
import { bytesText } from '#logctl/upkeep/capacity/bytes-text.js'
import { type Statements, statedLoad } from '#logctl/upkeep/capacity/loads.js'
import { type CapacityWish, planCapacity, WORKING_BYTES } from '#logctl/upkeep/capacity/plan-capacity.js'
import { measuredLoad } from '#logctl/upkeep/capacity/measured-load.js'
import type { Day } from '#logctl/record/time.js'

const GB = 1e9

function load(said: Partial<Statements>) {
  const stated = statedLoad({ services: [], lineBytes: 350, ...said })
  if (!stated) throw new Error('nothing was stated')
  return stated
}

function plan(said: Partial<Statements>, wish: Partial<CapacityWish> = {}) {
  const usual = { retentionDays: 30, ratio: 6, plainFiles: false, connections: 200, peak: 10, headroom: 0.2 }
  return planCapacity({ ...usual, load: load(said), ...wish })
}

test('ten GB a day for thirty days are 300 GB, and plain files need them on disk', () => {
  const packed = plan({ perDay: '10GB' })
  expect(packed.disk).toMatchObject({ raw_bytes: 300 * GB, stored_bytes: 50 * GB, needed_bytes: 75 * GB })
  const { disk, server } = plan({ perDay: '10GB' }, { plainFiles: true })
  expect(disk.needed_bytes).toBe((50 * GB + 300 * GB + WORKING_BYTES) / 0.8)
  expect(server).toMatchObject({
    type: 'cx23',
    volume_bytes: 450 * GB,
    volume_eur_month: 25.74,
    eur_month: 29.73,
  })
})

test('fifty-five small services and two noisy ones are 75 MB a day', () => {
  const { load: sum, disk } = plan({ services: ['55x1MB', '2x10MB'] })
  expect(sum).toMatchObject({ bytes_per_day: 75e6, how: '55 × 1 MB + 2 × 10 MB' })
  expect(disk.raw_bytes).toBe(2.25 * GB)
})

test('a host is about 1 MB a day, a check half of it', () => {
  expect(plan({ hosts: 1 }).load.bytes_per_day / 1e6).toBeCloseTo(1, 1)
  expect(plan({ checks: 1 }).load.bytes_per_day / 1e6).toBeCloseTo(0.5, 1)
  expect(plan({ hosts: 10, checks: 20 }).load.lines_per_day).toBe(10 * 1440 + 20 * 2880)
})

test('events a second become bytes, cores and a network', () => {
  const {
    load: sum,
    cores,
    peak_lines_per_s: peak,
    network,
  } = plan({ eventsPerSecond: 50_000, lineBytes: 200 })
  expect([sum.bytes_per_day, peak, cores]).toEqual([864 * GB, 500_000, 4])
  expect(network).toEqual({ average_bits_per_s: 80e6, peak_bits_per_s: 800e6 })
})

test('days until full: never where the retention comes first', () => {
  const perDay = '6GB'
  const days = (freeBytes: number, storedBytes = 0) =>
    plan({ perDay }, { freeBytes, storedBytes, headroom: 0 }).days_until_full
  expect(days(100 * GB)).toBeNull()
  expect(days(10.5 * GB)).toBe(10)
  expect(days(10 * GB, 20 * GB)).toBeNull()
  expect(days(0)).toBe(0)
})

test('what no type holds has none, and a volume is as large as volumes get', () => {
  expect(chooseServer({ cores: 64, memoryBytes: 1, diskBytes: 1 })).toBeNull()
  expect(chooseServer({ cores: 2, memoryBytes: 1, diskBytes: 20_000 * GB })).toBeNull()
  expect(chooseServer({ cores: 2, memoryBytes: 1, diskBytes: 40 * GB })).toMatchObject({
    type: 'cx23',
    volume_bytes: 0,
  })
  expect(chooseServer({ cores: 5, memoryBytes: 1, diskBytes: 1 })?.type).toBe('cx43')
})

test.each([
  [{ perDay: 'much' }, /--per-day: "much" is no size/],
  [{ services: ['55'] }, /--services 55: must be/],
  [{ services: ['5xbig'] }, /--services: "big" is no size/],
])('%j is refused', (said, why) => {
  expect(() => load(said)).toThrow(why)
})

test('nothing stated is no load', () => {
  expect(statedLoad({ services: [], lineBytes: 350 })).toBeUndefined()
})

test('history counts days that are over; the hot part of a day says nothing of packing', async () => {
  const files = [{ path: 'date=2025-01-10/part-1.parquet', bytes: 100 }]
  const counts: Record<string, { total: number; bytes: number; files: typeof files }> = {
    '2025-01-10': { total: 10, bytes: 1000, files },
    '2025-01-11': { total: 30, bytes: 3000, files: [{ path: 'hot/1.ndjson', bytes: 5000 }] },
    '2025-01-12': { total: 999, bytes: 99_999, files: [] },
  }
  const store = {
    days: () => Promise.resolve(Object.keys(counts) as Day[]),
    stats: ({ day }: { day: Day }) =>
      Promise.resolve(counts[day] && { date: day, errors: 0, by: {}, ...counts[day] }),
    status: () => Promise.reject(new Error('not asked')),
  }
  const measured = await measuredLoad(
    { ...store, status: () => Promise.resolve(STATUS) },
    Date.UTC(2025, 0, 12, 9),
  )
  expect(measured).toMatchObject({ ratio: 10, load: { bytesPerDay: 2000, linesPerDay: 20 } })
  const none = { ...store, days: () => Promise.resolve([]) }
  expect(await measuredLoad(none, Date.UTC(2025, 0, 12))).toBeUndefined()
})

const STATUS = {
  kind: 'embedded' as const,
  path: '/data',
  state: 'ok' as const,
  days: 3,
  parts: 1,
  segments: 1,
  hot_bytes: 5000,
  stored_bytes: 100,
  newest_sequence: 40,
  disk_free_bytes: 1e9,
  disk_total_bytes: 2e9,
  damaged: [],
}

test('sizes are said as disks are sold', () => {
  expect([0, 999, 1000, 999_600, 1.5e6, 3e11, 2e16].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '1 MB',
    '1.5 MB',
    '300 GB',
    '20 PB',
  ])
})
