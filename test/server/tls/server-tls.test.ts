// HTTP over TLS: the certificate that clients see, how it is replaced under open connections, and what is refused.
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import path from 'node:path'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect as connectClient } from '#logctl/client/connection.js'
import { tempFolder } from '../../temp-folder.js'
import { configOf, eventually, runServer, type Running } from '../running-server.js'
import { makeCertificate, openssl, type PemFiles } from './openssl.js'

const SIZES = { inFlightBytes: 1e6, bodyBytes: 1e8 }

async function runTls(more: Record<string, unknown> = {}): Promise<Running & { readonly files: PemFiles }> {
  const files = makeCertificate(tempFolder(), { name: 'server' })
  const running = await runServer({
    config: { server: { listen: ['https://127.0.0.1:0'], ...more }, tls: { ...files } },
  })
  return { ...running, files }
}

function get(url: string, path: string, options: object): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${path}`, options, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

function handshake(url: string, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', options, () => resolve(socket))
    onTestFinished(() => void socket.destroy())
    socket.once('error', reject)
  })
}

async function fingerprintAt(url: string): Promise<string> {
  const socket = await handshake(url, { rejectUnauthorized: false })
  return socket.getPeerCertificate().fingerprint256
}

function start(tls: Record<string, unknown>): Promise<unknown> {
  return runServer({ config: { server: { listen: ['https://127.0.0.1:0'] }, tls } })
}

describe('listening', () => {
  test('answers over TLS with the certificate of the files', async () => {
    const { url, files } = await runTls()
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    expect(await get(url, '/ready', { ca: readFileSync(files.certificate) })).toEqual({
      status: 200,
      text: 'ready\n',
    })
  })

  test('TLS 1.1 is refused, and 1.2 too where 1.3 is wanted', async () => {
    const { url, server, config, files } = await runTls()
    const old: ConnectionOptions = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }
    await expect(handshake(url, { ...old, rejectUnauthorized: false })).rejects.toThrow(/protocol|version/i)
    const second = { maxVersion: 'TLSv1.2', rejectUnauthorized: false } as const
    expect((await handshake(url, second)).getProtocol()).toBe('TLSv1.2')
    server.reload(configOf({ tls: { ...files, min_version: 'TLSv1.3' } }, config.store.data), SIZES)
    await eventually(
      () =>
        handshake(url, second).then(
          () => undefined,
          (error: Error) => error.message,
        ),
      'a refusal',
    )
  })

  test('whoever does not speak TLS there gets nothing, and the others go on', async () => {
    const { url, files } = await runTls()
    const socket = connectPlain(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await new Promise((resolve) => socket.once('close', resolve))
    expect((await get(url, '/ready', { ca: readFileSync(files.certificate) })).status).toBe(200)
  })

  test('connections are counted once, before the handshake and after it, and forgotten when they end', async () => {
    const { url } = await runTls()
    const count = async (): Promise<number> => {
      const { text } = await get(url, '/metrics', { rejectUnauthorized: false, agent: false })
      return Number(/logctl_connections\{listener="https[^}]*\} (\d+)/.exec(text)?.[1])
    }
    expect(await count()).toBe(1)
    const half = connectPlain(Number(new URL(url).port), '127.0.0.1')
    const whole = await handshake(url, { rejectUnauthorized: false })
    await eventually(async () => ((await count()) === 3 ? true : undefined), 'three connections')
    half.destroy()
    whole.destroy()
    await eventually(async () => ((await count()) === 1 ? true : undefined), 'one connection')
  })

  test('over the limit a connection is ended, and an idle one makes room', async () => {
    const { url } = await runTls({ max_connections: 1 })
    const idle = await handshake(url, { rejectUnauthorized: false })
    const ended = new Promise((resolve) => idle.once('close', resolve))
    idle.resume()
    expect((await get(url, '/ready', { rejectUnauthorized: false })).status).toBe(200)
    await ended
  })

  test('a key of another certificate, or a certificate without key, does not start', async () => {
    const folder = tempFolder()
    const { certificate } = makeCertificate(folder, { name: 'one' })
    const { key } = makeCertificate(folder, { name: 'other' })
    await expect(start({ certificate, key })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('the key is not that of the certificate'),
    })
    await expect(start({ certificate })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    await expect(start({ certificate: key, key })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  test('connections without a request do not hold up stopping', async () => {
    const { url, server } = await runTls({ shutdown_timeout: '60s', read_timeout: '50s' })
    await handshake(url, { rejectUnauthorized: false })
    const startedMs = Date.now()
    await server.close()
    expect(Date.now() - startedMs).toBeLessThan(20_000)
  })
})

describe('a new certificate', () => {
  test('is seen by new connections when the files change; an open one goes on', async () => {
    const { url, files, log } = await runTls()
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
    onTestFinished(() => agent.destroy())
    expect((await get(url, '/ready', { agent })).status).toBe(200)
    const [socket] = Object.values(agent.freeSockets).flat()
    const before = await fingerprintAt(url)
    const next = makeCertificate(tempFolder(), { name: 'server' })
    copyFileSync(next.key, files.key)
    copyFileSync(next.certificate, files.certificate)
    await eventually(async () => ((await fingerprintAt(url)) === before ? undefined : true), 'the new one')
    expect((await get(url, '/ready', { agent })).status).toBe(200)
    expect(Object.values(agent.freeSockets).flat()).toEqual([socket])
    expect(log.join('\n')).toContain('the certificate was read again')
  })

  test('that cannot be used changes nothing and is logged', async () => {
    const { url, files, server, config, log } = await runTls()
    const before = await fingerprintAt(url)
    writeFileSync(files.certificate, 'no certificate\n')
    server.reload(config, SIZES)
    await eventually(() => log.find((line) => line.includes('the old one stays')), 'a complaint')
    expect(await fingerprintAt(url)).toBe(before)
  })
})

describe('without files', () => {
  const config = { server: { listen: ['https://127.0.0.1:0'] }, tls: { names: 'logs.example.com' } }

  test('the server has a certificate of its own authority, which clients may believe', async () => {
    const { url, dataDir } = await runServer({ config })
    const ca = path.join(dataDir, 'tls/ca.pem')
    const client = connectClient({ url, ca })
    onTestFinished(() => client.close())
    expect((await client.ask({ path: '/ready' })).resume().statusCode).toBe(200)
    const verified = openssl(
      ['verify', '-x509_strict', '-CAfile', ca, path.join(dataDir, 'tls/server.pem')],
      dataDir,
    )
    expect(verified).toContain('OK')
    const socket = await handshake(url, { ca: readFileSync(ca), servername: 'logs.example.com' })
    expect(socket.authorized).toBe(true)
    for (const file of ['ca.key', 'ca.pem', 'server.key', 'server.pem'])
      expect(statSync(path.join(dataDir, 'tls', file)).mode & 0o777).toBe(0o600)
    expect(statSync(path.join(dataDir, 'tls')).mode & 0o777).toBe(0o700)
  })

  test('it is renewed in good time, for the same authority, and says when it expires', async () => {
    let nowMs = Date.now()
    const { url, dataDir, log } = await runServer({ config, options: { clock: () => nowMs } })
    const first = await fingerprintAt(url)
    const { text } = await get(url, '/metrics', { rejectUnauthorized: false })
    const expires = Number(/^logctl_certificate_expiry_seconds (\S+)$/m.exec(text)?.[1])
    expect(expires - nowMs / 1000).toBeGreaterThan(89 * 86_400)
    nowMs += 61 * 86_400_000
    await eventually(() => log.find((line) => line.includes('the certificate was read again')), 'a renewal')
    expect(await fingerprintAt(url)).not.toBe(first)
    const [ca, now] = ['ca.pem', 'server.pem'].map((file) => path.join(dataDir, 'tls', file))
    expect(openssl(['verify', '-no_check_time', '-CAfile', ca ?? '', now ?? ''], dataDir)).toContain('OK')
  })
})

describe('the client', () => {
  test('believes the authority that it was given, and says why it believes no other', async () => {
    const { url, files } = await runTls()
    const trusting = connectClient({ url, ca: files.certificate })
    onTestFinished(() => trusting.close())
    expect((await trusting.ask({ path: '/ready' })).resume().statusCode).toBe(200)
    await expect(connectClient({ url }).ask({ path: '/ready' })).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('signed by itself'),
      hints: [expect.stringContaining('client.ca')],
    })
    const byName = url.replace('127.0.0.1', '127.0.0.2')
    await expect(
      connectClient({ url: byName, ca: files.certificate }).ask({ path: '/' }),
    ).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  test('an authority that is no certificate is named', () => {
    const { key } = makeCertificate(tempFolder(), { name: 'server' })
    expect(() => connectClient({ url: 'https://127.0.0.1:1', ca: key })).toThrow(/client\.ca/)
  })

  test('a server without TLS is told so', async () => {
    const { url } = await runServer()
    await expect(
      connectClient({ url: url.replace('http:', 'https:') }).ask({ path: '/ready' }),
    ).rejects.toMatchObject({ message: expect.stringContaining('does not speak TLS') })
  })
})
