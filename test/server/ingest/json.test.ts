// The JSON door over HTTP: its answers, its limits, retries under an idempotency key.
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import {
  bearer,
  eventually,
  holdAppends,
  keyNamed,
  ndjson,
  post,
  runServer,
  wire,
} from '../running-server.js'

const GOOD = ndjson({ message: 'one', source: 'web' }, { message: 'two' })

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((row) => row.startsWith(`${name} `))
  return Number(line?.split(' ').at(-1) ?? 0)
}

describe('answers', () => {
  test('all good: 200 with counts, stored before it is said', async () => {
    const { url, store } = await runServer()
    const answer = await post(url, '/api/v1/logs', GOOD)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ accepted: 2, rejected: 0, errors: [] })
    expect(store.records.map(({ line, tenant }) => [line, tenant])).toEqual([
      ['one', 'none'],
      ['two', 'none'],
    ])
    expect(store.records[0]?.labels).toEqual({ service_name: 'unknown_service', source: 'web' })
  })

  test('some bad: the good are stored, the bad named by line', async () => {
    const { url, store } = await runServer()
    const answer = await post(
      url,
      '/',
      `${ndjson({ message: 'one' })}{broken\n${ndjson({ message: 'three' })}`,
    )
    expect(answer.status).toBe(200)
    const body = (await answer.json()) as { errors: { line: number; reason: string }[] }
    expect(body).toMatchObject({ accepted: 2, rejected: 1, errors: [{ line: 2 }] })
    expect(Object.keys(body.errors[0] ?? {})).toEqual(['line', 'reason'])
    expect(store.records).toHaveLength(2)
  })

  test('none good: 400 with the same shape and the first ten reasons', async () => {
    const { url, store } = await runServer()
    const answer = await post(url, '/api/v1/logs', '{"a":\n'.repeat(25))
    const body = (await answer.json()) as { errors: unknown[] }
    expect([answer.status, body]).toMatchObject([400, { accepted: 0 }])
    expect(body.errors.length).toBeLessThanOrEqual(10)
    expect(store.records).toHaveLength(0)
  })

  test('nothing is 200 with zeros', async () => {
    const { url } = await runServer()
    for (const body of ['', '\n\n', '[]']) {
      const answer = await post(url, '/api/v1/logs', body)
      expect([answer.status, await answer.json()]).toEqual([200, { accepted: 0, rejected: 0, errors: [] }])
    }
  })

  test("curl's form type, text and gzip are taken", async () => {
    const { url, store } = await runServer()
    await post(url, '/api/v1/logs', 'plain text', { 'content-type': 'application/x-www-form-urlencoded' })
    await post(url, '/api/v1/logs', gzipSync(GOOD), { 'content-encoding': 'gzip' })
    expect(store.records.map(({ line }) => line)).toEqual(['plain text', 'one', 'two'])
  })
})

describe('limits', () => {
  test('a body announced too large is 413 before it is sent, and curl is not asked to go on', async () => {
    const { url } = await runServer({ config: { limits: { body: '64KiB' } } })
    const client = wire(url)
    client.send(
      'POST /api/v1/logs HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\nExpect: 100-continue\r\n\r\n',
    )
    const text = await client.until(/BODY_TOO_LARGE.*\n/)
    expect(text).toMatch(/^HTTP\/1\.1 413/)
    expect(text.toLowerCase()).toContain('connection: close')
    await client.closed
  })

  test('a body within the limit is asked for with 100 Continue', async () => {
    const { url, store } = await runServer()
    const client = wire(url)
    client.send(
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${GOOD.length}\r\nExpect: 100-continue\r\n\r\n`,
    )
    await client.until(/HTTP\/1\.1 100 Continue\r\n\r\n$/)
    client.send(GOOD)
    await client.until(/"accepted":2/)
    expect(store.records).toHaveLength(2)
  })

  test('a client that sends too much at once still reads its 413', async () => {
    const { url } = await runServer({ config: { limits: { body: '64KiB' } } })
    const answer = await post(url, '/api/v1/logs', 'x'.repeat(8_000_000))
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ error: { code: 'BODY_TOO_LARGE' } })
  })

  test('a bomb is 413, broken gzip 400, an unknown encoding 415', async () => {
    const { url } = await runServer({ config: { limits: { body: '1MiB' } } })
    const bomb = await post(url, '/', gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' })
    const broken = await post(url, '/', gzipSync(GOOD).subarray(0, 20), { 'content-encoding': 'gzip' })
    const unknown = await post(url, '/', GOOD, { 'content-encoding': 'br' })
    expect([bomb.status, broken.status, unknown.status]).toEqual([413, 400, 415])
    expect(await broken.json()).toMatchObject({ error: { code: 'BODY_INVALID' } })
  })

  test('a body cut off is counted and stores nothing', async () => {
    const { url, store } = await runServer()
    const client = wire(url)
    client.send(`POST /api/v1/logs HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n${GOOD}`)
    await new Promise((resolve) => void setTimeout(resolve, 50))
    client.socket.destroy()
    const name = 'logctl_ingest_refused_total{door="json",reason="truncated"}'
    await eventually(async () => (await metric(url, name)) === 1 || undefined)
    expect(store.records).toHaveLength(0)
  })

  test('broken chunks are 400', async () => {
    const { url, store } = await runServer()
    const client = wire(url)
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZZ\r\n`)
    expect(await client.until(/not HTTP/)).toMatch(/^HTTP\/1\.1 400/)
    await client.closed
    expect(store.records).toHaveLength(0)
  })

  test('a body that stops coming is 408', async () => {
    const { url } = await runServer({ config: { server: { read_timeout: '200ms' } } })
    const client = wire(url)
    client.send('POST /api/v1/logs HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc')
    expect(await client.until(/CLIENT_SLOW/)).toMatch(/^HTTP\/1\.1 408/)
  })

  test('bytes in flight are bounded over all requests, and free again afterwards', async () => {
    const { url, store } = await runServer({ options: { inFlightBytes: 100_000 } })
    const held = holdAppends(store)
    const first = post(url, '/', 'x'.repeat(80_000))
    const inFlight = async (): Promise<number> => metric(url, 'logctl_in_flight_bytes')
    await eventually(async () => (await inFlight()) === 80_000 || undefined)
    const second = await post(url, '/', 'y'.repeat(30_000))
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await second.json()).toMatchObject({ error: { code: 'OVERLOADED' } })
    held.release()
    expect((await first).status).toBe(200)
    expect(await inFlight()).toBe(0)
    expect((await post(url, '/', 'y'.repeat(30_000))).status).toBe(200)
  })

  test('streams over the limit lose their labels, not their lines', async () => {
    const { url, store } = await runServer({ config: { limits: { streams: 2 } } })
    await post(
      url,
      '/',
      ndjson(...['a', 'b', 'c', 'a'].map((source) => ({ message: 'm', source, level: 'info' }))),
    )
    expect(store.records.map(({ labels }) => labels['source'])).toEqual(['a', 'b', undefined, 'a'])
    expect(store.records[2]?.labels).toEqual({ service_name: 'unknown_service' })
    expect(store.records[2]?.fields).toMatchObject({ source: 'c' })
    expect(await metric(url, 'logctl_ingest_repaired_total{door="json",repair="stream_limit"}')).toBe(1)
  })
})

