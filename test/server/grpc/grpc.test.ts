// The gRPC listener with a real client: what is stored, which status each trouble has, limits, and how it ends.
import { constants, connect as connectHttp2 } from 'node:http2'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { bearer, keyNamed, runServer, type Wanted } from '../running-server.js'
import { grpcClient } from './grpc-client.js'
import { pushOf } from './vector-message.js'

const PUSH = '/vector.Vector/PushEvents'
const UNAVAILABLE = 14

async function runGrpc(wanted: Wanted = {}) {
  const server = { grpc_listen: ['127.0.0.1:0'], ...wanted.config?.['server'] }
  const running = await runServer({ ...wanted, config: { ...wanted.config, server } })
  return { ...running, grpcUrl: running.server.grpcUrls[0] ?? '' }
}

function now(): { seconds: number; nanos: number } {
  return { seconds: Math.floor(Date.now() / 1000), nanos: 5 }
}

test.each([false, true])('Vector’s events are stored (gzip: %s)', async (gzip) => {
  const { grpcUrl, store } = await runGrpc()
  const client = grpcClient(grpcUrl, { gzip })
  const push = pushOf({
    message: 'hello',
    host: 'web-1',
    timestamp: now(),
    n: 7,
    nested: { a: [1, true, null] },
  })
  const answer = await client.call(PUSH, push)
  expect(answer).toMatchObject({ code: 0, message: Buffer.alloc(0) })
  expect(store.records).toHaveLength(1)
  expect(store.records[0]).toMatchObject({
    line: 'hello',
    labels: { host: 'web-1' },
    fields: { n: 7, nested_a: '[1,true,null]' },
  })
  expect(JSON.stringify(store.records)).not.toContain('secret')
})

test('health checks', async () => {
  const { grpcUrl } = await runGrpc()
  const client = grpcClient(grpcUrl)
  expect(await client.call('/vector.Vector/HealthCheck', Buffer.alloc(0))).toMatchObject({
    code: 0,
    message: Buffer.alloc(0),
  })
  expect(await client.call('/grpc.health.v1.Health/Check', Buffer.alloc(0))).toMatchObject({
    code: 0,
    message: Buffer.from([8, 1]),
  })
  const other = Buffer.concat([Buffer.from([10, 1]), Buffer.from('x')])
  expect(await client.call('/grpc.health.v1.Health/Check', other)).toMatchObject({ code: 5 })
  expect(await client.call('/vector.Vector/Nothing', Buffer.alloc(0))).toMatchObject({ code: 12 })
})

test('a key is wanted, its tenant counts, and who is refused may try again', async () => {
  const { grpcUrl, store } = await runGrpc({ keys: [keyNamed('web', { tenant: 'acme' })] })
  const client = grpcClient(grpcUrl)
  const push = pushOf({ message: 'hello', tenant: 'other', timestamp: now() })
  expect(await client.call(PUSH, push)).toMatchObject({ code: UNAVAILABLE })
  expect(await client.call(PUSH, push, { authorization: 'Bearer wrong' })).toMatchObject({
    code: UNAVAILABLE,
    details: expect.stringContaining('the key is not known') as string,
  })
  expect(await client.call('/vector.Vector/HealthCheck', Buffer.alloc(0))).toMatchObject({
    code: UNAVAILABLE,
  })
  expect(await client.call(PUSH, push, bearer('web'))).toMatchObject({ code: 0 })
  expect(store.records.map(({ tenant }) => tenant)).toEqual(['acme'])
})

test('broken bytes are refused for good, too many and a full disk for now', async () => {
  const { grpcUrl, store, url } = await runGrpc({ config: { limits: { body: '64KiB' } } })
  const client = grpcClient(grpcUrl)
  expect(await client.call(PUSH, Buffer.from('no protobuf'))).toMatchObject({ code: 3 })
  expect(await client.call(PUSH, Buffer.alloc(100_000))).toMatchObject({ code: 8 })
  expect(await grpcClient(grpcUrl, { gzip: true }).call(PUSH, Buffer.alloc(100_000))).toMatchObject({
    code: 8,
  })
  store.append = () => Promise.reject(new LogctlError('DISK_FULL', 'the disk is full'))
  expect(await client.call(PUSH, pushOf({ message: 'a' }))).toMatchObject({ code: UNAVAILABLE })
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('logctl_ingest_refused_total{door="vector",reason="body_too_large"} 2')
  expect(metrics).toContain('logctl_ingest_refused_total{door="vector",reason="disk_full"} 1')
})

test('who is no gRPC client does no harm', async () => {
  const { grpcUrl } = await runGrpc({ config: { server: { read_timeout: '200ms' } } })
  const { hostname, port } = new URL(grpcUrl.replace('grpc:', 'http:'))
  const http = connect(Number(port), hostname)
  http.write('GET / HTTP/1.1\r\n\r\n')
  await new Promise((resolve) =>
    http
      .on('error', () => {})
      .once('close', resolve)
      .resume(),
  )
  const silent = connect(Number(port), hostname)
  await new Promise((resolve) => silent.once('close', resolve).resume())
  const browser = connectHttp2(`http://${hostname}:${port}`)
  onTestFinished(() => browser.destroy())
  const status = await new Promise((resolve) => {
    browser
      .request({ ':path': '/', ':method': 'GET' })
      .once('response', (headers) => resolve(headers[':status']))
  })
  expect(status).toBe(415)
  const half = browser.request({ ':path': PUSH, ':method': 'POST', 'content-type': 'application/grpc' })
  half.write(Buffer.from([0, 0, 0, 0, 9, 1]))
  const told = await new Promise<unknown>((resolve) =>
    half.once('response', (headers) => resolve(headers['grpc-status'])),
  )
  expect(told).toBe(String(UNAVAILABLE))
  expect(await grpcClient(grpcUrl).call(PUSH, pushOf({ message: 'still here' }))).toMatchObject({ code: 0 })
  expect(constants.NGHTTP2_NO_ERROR).toBe(0)
})

test('where there is no room the connection that has been idle for longest goes', async () => {
  const { grpcUrl, store } = await runGrpc({ config: { server: { grpc_max_connections: 5 } } })
  const clients = Array.from({ length: 20 }, () => grpcClient(grpcUrl))
  for (const [index, client] of clients.entries())
    expect(await client.call(PUSH, pushOf({ message: `line ${index}` }))).toMatchObject({ code: 0 })
  expect(store.records).toHaveLength(20)
})

test('stopping answers what is in flight, and ends idle connections', async () => {
  const { grpcUrl, server, store } = await runGrpc()
  const client = grpcClient(grpcUrl)
  await grpcClient(grpcUrl).call(PUSH, pushOf({ message: 'an idle connection' }))
  const append = store.append.bind(store)
  const begun = new Promise<void>((resolve) => {
    store.append = async (batch) => {
      resolve()
      await new Promise((wait) => setTimeout(wait, 100))
      return append(batch)
    }
  })
  const answer = client.call(PUSH, pushOf({ message: 'in flight' }))
  await begun
  await server.close()
  expect(await answer).toMatchObject({ code: 0 })
})
