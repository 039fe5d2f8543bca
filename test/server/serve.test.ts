// Starting and stopping: listeners, what is refused, the files beside the data, and that stopping loses nothing.
import { existsSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createLog } from '#logctl/server/own-log.js'
import type { ServerOptions } from '#logctl/server/serve.js'
import { startServer } from '#logctl/server/serve.js'
import { memoryStore } from '../laws/memory-store.js'
import {
  configOf,
  eventually,
  holdAppends,
  keyNamed,
  ndjson,
  post,
  ringOf,
  runServer,
  wire,
} from './running-server.js'

const LINE = ndjson({ message: 'hello' })

async function optionsFor(server: Record<string, unknown>, keys = ringOf([])): Promise<ServerOptions> {
  const dataDir = await mkdtemp(join(tmpdir(), 'logctl-serve-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const log = createLog('silent', { write: () => {} })
  return {
    config: configOf({ server }, dataDir),
    store: memoryStore(),
    keys,
    log,
    version: '1',
    inFlightBytes: 1e6,
    bodyBytes: 1e8,
    queryConcurrency: 2,
  }
}

function overSocket(
  socketPath: string,
  path: string,
  method = 'GET',
  body = '',
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, method }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

const statusOf = async (url = ''): Promise<number> =>
  (await post(url.replace('0.0.0.0', '127.0.0.1'), '/', LINE)).status

describe('starting', () => {
  test('several listeners, IPv6 among them, each with its own port', async () => {
    const { server } = await runServer({
      config: { server: { listen: ['127.0.0.1:0', '[::1]:0', 'localhost:0'] } },
    })
    expect(server.urls).toHaveLength(3)
    expect(server.urls[1]).toMatch(/^http:\/\/\[::1\]:\d+$/)
    for (const url of server.urls) expect((await fetch(`${url}/ready`)).status).toBe(200)
  })

  test('server.json names the process; the socket is for its owner only and opens every scope', async () => {
    const { server, dataDir, url } = await runServer({ keys: [keyNamed('k')] })
    const file = JSON.parse(await readFile(join(dataDir, 'server.json'), 'utf8')) as object
    expect(file).toEqual({
      pid: process.pid,
      version: '1.2.3',
      urls: [url],
      socket: join(dataDir, 'control.sock'),
      started: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    })
    expect(statSync(join(dataDir, 'control.sock')).mode & 0o777).toBe(0o600)
    expect(statSync(join(dataDir, 'server.json')).mode & 0o007).toBe(0)
    const socket = server.socketPath ?? ''
    expect((await overSocket(socket, '/api/v1/logs', 'POST', LINE)).status).toBe(200)
    expect((await overSocket(socket, '/api/v1/seal', 'POST')).status).toBe(204)
    expect((await overSocket(socket, '/metrics')).status).toBe(200)
    await server.close()
    expect([existsSync(join(dataDir, 'server.json')), existsSync(socket)]).toEqual([false, false])
  })

  test('a socket left by a dead process is replaced', async () => {
    const options = await optionsFor({})
    await writeFile(join(options.config.store.data, 'control.sock'), '')
    const server = await startServer(options)
    expect((await overSocket(server.socketPath ?? '', '/ready')).text).toBe('ready\n')
    await server.close()
  })

  test('a data folder with a path too long for a socket is served without one', async () => {
    const options = await optionsFor({})
    const deep = join(options.config.store.data, 'x'.repeat(120))
    await mkdir(deep)
    const config = { ...options.config, store: { ...options.config.store, data: deep } }
    const server = await startServer({ ...options, config })
    expect(server.socketPath).toBeUndefined()
    await server.close()
  })

  test('a port in use is PORT_IN_USE with the address, and nothing stays open', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => void other.once('listening', resolve))
    onTestFinished(() => void other.close())
    const taken = `127.0.0.1:${(other.address() as AddressInfo).port}`
    const options = await optionsFor({ listen: ['127.0.0.1:0', taken] })
    await expect(startServer(options)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      exit: 3,
      message: expect.stringContaining(taken) as string,
    })
    expect(existsSync(join(options.config.store.data, 'control.sock'))).toBe(false)
    expect(existsSync(join(options.config.store.data, 'server.json'))).toBe(false)
  })

  test('an address of no interface is USAGE', async () => {
    const options = await optionsFor({ listen: ['203.0.113.1:0'] }, ringOf([keyNamed('k')]))
    await expect(startServer(options)).rejects.toMatchObject({ code: 'USAGE', exit: 2 })
  })

  test('beyond loopback without keys is NOT_OPEN and says how to make one', async () => {
    for (const address of ['0.0.0.0:0', '[::]:0', 'example.com:0']) {
      const refused = startServer(await optionsFor({ listen: [address] }))
      await expect(refused).rejects.toMatchObject({ code: 'NOT_OPEN', exit: 2 })
      await expect(refused).rejects.toMatchObject({
        hints: expect.arrayContaining([expect.stringContaining('logctl key create')]) as string[],
      })
    }
  })

  test('a key, auth off or a trusted network opens it', async () => {
    const listen = ['0.0.0.0:0']
    const started = [
      await startServer(await optionsFor({ listen }, ringOf([keyNamed('k')]))),
      await startServer(await optionsFor({ listen, auth: 'off' })),
      await startServer(await optionsFor({ listen, open_to: ['10.0.0.0/8'] })),
    ]
    expect(await Promise.all(started.map(({ urls }) => statusOf(urls[0])))).toEqual([401, 200, 401])
    await Promise.all(started.map((server) => server.close()))
  })
})