describe('the store refuses', () => {
  test('a full disk is 503 with the store’s words, and nothing is counted as stored', async () => {
    const { url, store } = await runServer()
    store.beforeAppend = () => {
      throw new LogctlError('DISK_FULL', 'free space is below 5 %', { retryAfterS: 30 })
    }
    const answer = await post(url, '/', GOOD)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30'])
    expect(await answer.json()).toMatchObject({ error: { code: 'DISK_FULL' } })
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    expect(await metric(url, 'logctl_ingest_lines_total{door="json"}')).toBe(0)
    expect(await metric(url, 'logctl_ingest_requests_total{door="json",status="503"}')).toBe(1)
  })
})

describe('Idempotency-Key', () => {
  test('a repeat stores nothing and answers as the first time', async () => {
    const { url, store } = await runServer()
    const body = `${GOOD}{broken\n`
    const send = () => post(url, '/api/v1/logs', body, { 'idempotency-key': 'batch-1' })
    const first = await send()
    const again = await send()
    expect(await again.json()).toEqual(await first.json())
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ])
    expect(store.records).toHaveLength(2)
    expect(await metric(url, 'logctl_ingest_lines_total{door="json"}')).toBe(2)
  })

  test('two at once are stored once', async () => {
    const { url, store } = await runServer()
    store.beforeAppend = () => new Promise((resolve) => void setTimeout(resolve, 50))
    const send = () => post(url, '/', GOOD, { 'idempotency-key': 'k' })
    const answers = await Promise.all([send(), send(), send()])
    expect(answers.map(({ headers }) => headers.get('idempotency-replayed')).toSorted()).toEqual(
      [null, 'true', 'true'].toSorted(),
    )
    expect(store.records).toHaveLength(2)
  })

  test('a first attempt that failed leaves the key free', async () => {
    const { url, store } = await runServer()
    store.beforeAppend = () => {
      throw new LogctlError('STORE_FAILED', 'no')
    }
    expect((await post(url, '/', GOOD, { 'idempotency-key': 'k' })).status).toBe(503)
    store.beforeAppend = () => {}
    expect((await post(url, '/', GOOD, { 'idempotency-key': 'k' })).headers.get('idempotency-replayed')).toBe(
      null,
    )
    expect(store.records).toHaveLength(2)
  })

  test('keys and tenants do not share it; over 255 characters is 400', async () => {
    const { url, store } = await runServer({ keys: [keyNamed('a'), keyNamed('b')] })
    const send = (key: string, more: Record<string, string> = {}) =>
      post(url, '/', GOOD, { 'idempotency-key': 'same', ...bearer(key), ...more })
    await send('a')
    await send('b')
    await send('a', { 'x-scope-orgid': 't' })
    expect(store.records).toHaveLength(6)
    expect((await send('a', { 'idempotency-key': 'x'.repeat(256) })).status).toBe(400)
  })
})
