// Patience: what the server does with clients that take their time and with a store that cannot keep up.
import { expect, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { ndjson, post, runServer, wire } from '../server/running-server.js'

const LINE = ndjson({ message: 'hello' })

test('2,000 idle connections neither block nor stay for ever', async () => {
  const { url } = await runServer({
    config: { server: { read_timeout: '1s' } },
  })
  const idle = Array.from({ length: 2000 }, () => wire(url))
  await Promise.all(idle.map(({ socket }) => new Promise((resolve) => void socket.once('connect', resolve))))
  expect((await fetch(`${url}/ready`)).status).toBe(200)
  await Promise.all(idle.map(({ closed }) => closed))
  expect((await fetch(`${url}/ready`)).status).toBe(200)
})

test('a client that takes nothing of its answer is let go after write_timeout', async () => {
  const { url, store } = await runServer({ config: { server: { write_timeout: '300ms' } } })
  await post(
    url,
    '/api/v1/logs',
    ndjson(...Array.from({ length: 200 }, () => ({ message: 'x'.repeat(200_000) }))),
  )
  expect(store.records).toHaveLength(200)
  const client = wire(url)
  client.socket.pause()
  const body = JSON.stringify({ direction: 'forward', where: [] })
  client.send(`POST /api/v1/scan HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  await new Promise((resolve) => void setTimeout(resolve, 900))
  client.socket.resume()
  await client.closed
  expect(client.received()).not.toContain('{"end":')
})

test('a request that never ends is cut after shutdown_timeout', async () => {
  const { server, store, url } = await runServer({ config: { server: { shutdown_timeout: '200ms' } } })
  store.beforeAppend = () => new Promise(() => {})
  const client = wire(url)
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${LINE.length}\r\n\r\n${LINE}`)
  await new Promise((resolve) => void setTimeout(resolve, 50))
  const startedMs = Date.now()
  await server.close()
  expect(Date.now() - startedMs).toBeLessThan(2000)
  expect(store.closed()).toBe(true)
  await client.closed
})

test('while it is behind senders are held back, then told to come again', async () => {
  const { url, store } = await runServer()
  let refusals = 3
  store.beforeAppend = () => {
    if (refusals-- > 0) throw new LogctlError('OVERLOADED', 'segments wait to be sealed')
  }
  expect((await post(url, '/', LINE)).status).toBe(200)
  refusals = Number.POSITIVE_INFINITY
  const answer = await post(url, '/', LINE)
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  expect(store.records).toHaveLength(1)
})

test('a chunked body is counted as it comes', async () => {
  const { url, store } = await runServer({ config: { limits: { body: '64KiB' } } })
  const client = wire(url)
  client.send('POST /api/v1/logs HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
  for (let n = 0; n < 5; n += 1) client.send(`4000\r\n${'x'.repeat(0x4000)}\r\n`)
  expect(await client.until(/BODY_TOO_LARGE.*\n/)).toMatch(/^HTTP\/1\.1 413/)
  await client.closed
  expect(store.records).toHaveLength(0)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('logctl_ingest_refused_total{door="json",reason="body_too_large"} 1\n')
})

test('a request whose connection ended early is told that it was cut off', async () => {
  const { url } = await runServer()
  const client = wire(url)
  client.send('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{"message":"a"}\n')
  client.socket.end()
  expect(await client.until(/\n$/)).toMatch(/400 Bad Request[^]*the request was cut off/)
})
