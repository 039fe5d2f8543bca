// The door for Fluent's forward protocol: its four modes, acknowledgements, the shared key, and the official clients.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { FluentClient } from '@fluent-org/logger'
import { decodeMultiStream, encode, ExtData } from '@msgpack/msgpack'
import fluentLogger from 'fluent-logger'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { eventually, holdAppends, type Running, runServer } from '../running-server.js'

interface Door extends Running {
  readonly port: number
  lines(): string[]
}

async function open(forward: Record<string, unknown> = {}): Promise<Door> {
  const running = await runServer({ config: { forward: { listen: ['127.0.0.1:0'], ...forward } } })
  const [url = ''] = running.server.socketUrls
  expect(url).toMatch(/^forward:\/\/127\.0\.0\.1:\d+$/)
  const port = Number(url.slice(url.lastIndexOf(':') + 1))
  return { ...running, port, lines: () => running.store.records.map(({ line }) => line) }
}

interface Sender {
  readonly socket: Socket
  send(...values: unknown[]): void
  /** What the server says next. */
  heard(): Promise<unknown>
}

async function sender({ port }: Door): Promise<Sender> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  const answers = decodeMultiStream(socket)
  return {
    socket,
    send: (...values) => void socket.write(Buffer.concat(values.map((value) => encode(value)))),
    heard: async () => (await answers.next()).value,
  }
}

const stored = (door: Door, count: number) =>
  eventually(() => (door.lines().length >= count ? door.lines() : undefined), `${count} lines`)

async function metric({ url }: Door, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.split(' ').at(-1) ?? 0)
}

const TIME = 1_736_587_800

function eventTime(seconds: number, ns: number): ExtData {
  const data = Buffer.alloc(8)
  data.writeUInt32BE(seconds)
  data.writeUInt32BE(ns, 4)
  return new ExtData(0, data)
}

const packed = (...entries: unknown[]): Buffer => Buffer.concat(entries.map((entry) => encode(entry)))

describe('modes', () => {
  test('Message, Forward, PackedForward, CompressedPackedForward; heartbeats are nothing', async () => {
    const door = await open({ tenant: 'acme' })
    const { send } = await sender(door)
    send(
      null,
      ['app.web', TIME, { message: 'one', level: 'warn' }],
      [
        'app.web',
        [
          [TIME, { log: 'two' }],
          [eventTime(TIME, 5), { message: 'three' }],
        ],
        { size: 2 },
      ],
      ['app.web', packed([TIME, { message: 'four' }], [TIME, { message: 'five' }])],
      ['app.web', gzipSync(packed([TIME, { message: 'six' }])), { compressed: 'gzip' }],
      ['app.web', [TIME, { meta: 1 }], { message: 'seven' }],
    )
    expect((await stored(door, 7)).toSorted()).toEqual(
      ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].toSorted(),
    )
    expect(door.store.records.find(({ line }) => line === 'one')).toMatchObject({
      timestamp: '2025-01-11T09:30:00.000000000Z',
      tenant: 'acme',
      level: 'warn',
      labels: { source: 'app.web' },
    })
    expect(door.store.records.find(({ line }) => line === 'three')?.timestamp).toBe(
      '2025-01-11T09:30:00.000000005Z',
    )
    expect(await metric(door, 'logctl_ingest_lines_total{door="forward"}')).toBe(7)
  })

  test("Docker's driver: the container and its stream are labels", async () => {
    const door = await open()
    const { send } = await sender(door)
    send(['4af', TIME, { container_id: '4af', container_name: '/web', source: 'stderr', log: 'oh' }])
    await stored(door, 1)
    expect(door.store.records[0]).toMatchObject({
      line: 'oh',
      labels: { source: '4af', container: 'web', stream: 'stderr', service_name: 'web' },
      fields: { container_id: '4af' },
    })
  })

  test('values that JSON does not have, and events without a line', async () => {
    const door = await open()
    const { socket } = await sender(door)
    const record = { big: 2n ** 60n, raw: Buffer.from('bytes'), nan: Number.NaN, at: eventTime(TIME, 0) }
    socket.write(encode(['t', TIME, record], { useBigInt64: true }))
    await stored(door, 1)
    expect(door.store.records[0]).toMatchObject({
      line: '{"big":"1152921504606846976","raw":"bytes","nan":"NaN","at":"2025-01-11T09:30:00.000000000Z"}',
      fields: { big: '1152921504606846976', raw: 'bytes', nan: 'NaN', at: '2025-01-11T09:30:00.000000000Z' },
    })
  })
})

