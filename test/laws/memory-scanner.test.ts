// The judge is judged by hand: what the plain scanner answers for a handful of records.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogRecord } from '#logctl/record/record.js'
import type { Day } from '#logctl/record/time.js'
import { timestampOfRfc3339 } from '#logctl/record/time.js'
import { aggregatesAbout, agreeOnAggregate } from './aggregate-laws.js'
import { memoryScanner } from './memory-scanner.js'
import { storable } from './storable-record.js'

const DAY = '2025-01-11' as Day

function record(time: string, change: Partial<LogRecord> = {}): LogRecord {
  const timestamp = timestampOfRfc3339(time) as LogRecord['timestamp']
  return { timestamp, tenant: 'none', labels: {}, level: 'info', line: 'é', fields: {}, ...change }
}

function filled(): ReturnType<typeof memoryScanner> {
  const scanner = memoryScanner()
  scanner.append(
    record('2025-01-11T09:59:59Z', { labels: { source: 'web', stream: 'stderr' } }),
    record('2025-01-11T09:00:00Z', { labels: { source: 'api' }, level: 'fatal', tenant: 'shop' }),
    record('2025-01-12T00:00:00Z', { labels: { source: 'web', app: 'cart' } }),
    record('2025-01-11T23:00:00Z', { level: 'unknown' }),
  )
  return scanner
}

async function sequencesOf(
  request: Partial<Parameters<ReturnType<typeof memoryScanner>['scan']>[0]>,
): Promise<number[]> {
  const found: number[] = []
  for await (const piece of filled().scan({ where: [], direction: 'forward', ...request }))
    found.push(...piece.map(({ sequence }) => sequence))
  return found
}

test('scans are ordered, bounded and cut off as asked', async () => {
  expect(await sequencesOf({})).toEqual([2, 1, 4, 3])
  expect(await sequencesOf({ direction: 'backward', limit: 2 })).toEqual([3, 4])
  expect(await sequencesOf({ sequenceAbove: 1, sequenceUpTo: 3 })).toEqual([2, 3])
  const [from, to] = ['2025-01-11T09:59:59Z', '2025-01-12T00:00:00Z'].map((time) => timestampOfRfc3339(time))
  expect(await sequencesOf({ from, to })).toEqual([1, 4])
  expect(await sequencesOf({ tenants: ['shop'] })).toEqual([2])
})

test('a day is counted by each of its labels', async () => {
  const scanner = filled()
  expect(await scanner.days()).toEqual(['2025-01-11', '2025-01-12'])
  expect(await scanner.stats({ day: DAY, by: 'app' })).toEqual({
    date: DAY,
    total: 3,
    errors: 2,
    bytes: 6,
    by: {
      app: { none: 3 },
      source: { web: 1, api: 1, none: 1 },
      tenant: { none: 2, shop: 1 },
      stream: { stderr: 1, none: 2 },
      level: { info: 1, fatal: 1, unknown: 1 },
      hour: { '09': 2, '23': 1 },
    },
    files: [],
  })
  expect(await scanner.stats({ day: DAY, tenants: ['nobody'] })).toBeUndefined()
})

test('labels and their values are in order', async () => {
  const labels = await filled().labels({ where: [{ kind: 'label', name: 'source', op: '!=', value: '' }] })
  expect(Object.entries(labels)).toEqual([
    ['app', ['cart']],
    ['source', ['api', 'web']],
    ['stream', ['stderr']],
  ])
  await expect(filled().labels({ where: [{ kind: 'level', anyOf: ['info'] }] })).rejects.toThrow(
    /by labels only/,
  )
})

test('a follower ends when the scanner is closed', async () => {
  const scanner = filled()
  const follower = scanner.follow({ where: [], sequenceAbove: 3 })[Symbol.asyncIterator]()
  expect((await follower.next()).value).toMatchObject([{ sequence: 4 }])
  const next = follower.next()
  await scanner.close()
  expect(await next).toEqual({ done: true, value: undefined })
})

test('aggregates of a scan are what their definition gives', async () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const scanner = memoryScanner()
    const [records = []] = fc.sample(fc.array(storable, { minLength: 1, maxLength: 40 }), {
      seed,
      numRuns: 1,
    })
    const stored = scanner.append(...records)
    const none = fc.constant({ kind: 'line', op: '|=', values: [''] } as const)
    for (const request of fc.sample(aggregatesAbout(stored, none), { seed, numRuns: 150 }))
      await agreeOnAggregate(scanner, stored, request)
  }
})
