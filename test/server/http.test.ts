// What every path has in common: routing, refusals, broken and hostile requests, limits of connections.
import { describe, expect, test } from 'vitest'
import { eventually, holdAppends, keyNamed, ndjson, runServer, wire } from './running-server.js'

const LINE = ndjson({ message: 'hello' })

function pushOf(n: number): string {
  const body = ndjson({ message: `line ${n}` })
  return `POST /api/v1/logs HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

describe('routing', () => {
  test('an unknown path is 404 with JSON, on Loki paths with text', async () => {
    const { url } = await runServer()
    const plain = await fetch(`${url}/nowhere?x=1`)
    expect(plain.status).toBe(404)
    expect(await plain.json()).toEqual({
      error: { code: 'NOT_FOUND', message: 'there is no /nowhere here', hints: [] },
    })
    const loki = await fetch(`${url}/loki/api/v1/nowhere`)
    expect(loki.status).toBe(404)
    expect(loki.headers.get('content-type')).toContain('text/plain')
    expect(await loki.text()).toBe('there is no /loki/api/v1/nowhere here\n')
  })

  test('a known path with another method is 405 and names the methods it takes', async () => {
    const { url } = await runServer()
    const answer = await fetch(`${url}/api/v1/scan`)
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS')
    expect(await answer.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } })
    expect((await fetch(`${url}/health`, { method: 'DELETE' })).headers.get('allow')).toBe(
      'GET, HEAD, OPTIONS',
    )
  })

  test('OPTIONS names the methods, HEAD has no body', async () => {
    const { url } = await runServer()
    const options = await fetch(`${url}/`, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, POST, HEAD, OPTIONS'])
    const head = await fetch(`${url}/health`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10)
  })

  test('every answer forbids sniffing', async () => {
    const { url } = await runServer()
    for (const path of ['/', '/health', '/nowhere', '/api/v1/summary'])
      expect((await fetch(`${url}${path}`)).headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('absolute-form targets and OPTIONS * are understood', async () => {
    const { url } = await runServer()
    const absolute = wire(url)
    absolute.send('GET http://anything.example/ready?x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(await absolute.until(/ready\n$/)).toContain('HTTP/1.1 200')
    const star = wire(url)
    star.send('OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    expect(await star.until(/\r\n\r\n/)).toContain('HTTP/1.1 204')
  })
})

describe('hostile requests', () => {
  test('headers over 32 KiB are 431', async () => {
    const { url } = await runServer()
    const client = wire(url)
    client.send(`GET /health HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`)
    expect(await client.until(/headers are larger/)).toContain('HTTP/1.1 431')
    await client.closed
  })

  test('what is not HTTP is 400 and closed', async () => {
    const { url } = await runServer()
    for (const text of [
      '\u0016\u0003\u0001\u0000\u00a5\u0001\r\n\r\n',
      '<34>1 - - su - - - hi\n\n',
      'GET\r\n\r\n',
    ]) {
      const client = wire(url)
      client.send(Buffer.from(text, 'latin1'))
      expect(await client.until(/not HTTP/)).toContain('HTTP/1.1 400')
      await client.closed
    }
    expect((await fetch(`${url}/ready`)).status).toBe(200)
  })

  test('headers that never end are 408 after read_timeout', async () => {
    const { url } = await runServer({ config: { server: { read_timeout: '200ms' } } })
    const client = wire(url)
    client.send('POST /api/v1/logs HTTP/1.1\r\nHost: a\r\nX-Slow: ')
    expect(await client.until(/CLIENT_SLOW/)).toContain('HTTP/1.1 408')
    await client.closed
  })

  test('pipelined requests are answered in order', async () => {
    const { url, store } = await runServer()
    const client = wire(url)
    client.send(
      Array.from({ length: 50 }, (_, n) => pushOf(n)).join('') + 'GET /ready HTTP/1.1\r\nHost: a\r\n\r\n',
    )
    const text = await client.until(/ready\n$/)
    expect(text.match(/HTTP\/1\.1 200/g)).toHaveLength(51)
    expect(store.records.map(({ line }) => line)).toEqual(Array.from({ length: 50 }, (_, n) => `line ${n}`))
  })

  test('a flood of pipelined requests that wait is cut, and the server goes on', async () => {
    const { url, store } = await runServer()
    const held = holdAppends(store)
    const client = wire(url)
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${LINE.length}\r\n\r\n${LINE}`.repeat(1500))
    await client.closed
    held.release()
    expect((await fetch(`${url}/ready`)).status).toBe(200)
  })

  test('a mistake of ours is 500 BUG, logged with its stack, and the server goes on', async () => {
    const { url, store, log } = await runServer()
    store.newestSequence = () => Promise.reject(new TypeError('oops'))
    const answer = await fetch(`${url}/api/v1/sequence`)
    expect(answer.status).toBe(500)
    expect(await answer.json()).toMatchObject({ error: { code: 'BUG' } })
    expect(log.some((line) => line.includes('oops') && line.includes('"stack"'))).toBe(true)
    expect((await fetch(`${url}/ready`)).status).toBe(200)
  })

  test('connections over the limit get 503 and are closed; those below live on', async () => {
    const { url, store } = await runServer({ config: { server: { max_connections: 5 } } })
    const held = holdAppends(store)
    const { beforeAppend } = store
    let waiting = 0
    store.beforeAppend = (batch) => {
      waiting += 1
      return beforeAppend?.(batch)
    }
    const busy = Array.from({ length: 5 }, (_, n) => {
      const client = wire(url)
      client.send(pushOf(n))
      return client
    })
    await eventually(() => waiting === 5)
    const over = wire(url)
    over.send('GET /ready HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await over.until(/too many connections/)).toContain('HTTP/1.1 503')
    await over.closed
    held.release()
    for (const client of busy) expect(await client.until(/accepted/)).toContain('HTTP/1.1 200')
  })

  test('where there is no room the connection that has been idle for longest makes it', async () => {
    const { url } = await runServer({ config: { server: { max_connections: 3 } } })
    const [first, second, third] = [wire(url), wire(url), wire(url)]
    for (const client of [first, second, third, first]) {
      client.send('GET /ready HTTP/1.1\r\nHost: a\r\n\r\n')
      await client.until(/ready\n$/)
    }
    const fourth = wire(url)
    fourth.send('GET /ready HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await fourth.until(/ready\n$/)).toContain('HTTP/1.1 200')
    await second.closed
    expect([first, third].map(({ socket }) => socket.closed)).toEqual([false, false])
  })
})

test('nothing of a header can hang or break the server', async () => {
  const { url } = await runServer({ keys: [keyNamed('k')] })
  const odd = [
    'Content-Length: 5\r\nContent-Length: 6',
    'Transfer-Encoding: gzip',
    'Content-Length: -1',
    'Host: b',
    'Expect: tea',
  ]
  for (const header of odd) {
    const client = wire(url)
    client.send(`POST /api/v1/logs HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${header}\r\n\r\n`)
    expect(await client.until(/HTTP\/1\.1 \d+/)).toMatch(/HTTP\/1\.1 4\d\d/)
  }
  expect((await fetch(`${url}/ready`)).status).toBe(200)
})
