// The embedded store at its limits: more rows than a statement returns, more fields than a part has columns, more
// streams and longer lines than anybody sends. Hot, sealed and merged it answers as the plain scanner does.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LEVELS } from '#logctl/record/level.js'
import type { LogRecord, StoredRecord } from '#logctl/record/record.js'
import type { ScanRequest } from '#logctl/record/scan-request.js'
import { type Day, dayOf, timestampOfMs } from '#logctl/record/time.js'
import { openHot, openMerged, openSealed } from './embedded-states.js'
import { labelsOf, select, statsOf } from './memory-scanner.js'
import { collect, startFollowing, stored, textsOf } from './reading.js'
import type { OpenStore } from './store.js'

const START = Date.UTC(2025, 0, 11, 23, 50)
const base = (i: number): LogRecord => ({
  timestamp: timestampOfMs(START + i, i % 7 === 0 ? i % 1_000_000 : 0),
  tenant: 'none',
  labels: { service_name: `service ${i % 5}` },
  level: LEVELS[i % 7] as LogRecord['level'],
  line: `line ${i}`,
  fields: {},
})

/** Half of them at one moment, so that the places between pieces lie within it, for two statements and more. */
const MANY = Array.from({ length: 40_000 }, (_, i): LogRecord => ({
  ...base(i),
  timestamp: i % 2 === 0 ? timestampOfMs(START) : timestampOfMs(START + (i % 3) * 200_000, i),
  fields: { n: i, even: i % 2 === 0 },
}))

const FIELDS = Array.from({ length: 500 }, (_, i): LogRecord => ({
  ...base(i),
  fields: Object.fromEntries(
    Array.from({ length: 10 }, (_, k) => {
      const n = (i * 5 + k) % 2_500
      const value = n % 4 === 0 ? i : n % 4 === 1 ? i / 7 : n % 4 === 2 ? i % 2 === 0 : `text ${i}`
      return [`field ${n}`, i % 50 === 0 ? String(value) : value]
    }),
  ),
}))

const STREAMS = Array.from({ length: 3_000 }, (_, i): LogRecord => ({
  ...base(i),
  tenant: `tenant-${i % 3}`,
  labels: { pod: `pod-${(i * 7919) % 3_000}`, service_name: `s${i % 10}`, [`l${i % 40}`]: 'x' },
}))

const LONG = Array.from({ length: 60 }, (_, i): LogRecord => ({
  ...base(i * 40_000),
  line: `${'x'.repeat(i * 2_000)} needle-${i} ${'😀 '.repeat(10)}${'é'.repeat(100_000 - i * 1_500)}`,
  fields: { stack: `at ${'frame\n'.repeat(i * 300)}`, note: i % 2 ? 'n'.repeat(5_000) : i },
}))

interface Extreme {
  readonly name: string
  readonly records: readonly LogRecord[]
  readonly batch: number
  readonly requests: readonly Partial<ScanRequest>[]
}

const line = (op: '|=' | '!=' | '|~' | '!~', ...values: string[]) => [{ kind: 'line', op, values } as const]
const text = (pattern: string, literal = true) => [
  { kind: 'text', pattern, literal, ignoreCase: false, invert: false } as const,
]

const EXTREMES: readonly Extreme[] = [
  {
    name: '40,000 records',
    records: MANY,
    batch: 5_000,
    requests: [
      {},
      { direction: 'backward' },
      { limit: 17_000 },
      { limit: 1, where: line('!~', '[1-9]') },
      { limit: 3, direction: 'backward', where: line('!~', '[0-8]$') },
      { where: line('|=', '99'), direction: 'backward' },
      { from: timestampOfMs(START), to: timestampOfMs(START, 1) },
      { from: timestampOfMs(START, 1), direction: 'backward', sequenceAbove: 100, sequenceUpTo: 39_000 },
      { where: text('39999') },
    ],
  },
  {
    name: '2,500 fields',
    records: FIELDS,
    batch: 50,
    requests: [{}, { where: text('true') }, { where: text('^\\d+$', false) }, { where: text('text 49') }],
  },
  {
    name: '3,000 streams',
    records: STREAMS,
    batch: 300,
    requests: [
      {},
      { where: [{ kind: 'label', name: 'pod', op: '=', value: 'pod-77' }] },
      { where: [{ kind: 'label', name: 'pod', op: '=~', value: 'pod-.*[13]' }], tenants: ['tenant-1'] },
      { where: [{ kind: 'label', name: 'l7', op: '=', value: '' }], direction: 'backward' },
      { where: [{ kind: 'label', name: 'detected_level', op: '!=', value: 'info' }] },
    ],
  },
  {
    name: 'lines of 100,000 characters',
    records: LONG,
    batch: 8,
    requests: [
      {},
      { where: line('|=', 'needle-33 ') },
      { where: line('|~', 'needle-[45]\\d ') },
      { where: text('frame\nframe') },
    ],
  },
]

describe.each([
  ['hot', openHot],
  ['sealed', openSealed],
  ['merged', openMerged],
])('%s', (_, open) => {
  describe.each(EXTREMES)('$name', ({ records, batch, requests }) => {
    let opened: OpenStore
    const all: StoredRecord[] = []

    beforeAll(async () => {
      opened = await open()
      for (let at = 0; at < records.length; at += batch) {
        const some = records.slice(at, at + batch)
        all.push(...stored(some, (await opened.store.append({ records: some })).firstSequence))
      }
    })
    afterAll(() => opened.cleanup())

    test.each(requests)('scan %j', async (asked) => {
      const request = { direction: 'forward', where: [], ...asked } as const
      const found = textsOf(await collect(opened.store, request))
      const expected = textsOf(select(all, request))
      expect(found.length).toBe(expected.length)
      // Compared as one, since a difference between long lists is not worth its printing.
      expect(found.findIndex((record, i) => record !== expected[i])).toBe(-1)
    })

    test('follow, counts and labels', async () => {
      const follower = startFollowing(opened.store)
      await follower.count(all.length)
      await follower.stop()
      expect(follower.found.map(({ sequence }) => sequence)).toEqual(all.map(({ sequence }) => sequence))
      for (const day of new Set(all.map(({ timestamp }) => dayOf(timestamp) as Day))) {
        const found = await opened.store.stats({ day, by: 'service_name' })
        expect(found && { ...found, files: [] }).toEqual(statsOf(all, { day, by: 'service_name' }))
      }
      expect(await opened.store.labels({ where: [] })).toEqual(labelsOf(all, { where: [] }))
    })
  })
})
