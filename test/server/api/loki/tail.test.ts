// Loki's tail over a WebSocket: history, then live, without gap or repeat, and how it ends.
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { bearer, eventually, keyNamed, runServer, wire } from '../../running-server.js'
import { QUERY, now, once, send, tail, until } from './tail-client.js'

test('the newest of the last hour oldest first, then what arrives, each once', async () => {
  const { url } = await runServer()
  await send(url, ['too old'], {}, now(-2 * 3_600_000))
  await send(url, ['a', 'b', 'c'])
  const one = tail(url, { limit: 2 })
  await until(one, 2)
  for (let i = 0; i < 20; i += 1)
    await send(
      url,
      Array.from({ length: 25 }, (_, j) => `live ${i * 25 + j}`),
    )
  await until(one, 502)
  expect(one.lines()).toEqual(['b', 'c', ...Array.from({ length: 500 }, (_, i) => `live ${i}`)])
  expect(
    Math.max(...one.frames.map(({ streams }) => streams.flatMap(({ values }) => values).length)),
  ).toBeLessThanOrEqual(100)
})

test('lines pass the pipeline, and labels are told apart where asked', async () => {
  const { url } = await runServer()
  const one = tail(
    url,
    { query: `${QUERY} |= "yes" | logfmt | line_format "{{.n}}"`, start: now(-1000) },
    { 'x-loki-response-encoding-flags': 'categorize-labels' },
  )
  await once(one)
  await send(url, ['n=1 no', 'n=2 yes'])
  await until(one, 1)
  expect(one.frames).toMatchObject([
    {
      encodingFlags: ['categorize-labels'],
      streams: [
        {
          stream: { app: 'web', service_name: 'web' },
          values: [
            [
              expect.any(String),
              '2',
              { structuredMetadata: { detected_level: 'unknown' }, parsed: { n: '2' } },
            ],
          ],
        },
      ],
    },
  ])
})

test('what cannot be tailed is refused before the handshake', async () => {
  const { url } = await runServer({ config: { query: { max_tails: 1 } } })
  expect(await tail(url, { query: 'rate({app="web"}[1m])' }).ended).toMatchObject([400, expect.any(String)])
  expect(await tail(url, { query: '{}' }).ended).toMatchObject([
    400,
    expect.stringContaining('queries require'),
  ])
  expect(await tail(url, { query: `${QUERY} |~ "("` }).ended).toMatchObject([400, expect.any(String)])
  expect(await tail(url, { delay_for: 6 }).ended).toEqual([400, "delay_for can't be greater than 5"])
  expect(await tail(url, {}, {}, 'http://elsewhere.example').ended).toMatchObject([403, expect.any(String)])
  const plain = await fetch(`${url}/loki/api/v1/tail?query=${encodeURIComponent(QUERY)}`)
  expect(plain.status).toBe(400)
  await once(tail(url))
  expect(await tail(url).ended).toEqual([
    429,
    'max concurrent tail requests limit exceeded, count > limit (2 > 1)',
  ])
})

test('a page of the same origin may tail, and a place is free again when a tail ends', async () => {
  const { url } = await runServer({ config: { query: { max_tails: 1 } } })
  const one = tail(url, {}, {}, url)
  await once(one)
  one.socket.close()
  expect(await one.ended).toEqual([1005, ''])
  const again = await eventually(async () => {
    const next = tail(url)
    const opened = await Promise.race([once(next).then(() => next), next.ended.then(() => undefined)])
    return opened
  })
  expect(again.socket.readyState).toBe(WebSocket.OPEN)
})

test('a bound key sees its tenant, and no key sees nothing', async () => {
  const { url } = await runServer({ keys: [keyNamed('acme', { tenant: 'acme' }), keyNamed('all')] })
  const one = tail(url, {}, bearer('acme'))
  await once(one)
  await send(url, ['theirs'], bearer('all'))
  await send(url, ['ours'], bearer('acme'))
  await until(one, 1)
  expect(one.lines()).toEqual(['ours'])
  expect(await tail(url).ended).toMatchObject([401, 'this server wants a key'])
  expect(await tail(url, {}, { ...bearer('acme'), 'x-scope-orgid': 'beta' }).ended).toMatchObject([
    403,
    expect.any(String),
  ])
})

test('a server that stops says so and does not wait; a store that fails closes with its words', async () => {
  const { url, server, store } = await runServer()
  const one = tail(url)
  const other = tail(url, { query: '{app="other"}' })
  await Promise.all([once(one), once(other)])
  const { follow } = store
  // eslint-disable-next-line require-yield
  store.follow = async function* () {
    throw new Error('broken')
  }
  expect(await tail(url).ended).toEqual([1011, 'a mistake in logctl'])
  store.follow = follow
  await server.close()
  expect(await one.ended).toEqual([1001, 'the server is stopping'])
  expect(await other.ended).toEqual([1001, 'the server is stopping'])
})

test('an upgrade to anything else is an ordinary request, with its body', async () => {
  const { url, store } = await runServer()
  const offer =
    'Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'
  const body = '{"message":"from java"}'
  const one = wire(url)
  one.send(`POST /api/v1/logs HTTP/1.1\r\n${offer}Content-Length: ${body.length}\r\n\r\n${body}`)
  expect(await one.until(/"accepted":1/)).toContain('HTTP/1.1 200 OK')
  expect(store.records).toHaveLength(1)
  const web = wire(url)
  web.send('GET /ready HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  expect(await web.until(/ready\n/)).toContain('HTTP/1.1 200 OK')
  const unfinished = wire(url)
  unfinished.send(
    'GET /loki/api/v1/tail?query=%7Ba%3D%22b%22%7D HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  expect(await unfinished.until(/\r\n\r\n/)).toContain('HTTP/1.1 400 Bad Request')
  await unfinished.closed
  await eventually(
    async () =>
      ((await (await fetch(`${url}/api/v1/status`)).json()) as { tails: number }).tails === 0 || undefined,
  )
})
