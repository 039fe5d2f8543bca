// Log queries end their scan as soon as they have what was asked, and thin out what comes too close.
import { expect, test } from 'vitest'
import { parseLog } from '#logctl/query/parse.js'
import { type LogEntry, type LogRequest, runLog } from '#logctl/query/run-log.js'
import type { QueryOptions } from '#logctl/query/run-metric.js'
import type { ScanRequest } from '#logctl/record/scan-request.js'
import type { Scanner } from '#logctl/record/scanner.js'
import { timestampOfMs } from '#logctl/record/time.js'
import { memoryScanner } from '../laws/memory-scanner.js'

const START_MS = Date.UTC(2025, 0, 11, 9)
const scans: ScanRequest[] = []
let yielded = 0

function scanner(): Scanner {
  const memory = memoryScanner(10)
  for (let i = 0; i < 200; i++)
    memory.append({
      timestamp: timestampOfMs(START_MS + i * 1000),
      tenant: 'none',
      labels: { app: 'web' },
      level: 'info',
      line: `{"n":${i},"k":"${i % 5}"}`,
      fields: { host: `h${i % 2}` },
    })
  scans.length = 0
  yielded = 0
  return {
    ...memory,
    async *scan(request, options) {
      scans.push(request)
      for await (const piece of memory.scan(request, options)) {
        yielded += piece.length
        yield piece
      }
    },
  }
}

async function entries(
  query: string,
  request: Partial<LogRequest> = {},
  options?: QueryOptions,
): Promise<LogEntry[]> {
  const found: LogEntry[] = []
  for await (const piece of runLog(scanner(), parseLog(query), { direction: 'forward', ...request }, options))
    found.push(...piece)
  return found
}

test('the limit is counted behind the pipeline, and ends the scan', async () => {
  const found = await entries('{app="web"} | json | k="3"', { limit: 2 })
  expect(found.map(({ labels }) => labels.parsed)).toEqual([
    { k: '3', n: '3' },
    { k: '3', n: '8' },
  ])
  expect(yielded).toBe(10)
  expect(scans[0]?.limit).toBeUndefined()
})

test('without a pipeline the limit is the scanner’s', async () => {
  expect(await entries('{app="web"} |= "3" | host="h1"', { limit: 2, direction: 'backward' })).toHaveLength(2)
  expect(scans[0]).toMatchObject({ limit: 2, direction: 'backward' })
})

test('labels stand in their classes', async () => {
  const [first] = await entries('{app="web"} | json host="n"', { limit: 1 })
  expect(first).toMatchObject({
    tenant: 'none',
    level: 'info',
    labels: {
      stream: { app: 'web' },
      metadata: { detected_level: 'info', host: 'h0' },
      parsed: { host_extracted: '0' },
    },
  })
})

test('entries nearer than the interval are left out, in both directions', async () => {
  for (const direction of ['forward', 'backward'] as const) {
    const found = await entries('{app="web"}', { intervalNs: 30_000_000_000n, direction, limit: 4 })
    const seconds = found.map(({ timestamp }) => (Date.parse(timestamp) - START_MS) / 1000)
    expect(seconds).toEqual(direction === 'forward' ? [0, 30, 60, 90] : [199, 169, 139, 109])
  }
})

test('nothing is read for a limit of nothing', async () => {
  expect(await entries('{app="web"}', { limit: 0 })).toEqual([])
  expect(scans).toEqual([])
})

test('a stage that cannot run is refused before anything is read', async () => {
  await expect(entries('{app="web"} | json x="a["')).rejects.toMatchObject({ code: 'QUERY_INVALID' })
  expect(scans).toEqual([])
})

test('limits and the signal stop it', async () => {
  await expect(entries('{app="web"} | json', {}, { limits: { maxRows: 50 } })).rejects.toMatchObject({
    code: 'QUERY_LIMIT',
  })
  await expect(entries('{app="web"} | json', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'INTERRUPTED',
  })
})
