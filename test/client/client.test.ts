// The client against a real server: every answer, every error by its own code, and laws of cut connections.
import { createServer, type Server } from 'node:http'
import { connect, createServer as createTcp, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect as openConnection } from '#logctl/client/connection.js'
import { openServer, type ServerClient } from '#logctl/client/open-server.js'
import { openPusher } from '#logctl/client/push.js'
import type { StoredRecord } from '#logctl/record/record.js'
import type { ScanRequest } from '#logctl/record/scan-request.js'
import { Secret } from '#logctl/secret.js'
import { eventually, keyNamed, ndjson, post, runServer } from '../server/running-server.js'

const FORWARD: ScanRequest = { direction: 'forward', where: [] }

function client(url: string, rest: object = {}): ServerClient {
  const opened = openServer({ url, ...rest })
  onTestFinished(() => opened.close())
  return opened
}

async function all(pieces: AsyncIterable<readonly StoredRecord[]>): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  for await (const piece of pieces) records.push(...piece)
  return records
}

function events(count: number, sameTime = 1): string {
  return ndjson(
    ...Array.from({ length: count }, (_, n) => ({
      message: `line ${n} ${'ü'.repeat(200)}`,
      timestamp: new Date(Date.UTC(2025, 0, 11) + Math.floor(n / sameTime) * 1000).toISOString(),
    })),
  )
}

