// Live entries that are held back, so that late arrivals are shown in order.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { LogEntry } from '#logctl/query/run-log.js'
import { timestampOfMs } from '#logctl/record/time.js'
import { delayed } from '#logctl/server/api/loki/delayed.js'

const entry = (ms: number): LogEntry => ({
  timestamp: timestampOfMs(ms),
  sequence: ms,
  tenant: 'none',
  level: 'unknown',
  line: String(ms),
  labels: { stream: {}, metadata: {}, parsed: {} },
})

async function* outOfOrder() {
  yield [entry(5), entry(9)]
  await sleep(10)
  yield [entry(7), entry(1)]
  await sleep(150)
  yield [entry(3)]
}

async function* many() {
  yield Array.from({ length: 12_000 }, (_, i) => entry(i))
}

async function shown(source: AsyncIterable<readonly LogEntry[]>, delayMs: number): Promise<string[][]> {
  const pieces: string[][] = []
  for await (const piece of delayed(source, delayMs, new AbortController().signal))
    pieces.push(piece.map(({ line }) => line))
  return pieces.filter(({ length }) => length > 0)
}

test('what arrives within the delay comes in the order of its times', async () => {
  expect(await shown(outOfOrder(), 60)).toEqual([['1', '5', '7', '9'], ['3']])
})

test('without a delay pieces pass as they are, and with one no more than a bound is held', async () => {
  expect(await shown(many(), 0)).toHaveLength(1)
  expect((await shown(many(), 5000)).map(({ length }) => length)).toEqual([2000, 10_000])
})
