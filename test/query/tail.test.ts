// Tail: the last records and then the new ones, each exactly once, whatever arrives meanwhile.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TailRequest } from '#logctl/query/tail.js'
import { tail } from '#logctl/query/tail.js'
import { compareRecords } from '#logctl/record/record.js'
import type { LogRecord, StoredRecord } from '#logctl/record/record.js'
import type { ScanRequest } from '#logctl/record/scan-request.js'
import { timestampOfMs } from '#logctl/record/time.js'
import type { MemoryScanner } from '../laws/memory-scanner.js'
import { memoryScanner } from '../laws/memory-scanner.js'

const ALL: TailRequest = { where: [], last: 10, follow: false }
const WEB: ScanRequest['where'] = [{ kind: 'label', name: 'app', op: '=', value: 'web' }]

function record(ms: number, app = 'web', tenant = 'none'): LogRecord {
  return {
    timestamp: timestampOfMs(ms),
    tenant,
    labels: { app },
    level: 'info',
    line: `at ${ms}`,
    fields: {},
  }
}

test('the last records come oldest first, by time and not by arrival', async () => {
  const scanner = memoryScanner()
  scanner.append(...[5, 1, 4, 2, 3].map((ms) => record(ms)))
  expect(await linesOf(scanner, { ...ALL, last: 4 })).toEqual(['at 2', 'at 3', 'at 4', 'at 5'])
  expect(await linesOf(scanner, { ...ALL, last: 0 })).toEqual([])
  expect(await linesOf(scanner, ALL)).toHaveLength(5)
})

test('only records that fulfil the conditions and tenants count', async () => {
  const scanner = memoryScanner()
  scanner.append(record(1), record(2), record(3, 'api'), record(4, 'web', 'shop'))
  expect(await linesOf(scanner, { ...ALL, last: 1, where: WEB, tenants: ['none'] })).toEqual(['at 2'])
})

test('what arrives while the last are read is shown once', async () => {
  const scanner = memoryScanner(1)
  scanner.append(record(1), record(2))
  const seen = await follow(scanner, { ...ALL, follow: true }, 5, (shown) => {
    // An early record is late: it belongs to what arrives, not to the last.
    if (shown < 3) scanner.append(record(shown === 1 ? 0 : 10 + shown))
  })
  expect(seen.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4])
})

test('a reader that was cut off goes on behind what it saw', async () => {
  const scanner = memoryScanner()
  scanner.append(...[1, 2, 3, 4].map((ms) => record(ms)))
  const seen = await follow(scanner, { ...ALL, follow: true, after: 2 }, 3, () => undefined)
  expect(seen.map(({ sequence }) => sequence)).toEqual([3, 4])
})

test('more than can be held is refused', async () => {
  await expect(linesOf(memoryScanner(), { ...ALL, last: 100_001 })).rejects.toMatchObject({
    code: 'QUERY_INVALID',
  })
})

test('no gap and no repeat, whenever records arrive', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 }),
      fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }), { maxLength: 5 }),
      fc.integer({ min: 0, max: 10 }),
      fc.integer({ min: 1, max: 4 }),
      async (before, arriving, last, pieceSize) => {
        const scanner = memoryScanner(pieceSize)
        const old = scanner.append(...before.map((ms) => record(ms)))
        const expected = [...old].sort(compareRecords).slice(Math.max(0, old.length - last))
        const batches = arriving.map((batch) => batch.map((ms) => record(ms)))
        const total = expected.length + batches.flat().length
        const stop = new AbortController()
        const seen: StoredRecord[] = []
        const reading = (async () => {
          for await (const piece of tail(scanner, { ...ALL, last, follow: true }, { signal: stop.signal })) {
            seen.push(...piece)
            if (seen.length >= total) stop.abort()
          }
        })()
        // The newest sequence is taken in the reader's first turn; everything after it arrives while it reads.
        for (const batch of batches) {
          await new Promise(setImmediate)
          scanner.append(...batch)
        }
        if (total === 0) stop.abort()
        await reading
        expect(seen.slice(0, expected.length)).toEqual(expected)
        expect(seen.slice(expected.length).map(({ sequence }) => sequence)).toEqual(
          batches.flat().map((_, index) => old.length + index + 1),
        )
      },
    ),
  )
})

async function linesOf(scanner: MemoryScanner, request: TailRequest): Promise<string[]> {
  const lines: string[] = []
  for await (const piece of tail(scanner, request)) lines.push(...piece.map(({ line }) => line))
  return lines
}

/** Follows until `turns` turns of the event loop brought nothing new. */
async function follow(
  scanner: MemoryScanner,
  request: TailRequest,
  turns: number,
  onRecord: (shown: number) => void,
): Promise<StoredRecord[]> {
  const stop = new AbortController()
  const seen: StoredRecord[] = []
  const reading = (async () => {
    for await (const piece of tail(scanner, request, { signal: stop.signal }))
      for (const record of piece) {
        seen.push(record)
        onRecord(seen.length)
      }
  })()
  for (let quiet = 0, before = 0; quiet < turns; quiet = seen.length === before ? quiet + 1 : 0) {
    before = seen.length
    await new Promise(setImmediate)
  }
  stop.abort()
  await reading
  return seen
}