async function listening(server: Server | ReturnType<typeof createTcp>): Promise<string> {
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => void server.once('listening', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Passes bytes on to the server and cuts each connection after so many of the answer. */
async function cuttingProxy(url: string, cutAfter: () => number): Promise<string> {
  const { port } = new URL(url)
  const proxy = createTcp((near: Socket) => {
    const far = connect(Number(port), '127.0.0.1')
    let left = cutAfter()
    near.on('error', () => {}).on('close', () => far.destroy())
    far.on('error', () => {}).on('close', () => near.destroy())
    near.pipe(far)
    far.on('data', (chunk: Buffer) => {
      near.write(chunk.subarray(0, Math.max(0, left)))
      left -= chunk.length
      if (left <= 0) near.end(() => near.destroy())
    })
  })
  return listening(proxy)
}

describe('answers', () => {
  test('a server reads as its store does, over HTTP and over the socket', async () => {
    const { url, store, server } = await runServer({ pieceSize: 7 })
    await post(url, '/', events(50))
    await post(url, '/', ndjson({ message: 'x', source: 'web', timestamp: '2025-01-12T00:00:00Z' }))
    for (const reader of [client(url), client('', { url: undefined, socketPath: server.socketPath })]) {
      expect(await all(reader.scan(FORWARD))).toEqual(await all(store.scan(FORWARD)))
      const narrow: ScanRequest = {
        direction: 'backward',
        limit: 3,
        where: [{ kind: 'line', op: '|=', values: ['1'] }],
      }
      expect(await all(reader.scan(narrow))).toEqual(await all(store.scan(narrow)))
      expect(await reader.newestSequence()).toBe(51)
      expect(await reader.days()).toEqual(['2025-01-11', '2025-01-12'])
      const stats = { day: '2025-01-11' as never, by: 'source' }
      expect(await reader.stats(stats)).toEqual(await store.stats(stats))
      expect(await reader.stats({ day: '2025-02-01' as never })).toBeUndefined()
      const labels = { where: [{ kind: 'label' as const, name: 'source', op: '=' as const, value: 'web' }] }
      expect(await reader.labels(labels)).toEqual(await store.labels(labels))
      expect(await reader.health()).toMatchObject({ status: 'ok', version: '1.2.3' })
      expect(await reader.summary()).toMatchObject({ alerts_firing: 0 })
      expect(await reader.status()).toMatchObject({ pid: process.pid })
      await reader.seal()
    }
    expect(store.sealed()).toBe(2)
  })

  test('health of a server that is down is an answer, not an error', async () => {
    const { url, store } = await runServer()
    store.condition = { state: 'failed' }
    expect(await client(url).health()).toMatchObject({ status: 'down' })
  })

  test('warnings reach the reader', async () => {
    const { url, store } = await runServer()
    store.scan = async function* (_request, options) {
      options?.warn?.('part 7 is damaged')
      yield []
    }
    const warnings: string[] = []
    await all(client(url).scan(FORWARD, { warn: (text) => warnings.push(text) }))
    expect(warnings).toEqual(['part 7 is damaged'])
  })

  test('push tells what became of it', async () => {
    const { url } = await runServer()
    const pusher = openPusher({ url })
    onTestFinished(() => pusher.close())
    expect(await pusher.push({ body: '{"message":"a"}\n{oops\n' })).toMatchObject({
      accepted: 1,
      rejected: 1,
    })
    expect(await pusher.push({ body: '{oops\n' })).toMatchObject({ accepted: 0, rejected: 1 })
    expect(await pusher.push({ body: 'x', idempotencyKey: 'k' })).toMatchObject({ accepted: 1 })
    await expect(pusher.push({ body: 'x', encoding: 'gzip' })).rejects.toMatchObject({ code: 'BODY_INVALID' })
  })
})

describe('errors keep their codes', () => {
  test('401, 403, 400 and the tenant', async () => {
    const { url } = await runServer({ keys: [keyNamed('a', { tenant: 'acme' })] })
    await expect(client(url).days()).rejects.toMatchObject({ code: 'UNAUTHORIZED', exit: 3 })
    const bound = client(url, { key: new Secret('a') })
    expect(await bound.days()).toEqual([])
    await expect(all(bound.scan({ ...FORWARD, tenants: ['beta'] }))).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(client(url, { key: new Secret('a'), tenant: 'beta' }).days()).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    const bad: ScanRequest = { ...FORWARD, where: [{ kind: 'line', op: '|~', values: ['('] }] }
    await expect(all(bound.scan(bad))).rejects.toMatchObject({ code: 'PATTERN_INVALID', exit: 2 })
  })

  test('a tenant of any letters', async () => {
    const { url } = await runServer()
    await post(
      url,
      '/',
      ndjson({ message: 'a', tenant: 'münchen' }, { message: 'b', tenant: '東京' }, { message: 'c' }),
    )
    expect(
      (await all(client(url, { tenant: 'münchen|東京' }).scan(FORWARD))).map(({ line }) => line),
    ).toEqual(['a', 'b'])
  })

  test('nobody there is UNREACHABLE with hints', async () => {
    for (const address of [
      { url: 'http://127.0.0.1:1' },
      { socketPath: '/nowhere/control.sock' },
      { url: 'http://no.such.name.invalid' },
    ]) {
      const opened = openServer(address)
      await expect(opened.days()).rejects.toMatchObject({
        code: 'UNREACHABLE',
        exit: 3,
        hints: [expect.stringContaining('logctl serve') as string, expect.anything() as string],
      })
    }
    expect(() => openServer({ url: 'ftp://x' })).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error)
  })

  test('another program’s answer is SERVER_FAILED', async () => {
    const url = await listening(createServer((_request, response) => void response.end('<html>hello</html>')))
    await expect(client(url).days()).rejects.toMatchObject({ code: 'SERVER_FAILED' })
  })

  test('a server that accepts and says nothing is UNREACHABLE in time', async () => {
    const url = await listening(createTcp(() => {}))
    const connection = openConnection({ url })
    await expect(connection.ask({ path: '/', silenceMs: 100 })).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  test('an abort is INTERRUPTED', async () => {
    const { url, store } = await runServer()
    store.newestSequence = () => new Promise(() => {})
    const stop = new AbortController()
    const asked = client(url, { signal: stop.signal }).newestSequence()
    stop.abort()
    await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})

async function expectIncomplete(body: string): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.end(body)
  })
  const url = await listening(server)
  await expect(all(client(url).scan(FORWARD))).rejects.toMatchObject({ code: 'INCOMPLETE', exit: 4 })
}

describe('scans that are cut off', () => {
  test('an answer without its end is INCOMPLETE, even between two lines', async () => {
    for (const body of ['', '{"timestamp":"2025-01-11T00:00:00.000000000Z","sequence":1}\n', '{"timest'])
      await expectIncomplete(body)
  })

  test('where it can go on it does: the whole answer, nothing twice', async () => {
    const { url, store } = await runServer({ pieceSize: 10 })
    await post(url, '/', events(300, 4))
    for (const direction of ['forward', 'backward'] as const)
      for (const limit of [undefined, 150]) {
        let cuts = 0
        const proxied = await cuttingProxy(url, () => (++cuts, 30_000 + cuts * 777))
        const request: ScanRequest = { direction, limit, where: [] }
        expect(await all(client(proxied).scan(request))).toEqual(await all(store.scan(request)))
        expect(cuts).toBeGreaterThan(2)
      }
  })

  test('where no try gets further it is INCOMPLETE', async () => {
    const { url } = await runServer()
    await post(url, '/', events(300, 300))
    const proxied = await cuttingProxy(url, () => 20_000)
    await expect(all(client(proxied).scan(FORWARD))).rejects.toMatchObject({ code: 'INCOMPLETE' })
  })
})

describe('following', () => {
  test('neither gap nor repeat over connections that keep breaking', async () => {
    const { url } = await runServer({ pieceSize: 5 })
    let cuts = 0
    const proxied = await cuttingProxy(url, () => (++cuts, 3000 + ((cuts * 977) % 2000)))
    const stop = new AbortController()
    const seen: number[] = []
    const reading = (async () => {
      for await (const piece of client(proxied).follow(
        { where: [], sequenceAbove: 0 },
        { signal: stop.signal },
      ))
        seen.push(...piece.map(({ sequence }) => sequence))
    })()
    for (let n = 0; n < 20; n += 1) await post(url, '/', events(3))
    await eventually(() => seen.length >= 60 || undefined)
    stop.abort()
    await reading
    expect(seen).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
    expect(cuts).toBeGreaterThan(2)
  })

  test('it waits for a server that is away, and gives up on a refusal', async () => {
    const { url } = await runServer({ keys: [keyNamed('k')] })
    const refused = all(client(url).follow({ where: [], sequenceAbove: 0 }))
    await expect(refused).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    const stop = new AbortController()
    const away = all(
      client('http://127.0.0.1:1').follow({ where: [], sequenceAbove: 0 }, { signal: stop.signal }),
    )
    setTimeout(() => stop.abort(), 500)
    expect(await away).toEqual([])
  })

  test('conditions and tenants hold', async () => {
    const { url } = await runServer()
    await post(
      url,
      '/',
      ndjson({ message: 'a', tenant: 't' }, { message: 'b', tenant: 't' }, { message: 'b', tenant: 'u' }),
    )
    const stop = new AbortController()
    const where = [{ kind: 'text', pattern: 'b', literal: true, ignoreCase: false, invert: false }] as const
    for await (const piece of client(url).follow(
      { tenants: ['t'], where, sequenceAbove: 0 },
      { signal: stop.signal },
    )) {
      expect(piece.map(({ sequence }) => sequence)).toEqual([2])
      stop.abort()
    }
  })
})
