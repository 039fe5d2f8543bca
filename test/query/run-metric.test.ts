// How metric queries read: what is shared, what is not read at all, what stops them, and what they may use.
import { expect, test, vi } from 'vitest'
import { parseMetric } from '#logctl/query/parse.js'
import { type QueryOptions, runMetric } from '#logctl/query/run-metric.js'
import type { LogRecord, StoredRecord } from '#logctl/record/record.js'
import type { ScanRequest } from '#logctl/record/scan-request.js'
import type { Scanner } from '#logctl/record/scanner.js'
import { timestampOfMs } from '#logctl/record/time.js'
import { memoryScanner } from '../laws/memory-scanner.js'

const START_MS = Date.UTC(2025, 0, 11, 9)
const SECOND_NS = 1_000_000_000n

function moment(seconds: number): LogRecord['timestamp'] {
  return timestampOfMs(START_MS + seconds * 1000)
}

/** A record each second, of ten hosts. */
function records(count: number): StoredRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    timestamp: moment(i),
    sequence: i + 1,
    tenant: i % 2 === 0 ? 'even' : 'odd',
    labels: { app: 'web', host: `h${i % 10}` },
    level: 'info' as const,
    line: `{"n":${i}}`,
    fields: { n: i },
  }))
}

interface Watched {
  readonly scanner: Scanner
  readonly scans: ScanRequest[]
  aggregates: number
  yielded: number
}

function watched(count: number): Watched {
  const memory = memoryScanner(20)
  memory.append(...records(count))
  const seen: Watched = {
    scans: [],
    aggregates: 0,
    yielded: 0,
    scanner: {
      ...memory,
      async *scan(request, options) {
        seen.scans.push(request)
        for await (const piece of memory.scan(request, options)) {
          seen.yielded += piece.length
          yield piece
        }
      },
      aggregate(request, options) {
        seen.aggregates++
        return memory.aggregate(request, options)
      },
    },
  }
  return seen
}

function run(
  scanner: Scanner,
  query: string,
  range: { from?: number; to?: number; step?: number; tenants?: string[] } = {},
  options?: QueryOptions,
): ReturnType<typeof runMetric> {
  const { from = 0, to = 100, step = 10, tenants } = range
  const request = { from: moment(from), to: moment(to), stepNs: BigInt(step) * SECOND_NS, tenants }
  return runMetric(scanner, parseMetric(query), request, options)
}

const PIPED = '{app="web"} | json | label_format x=n'

test('ranges over the same lines share one scan, whatever they calculate', async () => {
  const { scanner, scans } = watched(100)
  await run(
    scanner,
    `sum(count_over_time(${PIPED} [10s])) / sum(bytes_rate(${PIPED} [1m])) + sum(count_over_time(${PIPED} [10s]))`,
  )
  expect(scans.length).toBe(1)
})

test('another offset, unwrap or pipeline is another scan', async () => {
  const { scanner, scans } = watched(100)
  await run(scanner, `sum(rate(${PIPED} [10s])) - sum(rate(${PIPED} [10s] offset 5s))`)
  expect(scans.length).toBe(2)
})

test('what the store can calculate is asked of it once', async () => {
  const seen = watched(100)
  const query = 'sum by (host) (rate({app="web"}[10s]))'
  await run(seen.scanner, `${query} + ${query}`)
  expect([seen.aggregates, seen.scans.length]).toEqual([1, 0])
})

test('long gaps between windows are not read', async () => {
  const seen = watched(1000)
  await run(seen.scanner, `sum(count_over_time(${PIPED} [5s]))`, { from: 100, to: 900, step: 100 })
  expect(seen.yielded).toBe(9 * 5)
})

test('a reader of one tenant sees nothing of another', async () => {
  const { scanner } = watched(100)
  for (const query of ['sum(count_over_time({app="web"}[1h]))', `sum(count_over_time(${PIPED} [1h]))`])
    expect(await run(scanner, query, { from: 100, tenants: ['odd'] })).toMatchObject({
      series: [{ values: [50] }],
    })
})

