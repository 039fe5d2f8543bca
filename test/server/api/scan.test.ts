// POST /api/v1/scan over HTTP: records, the end line, strictness, limits, and clients that go away.
import { expect, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { eventually, ndjson, post, runServer, wire } from '../running-server.js'

const FORWARD = { direction: 'forward', where: [] }

async function scan(url: string, request: object): Promise<[number, Record<string, unknown>[]]> {
  const answer = await post(url, '/api/v1/scan', JSON.stringify(request))
  return [
    answer.status,
    (await answer.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  ]
}

function events(count: number): string {
  return ndjson(
    ...Array.from({ length: count }, (_, n) => ({
      message: `line ${n}`,
      timestamp: `2025-01-11T00:00:0${n}Z`,
    })),
  )
}

test('each record in the contract’s form with its sequence, then the end', async () => {
  const { url } = await runServer()
  await post(url, '/', events(2))
  const answer = await post(url, '/api/v1/scan', JSON.stringify({ ...FORWARD, limit: 1 }))
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson')
  expect(await answer.text()).toBe(
    '{"timestamp":"2025-01-11T00:00:00.000000000Z","tenant":"none","labels":{"service_name":"unknown_service"},"level":"unknown","line":"line 0","fields":{},"sequence":1}\n' +
      '{"end":{"records":1,"warnings":[]}}\n',
  )
})

test('direction, times, conditions and sequences pass to the store', async () => {
  const { url } = await runServer()
  await post(url, '/', events(6))
  const lines = async (request: object): Promise<unknown[]> =>
    (await scan(url, { ...FORWARD, ...request }))[1].slice(0, -1).map(({ line }) => line)
  expect(await lines({ direction: 'backward', limit: 2 })).toEqual(['line 5', 'line 4'])
  expect(await lines({ from: '2025-01-11T00:00:04Z' })).toEqual(['line 4', 'line 5'])
  expect(await lines({ sequenceAbove: 1, sequenceUpTo: 3 })).toEqual(['line 1', 'line 2'])
  expect(await lines({ where: [{ kind: 'line', op: '|=', values: ['3'] }] })).toEqual(['line 3'])
})

test('what is not understood is refused, never left out', async () => {
  const { url } = await runServer()
  const bad = [
    {},
    { ...FORWARD, extra: 1 },
    { ...FORWARD, direction: 'up' },
    { ...FORWARD, from: 'yesterday' },
    { ...FORWARD, limit: -1 },
    { ...FORWARD, where: [{ kind: 'line', op: '|=', values: 'x' }] },
    { ...FORWARD, where: [{ kind: 'label', name: 'a', op: '=', value: 'b', not: true }] },
    { ...FORWARD, where: [{ kind: 'level', anyOf: ['loud'] }] },
  ]
  for (const request of bad) expect((await scan(url, request))[0]).toBe(400)
  const [status, [answer]] = await scan(url, {
    ...FORWARD,
    where: [{ kind: 'line', op: '|~', values: ['('] }],
  })
  expect([status, answer]).toMatchObject([400, { error: { code: 'PATTERN_INVALID' } }])
})

test('a failure in the middle is told in the end line, with warnings', async () => {
  const { url, store } = await runServer({ pieceSize: 1 })
  await post(url, '/', events(3))
  const whole = store.scan.bind(store)
  store.scan = async function* (request, options) {
    options?.warn?.('part 7 is damaged')
    let pieces = 0
    for await (const piece of whole(request)) {
      if (pieces++ === 2) throw new LogctlError('DATA_DAMAGED', 'part 8 is damaged')
      yield piece
    }
  }
  const [status, lines] = await scan(url, FORWARD)
  expect([status, lines.length]).toEqual([200, 3])
  expect(lines.at(-1)).toEqual({
    end: {
      records: 2,
      error: { code: 'DATA_DAMAGED', message: 'part 8 is damaged', hints: [] },
      warnings: ['part 7 is damaged'],
    },
  })
})

test('a query over its time is QUERY_LIMIT, and the store is told to stop', async () => {
  const { url, store } = await runServer({ config: { query: { timeout: '100ms' } } })
  let stopped = false
  store.scan = async function* (_request, options) {
    await new Promise<void>((resolve) => options?.signal?.addEventListener('abort', () => resolve()))
    stopped = true
    yield []
  }
  const [status, [answer]] = await scan(url, FORWARD)
  expect([status, answer, stopped]).toMatchObject([400, { error: { code: 'QUERY_LIMIT' } }, true])
})

test('more rows than max_rows is an error in the end line', async () => {
  const { url } = await runServer({ config: { query: { max_rows: 2 } }, pieceSize: 1 })
  await post(url, '/', events(3))
  expect((await scan(url, FORWARD))[1].at(-1)).toMatchObject({ end: { error: { code: 'QUERY_LIMIT' } } })
  expect((await scan(url, { ...FORWARD, limit: 2 }))[1].at(-1)).toEqual({ end: { records: 2, warnings: [] } })
})

test('a client that goes away ends the scan', async () => {
  const { url, store, log } = await runServer()
  let begun = false
  let ended = false
  store.scan = async function* (_request, options) {
    begun = true
    try {
      while (!options?.signal?.aborted) {
        await new Promise((resolve) => void setTimeout(resolve, 5))
        yield []
      }
    } finally {
      ended = true
    }
  }
  const client = wire(url)
  const body = JSON.stringify(FORWARD)
  client.send(`POST /api/v1/scan HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  await eventually(() => begun || undefined)
  client.socket.destroy()
  await eventually(() => ended || undefined)
  expect(log.filter((line) => line.includes('"level":"error"'))).toEqual([])
})