describe('acknowledgements', () => {
  test('come once the chunk is durable, and a chunk that comes again is stored once', async () => {
    const door = await open()
    const { send, heard } = await sender(door)
    const held = holdAppends(door.store)
    const chunk = ['t', packed([TIME, { message: 'one' }]), { chunk: 'abc', size: 1 }]
    send(chunk)
    const first = heard()
    await held.waiting
    expect(await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 50, 'none yet'))])).toBe(
      'none yet',
    )
    held.release()
    expect(await first).toEqual({ ack: 'abc' })
    send(chunk)
    expect(await heard()).toEqual({ ack: 'abc' })
    expect(door.lines()).toEqual(['one'])
  })

  test('a full disk: no acknowledgement and the connection ends; what has no chunk is tried again', async () => {
    const door = await open()
    const chunked = await sender(door)
    door.store.beforeAppend = () => {
      throw new LogctlError('DISK_FULL', 'free space is below 5 %')
    }
    chunked.send(['t', TIME, { message: 'chunked' }, { chunk: 'abc' }])
    expect(await chunked.heard()).toBeUndefined()
    expect(await metric(door, 'logctl_ingest_refused_total{door="forward",reason="disk_full"}')).toBe(1)
    const loose = await sender(door)
    loose.send(['t', TIME, { message: 'loose' }])
    await eventually(() => door.log.some((line) => line.includes('events wait for the store')) || undefined)
    door.store.beforeAppend = () => {}
    expect(await stored(door, 1)).toEqual(['loose'])
  })
})

test('a mistake ends the connection; what stood before it is kept', async () => {
  const door = await open()
  const { send, heard } = await sender(door)
  send(['t', TIME, { message: 'good' }], 'no message', ['t', TIME, { message: 'behind it' }])
  expect(await heard()).toBeUndefined()
  expect(door.lines()).toEqual(['good'])
  expect(await metric(door, 'logctl_ingest_refused_total{door="forward",reason="malformed"}')).toBe(1)
})

test('a bad entry is refused alone', async () => {
  const door = await open()
  const { send, heard } = await sender(door)
  send(['t', packed([TIME, { message: 'a' }], 7, [TIME, { message: 'b' }]), { chunk: 'c' }])
  expect(await heard()).toEqual({ ack: 'c' })
  expect(door.lines()).toEqual(['a', 'b'])
  expect(await metric(door, 'logctl_ingest_refused_total{door="forward",reason="malformed"}')).toBe(1)
})

describe('shared key', () => {
  test('is shown by both sides; without it nothing is taken', async () => {
    const door = await open({ shared_key: 'hush' })
    const { send, heard } = await sender(door)
    const [, { nonce }] = (await heard()) as [string, { nonce: Uint8Array }]
    const digest = (host: string, key: string) =>
      createHash('sha512').update(`salt${host}`).update(nonce).update(key).digest('hex')
    send(['PING', 'me', 'salt', digest('me', 'hush'), '', ''])
    const [word, isGood, , host, shown] = (await heard()) as [string, boolean, string, string, string]
    expect([word, isGood, shown]).toEqual(['PONG', true, digest(host, 'hush')])
    send(['t', TIME, { message: 'in' }])
    expect(await stored(door, 1)).toEqual(['in'])
    const stranger = await sender(door)
    await stranger.heard()
    stranger.send(['PING', 'me', 'salt', digest('me', 'wrong'), '', ''], ['t', TIME, { message: 'no' }])
    expect(await stranger.heard()).toEqual(['PONG', false, 'shared_key mismatch', '', ''])
    expect(await stranger.heard()).toBeUndefined()
    expect(await metric(door, 'logctl_ingest_refused_total{door="forward",reason="unauthorized"}')).toBe(1)
    expect(door.lines()).toEqual(['in'])
  })
})

describe('official clients', () => {
  test('fluent-logger, with a shared key and acknowledgements', async () => {
    const door = await open({ shared_key: 'hush' })
    const logger = fluentLogger.createFluentSender('app', {
      host: '127.0.0.1',
      port: door.port,
      requireAckResponse: true,
      security: { clientHostname: 'client', sharedKey: 'hush' },
    })
    await new Promise<void>((resolve, reject) =>
      logger.emit('web', { message: 'from fluent-logger' }, (error?: Error) =>
        error ? reject(error) : resolve(),
      ),
    )
    await new Promise((resolve) => logger.end('last', { message: 'goodbye' }, resolve))
    expect(door.lines()).toEqual(['from fluent-logger', 'goodbye'])
    expect(door.store.records[0]?.labels['source']).toBe('app.web')
  })

  test.each(['Message', 'Forward', 'PackedForward', 'CompressedPackedForward'] as const)(
    '@fluent-org/logger, %s mode with acknowledgements and a shared key',
    async (eventMode) => {
      const door = await open({ shared_key: 'hush' })
      const client = new FluentClient('app', {
        eventMode,
        ack: {},
        security: { clientHostname: 'client', sharedKey: 'hush' },
        socket: { host: '127.0.0.1', port: door.port },
      })
      await Promise.all(['a', 'b', 'c'].map((message) => client.emit('web', { message })))
      await client.disconnect()
      expect(door.lines().toSorted()).toEqual(['a', 'b', 'c'])
    },
  )
})

test('what was received before the stop is stored', async () => {
  const door = await open()
  const senders = await Promise.all([1, 2, 3].map(() => sender(door)))
  for (const [n, { send }] of senders.entries()) send(['t', TIME, { message: String(n) }])
  await door.server.close()
  expect(door.lines().toSorted()).toEqual(['0', '1', '2'])
})
