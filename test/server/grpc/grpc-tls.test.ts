// gRPC over TLS: clients that name their protocol in the handshake and clients that do not, and who they are by
// their certificate.
import { readFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { credentials } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import { createClient, revokeClient } from '#logctl/server/tls/client-admin.js'
import { bearer, eventually, keyNamed, runServer } from '../running-server.js'
import { grpcClient } from './grpc-client.js'
import { pushOf } from './vector-message.js'

const PUSH = '/vector.Vector/PushEvents'
const UNAVAILABLE = 14

async function runSecure() {
  const running = await runServer({
    config: { server: { grpc_listen: ['https://127.0.0.1:0'] } },
    keys: [keyNamed('k')],
  })
  const url = running.server.grpcUrls[0] ?? ''
  const ca = readFileSync(join(running.dataDir, 'tls', 'ca.pem'))
  const certificate = (name: string, tenant?: string) =>
    createClient(running.dataDir, { name, tenant, lifetimeMs: 86_400_000, nowMs: Date.now() })
  return { ...running, url, ca, certificate }
}

function event(): Buffer {
  return pushOf({ message: 'hello', tenant: 'said' })
}

test('a key is good over TLS, and plain text is not', async () => {
  const { url, ca, store } = await runSecure()
  expect(url).toMatch(/^grpcs:/)
  const client = grpcClient(url, { channel: credentials.createSsl(ca) })
  expect(await client.call(PUSH, event(), bearer('k'))).toMatchObject({ code: 0 })
  expect(await client.call(PUSH, event())).toMatchObject({ code: UNAVAILABLE })
  expect(await grpcClient(url).call(PUSH, event(), bearer('k'))).toMatchObject({ code: UNAVAILABLE })
  expect(store.records).toHaveLength(1)
})

test('a certificate stands for a sender, its tenant wins, and revoked it is refused', async () => {
  const { url, ca, store, dataDir, certificate } = await runSecure()
  const made = await certificate('web-1', 'acme')
  const channel = credentials.createSsl(ca, Buffer.from(made.key), Buffer.from(made.certificate))
  const client = grpcClient(url, { channel })
  await eventually(
    async () => ((await client.call(PUSH, event())).code === 0 ? true : undefined),
    'a known client',
  )
  expect(store.records.at(-1)?.tenant).toBe('acme')
  await revokeClient(dataDir, 'web-1', Date.now())
  await eventually(
    async () => ((await client.call(PUSH, event())).code === UNAVAILABLE ? true : undefined),
    'a revoked client',
  )
})

test('a client that names no protocol in the handshake, as Vector’s, is served', async () => {
  const { url, ca, store } = await runSecure()
  const port = Number(new URL(url.replace('grpcs:', 'https:')).port)
  const socket = connectTls({ port, host: '127.0.0.1', ca })
  const session = connectHttp2('https://127.0.0.1', { createConnection: () => socket })
  onTestFinished(() => session.destroy())
  const message = event()
  const frame = Buffer.alloc(5 + message.length)
  frame.writeUInt32BE(message.length, 1)
  message.copy(frame, 5)
  const stream = session.request({
    ':method': 'POST',
    ':path': PUSH,
    'content-type': 'application/grpc',
    ...bearer('k'),
  })
  const trailers = new Promise<Record<string, unknown>>((resolve, reject) => {
    stream.on('trailers', resolve).on('error', reject)
  })
  stream.resume().end(frame)
  expect(await trailers).toMatchObject({ 'grpc-status': '0' })
  expect(socket.alpnProtocol).toBe(false)
  expect(store.records).toHaveLength(1)
})
