// Whatever bytes a sender posts, with whatever headers, the answer is never a 500 and the server goes on.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyNamed, runServer, wire } from './running-server.js'

const PATHS = ['/api/v1/logs', '/', '/loki/api/v1/push', '/api/v1/scan', '/api/v1/prune']
const TYPES = ['application/json', 'application/x-protobuf', 'text/plain', 'application/logplex-1']
const ENCODINGS = ['identity', 'gzip', 'deflate', 'zstd', 'snappy', 'br', '']

test('any body, type, encoding and tenant', async () => {
  const { url, log } = await runServer()
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc.array(fc.json(), { maxLength: 5 }).map((lines) => Buffer.from(lines.join('\n'))),
  )
  const tenant = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength: 300,
  })
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        path: fc.constantFrom(...PATHS),
        type: fc.constantFrom(...TYPES),
        encoding: fc.constantFrom(...ENCODINGS),
        scope: tenant,
        bytes: body,
      }),
      async ({ path, type, encoding, scope, bytes }) => {
        const headers = { 'content-type': type, 'content-encoding': encoding, 'x-scope-orgid': scope }
        const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: bytes })
        expect(answer.status).toBeLessThan(500)
        await answer.arrayBuffer()
      },
    ),
    { numRuns: 400 },
  )
  expect(log.filter((line) => line.includes('"level":"error"'))).toEqual([])
})

test('any query of the reading routes', async () => {
  const { url } = await runServer()
  const routes = ['/api/v1/tail?follow=false&', '/api/v1/labels?', '/api/v1/stats?', '/api/v1/days?']
  const names = ['query', 'level', 'source', 'grep', 'where', 'last', 'after', 'from', 'to', 'date', 'by']
  const pair = fc.tuple(
    fc.constantFrom(...names),
    fc.oneof(fc.string(), fc.json(), fc.constantFrom('{a="b"}', '{a=~"("}', '1h')),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), fc.array(pair, { maxLength: 4 }), async (route, pairs) => {
      // A follower that resumes never ends; all others do.
      const query = new URLSearchParams(pairs.filter(([name]) => name !== 'after'))
      const answer = await fetch(`${url}${route}${query}`)
      expect(answer.status).toBeLessThan(500)
      await answer.arrayBuffer()
    }),
    { numRuns: 300 },
  )
})

test('any bytes instead of HTTP', async () => {
  const { url, log } = await runServer({ keys: [keyNamed('k')] })
  const start = fc.constantFrom(
    '',
    'GET / HTTP/1.1\r\n',
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  )
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 200 }), async (text, bytes) => {
      const client = wire(url)
      client.send(Buffer.concat([Buffer.from(text), Buffer.from(bytes)]))
      client.socket.end()
      await client.closed
    }),
    { numRuns: 200 },
  )
  expect((await fetch(`${url}/ready`)).status).toBe(200)
  expect(log.filter((line) => line.includes('"level":"error"'))).toEqual([])
})