test.each([
  [
    'maxSeries',
    { maxSeries: 9 },
    'sum by (host) (rate({app="web"}[1m]))',
    'maximum number of series (9) reached for',
  ],
  ['maxPoints', { maxPoints: 9 }, 'vector(1)', 'exceeded maximum resolution of 9 points per time series'],
  ['maxRows', { maxRows: 99 }, `rate(${PIPED} [1m])`, 'its limit maxRows of 99'],
  [
    'maxScannedBytes',
    { maxScannedBytes: 500 },
    `sum(rate(${PIPED} [1m]))`,
    'its limit maxScannedBytes of 500',
  ],
  ['maxHeldSamples', { maxHeldSamples: 50 }, `rate(${PIPED} [1m])`, 'its limit maxHeldSamples of 50'],
])('the limit %s', async (_, limits, query, message) => {
  const { scanner } = watched(100)
  await expect(run(scanner, query, {}, { limits })).rejects.toMatchObject({
    code: 'QUERY_LIMIT',
    message: expect.stringContaining(message),
  })
})

test('windows give back what they held', async () => {
  const { scanner } = watched(1000)
  const limits = { maxHeldSamples: 120 }
  const query = `quantile_over_time(0.5, ${PIPED} | unwrap n [1m]) by (app)`
  await expect(run(scanner, query, { to: 1000, step: 60 }, { limits })).resolves.toMatchObject({
    type: 'matrix',
  })
})

test('an aborted query stops, and ends its scans', async () => {
  const { scanner } = watched(500)
  const stopping = new AbortController()
  let ended = false
  const stopped: Scanner = {
    ...scanner,
    async *scan(request) {
      try {
        for await (const piece of scanner.scan(request)) {
          yield piece
          if (++pieces === 3) stopping.abort()
        }
      } finally {
        ended = true
      }
    },
  }
  let pieces = 0
  const query = `sum(rate(${PIPED} [1m]))`
  await expect(run(stopped, query, { to: 500 }, { signal: stopping.signal })).rejects.toMatchObject({
    code: 'INTERRUPTED',
  })
  expect([ended, pieces]).toEqual([true, 3])
})

test('the event loop goes on while a query works', async () => {
  const { scanner } = watched(6_000)
  const all: Scanner = {
    ...scanner,
    async *scan(request) {
      for await (const piece of scanner.scan({ ...request, limit: 1 })) yield piece
      yield records(6_000)
    },
  }
  // A clock that moves with each look at it: how fast the machine is does not matter.
  let nowMs = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 1))
  let turns = 0
  const count = (): void => {
    turns += 1
    next = setImmediate(count)
  }
  let next = setImmediate(count)
  await run(all, `sum(rate(${PIPED} [1h]))`, { to: 6_000, step: 1000 })
  clearImmediate(next)
  clock.mockRestore()
  expect(turns).toBeGreaterThan(20)
})

test('approx_topk is for one moment', async () => {
  const { scanner } = watched(10)
  const query = 'approx_topk(2, sum by (host) (rate({app="web"}[1m])))'
  await expect(run(scanner, query)).rejects.toMatchObject({ code: 'QUERY_INVALID' })
  expect(await runMetric(scanner, parseMetric(query), { at: moment(10) })).toMatchObject({
    samples: [{ labels: { host: 'h0' } }, { labels: { host: 'h1' } }],
  })
})

test('series that become the same are refused', async () => {
  const { scanner } = watched(10)
  await expect(
    run(scanner, 'label_replace(sum by (host) (rate({app="web"}[1m])), "host", "", "host", ".*")'),
  ).rejects.toMatchObject({
    code: 'QUERY_INVALID',
    message: 'two series of the answer have the same labels {}',
  })
})