describe('stopping', () => {
  test('what is in flight is finished and answered with Connection: close; the store closes last', async () => {
    const { server, store, url } = await runServer()
    const held = holdAppends(store)
    const client = wire(url)
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${LINE.length}\r\n\r\n${LINE}`)
    await held.waiting
    const closing = server.close()
    await eventually(() =>
      fetch(`${url}/ready`).then(
        () => undefined,
        () => true,
      ),
    )
    expect(store.closed()).toBe(false)
    held.release()
    expect((await client.until(/"accepted":1/)).toLowerCase()).toContain('connection: close')
    await closing
    expect([store.closed(), store.records.length]).toEqual([true, 1])
  })

  test('on a connection that is still open, new requests are 503 and ready says stopping', async () => {
    const { server, store, url } = await runServer()
    const held = holdAppends(store)
    const client = wire(url)
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${LINE.length}\r\n\r\n${LINE}`)
    await new Promise((resolve) => void setTimeout(resolve, 50))
    client.send('GET /ready HTTP/1.1\r\nHost: a\r\n')
    const closing = server.close()
    client.send('\r\n')
    await new Promise((resolve) => void setTimeout(resolve, 50))
    held.release()
    await closing
    expect(client.received()).toContain('"accepted":1')
  })

  test('idle connections do not hold it up', async () => {
    const { server, url } = await runServer()
    const idle = wire(url)
    idle.send('GET /ready HTTP/1.1\r\nHost: a\r\n\r\n')
    await idle.until(/ready\n$/)
    const startedMs = Date.now()
    await server.close()
    expect(Date.now() - startedMs).toBeLessThan(20_000)
    await idle.closed
  })

  test('closing twice is closing once', async () => {
    const { server } = await runServer()
    await Promise.all([server.close(), server.close()])
  })
})

test('reload changes limits and keeps listeners', async () => {
  const { server, url, dataDir } = await runServer()
  expect((await post(url, '/', 'x'.repeat(5000))).status).toBe(200)
  const reloaded = configOf({ server: { listen: ['127.0.0.1:1'] } }, dataDir)
  server.reload(reloaded, { inFlightBytes: 1e6, bodyBytes: 1024 })
  expect((await post(url, '/', 'x'.repeat(5000))).status).toBe(413)
})
