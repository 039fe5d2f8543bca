// The libraries that applications send with, as they come: the official Elasticsearch client's bulk helper, pino-loki and
// winston-loki, against the whole program.
import { finished } from 'node:stream/promises'
import { Client } from '@elastic/elasticsearch'
import { pino } from 'pino'
import { pinoLoki } from 'pino-loki'
import { createLogger } from 'winston'
import LokiTransport from 'winston-loki'
import { expect, test } from 'vitest'
import { logctl, type Server, startServer } from '../house/program.js'
import { tempFolder } from '../temp-folder.js'

interface Stored {
  readonly labels: Readonly<Record<string, string>>
  readonly level: string
  readonly line: string
  readonly fields: Readonly<Record<string, unknown>>
}

async function withServer(work: (server: Server, stored: () => Promise<Stored[]>) => Promise<void>) {
  const home = tempFolder()
  const data = `${home}/data`
  const server = await startServer(data, home)
  const stored = async (): Promise<Stored[]> => {
    const { stdout } = await logctl(['grep', '.', '--json', '--data', data], home)
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Stored)
  }
  try {
    await work(server, stored)
  } finally {
    await server.stop()
  }
}

/** What is stored, once there is so much of it; the test's own limit ends the wait. */
async function untilThere(stored: () => Promise<Stored[]>, count: number): Promise<Stored[]> {
  for (;;) {
    const now = await stored()
    if (now.length >= count) return now
  }
}

test("Elasticsearch's bulk helper: all documents but the bad one, which it is told of", async () => {
  await withServer(async ({ url }, stored) => {
    const client = new Client({ node: url })
    const dropped: (number | undefined)[] = []
    const documents = Array.from({ length: 2500 }, (_, i) => ({ message: `document ${i}`, app: 'shop', i }))
    const result = await client.helpers.bulk({
      datasource: [...documents, { message: 'ahead', '@timestamp': '2200-01-01T00:00:00Z' }],
      flushBytes: 50_000,
      onDocument: () => ({ create: { _index: 'shop-logs' } }),
      onDrop: ({ status }) => void dropped.push(status),
    })
    await client.close()
    expect(result).toMatchObject({ total: 2501, successful: 2500, failed: 1, retry: 0 })
    expect(dropped).toEqual([400])
    const kept = await stored()
    expect(new Set(kept.map(({ line }) => line))).toEqual(new Set(documents.map(({ message }) => message)))
    expect(kept[0]?.labels).toMatchObject({ app: 'shop', index: 'shop-logs' })
  })
}, 120_000)

test('pino-loki', async () => {
  await withServer(async ({ url }, stored) => {
    const stream = pinoLoki({ host: url, labels: { app: 'shop' }, batching: { interval: 1 } })
    const log = pino({ level: 'debug' }, stream)
    log.warn({ order: 7 }, 'late')
    log.debug('quiet')
    stream.end()
    await finished(stream)
    const kept = await untilThere(stored, 2)
    expect(kept.map(({ level }) => level)).toEqual(['warn', 'debug'])
    expect(kept[0]?.labels).toMatchObject({ app: 'shop', level: 'warning' })
    expect(JSON.parse(kept[0]?.line ?? '')).toMatchObject({ order: 7, msg: 'late' })
  })
}, 120_000)

test.each([true, false])(
  'winston-loki, as JSON: %s',
  async (json) => {
    await withServer(async ({ url }, stored) => {
      const transport = new LokiTransport({ host: url, labels: { app: 'shop' }, json, interval: 1 })
      const log = createLogger({ transports: [transport] })
      log.error('it fell', { code: 5 })
      const kept = await untilThere(stored, 1)
      log.close()
      expect(kept).toMatchObject([{ level: 'error', labels: { app: 'shop', level: 'error' } }])
      expect(kept[0]?.line).toContain('it fell')
    })
  },
  120_000,
)
