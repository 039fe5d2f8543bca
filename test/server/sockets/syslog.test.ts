// The door for syslog over its wires: UDP and TCP, both framings, who may send, a store that is behind, the end.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { eventually, holdAppends, type Running, runServer, type Wanted } from '../running-server.js'

interface Door extends Running {
  readonly port: number
  lines(): string[]
}

async function open({ config = {}, ...wanted }: Wanted = {}): Promise<Door> {
  const running = await runServer({
    ...wanted,
    config: { ...config, syslog: { listen: ['127.0.0.1:0'], ...config['syslog'] } },
  })
  const [url = ''] = running.server.socketUrls
  expect(url).toMatch(/^syslog:\/\/127\.0\.0\.1:\d+$/)
  const port = Number(url.slice(url.lastIndexOf(':') + 1))
  return { ...running, port, lines: () => running.store.records.map(({ line }) => line) }
}

async function tcp({ port }: Door): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

async function udp({ port }: Door, ...messages: string[]): Promise<void> {
  const socket = createSocket('udp4')
  for (const message of messages)
    await new Promise((resolve) => socket.send(message, port, '127.0.0.1', resolve))
  socket.close()
}

const stored = (door: Door, count: number) =>
  eventually(() => (door.lines().length >= count ? door.lines() : undefined), `${count} lines`)

async function metric({ url }: Door, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((each) => each.startsWith(`${name} `))
  return Number(line?.split(' ').at(-1) ?? 0)
}

describe('what comes in', () => {
  test('TCP in both framings and UDP, on one port', async () => {
    const door = await open({ config: { syslog: { tenant: 'acme' } } })
    const socket = await tcp(door)
    socket.write('<13>Jan 11 09:30:00 web nginx: one\n25 <13>1 - h app - - - two\nx')
    await stored(door, 2)
    await udp(door, '<14>1 - h app - - - three')
    await stored(door, 3)
    expect(door.lines()).toEqual(['one', 'two\nx', 'three'])
    expect(door.store.records[0]).toMatchObject({
      tenant: 'acme',
      labels: { source: 'syslog', host: 'web', app: 'nginx' },
    })
    expect(await metric(door, 'logctl_ingest_lines_total{door="syslog"}')).toBe(3)
  })

  test('a last line without an end, when the sender goes', async () => {
    const door = await open()
    const socket = await tcp(door)
    socket.end('<13>h: first\n<13>h: last')
    expect(await stored(door, 2)).toEqual(['first', 'last'])
  })

  test('a line over its limit is cut and flagged', async () => {
    const door = await open({ config: { limits: { line: '256' } } })
    const socket = await tcp(door)
    socket.end(`<13>h: ${'x'.repeat(200_000)}\n`)
    await stored(door, 1)
    expect(door.store.records[0]).toMatchObject({ line: 'x'.repeat(256), fields: { _truncated: 200_000 } })
    expect(await metric(door, 'logctl_ingest_repaired_total{door="syslog",repair="line_cut"}')).toBe(1)
  })
})

describe('who may send', () => {
  test('others than syslog.allow names are closed and counted; SIGHUP changes it', async () => {
    const door = await open({ config: { syslog: { allow: ['192.0.2.0/24'] } } })
    const socket = await tcp(door)
    await once(socket, 'close')
    await udp(door, '<13>h: no')
    const name = 'logctl_ingest_refused_total{door="syslog",reason="not_allowed"}'
    await eventually(async () => (await metric(door, name)) === 2 || undefined)
    const syslog = { ...door.config.syslog, allow: ['127.0.0.1'] }
    door.server.reload({ ...door.config, syslog }, { inFlightBytes: 1e7, bodyBytes: 1e6 })
    await udp(door, '<13>h: yes')
    expect(await stored(door, 1)).toEqual(['yes'])
  })

  test('beyond loopback, an allow list of loopback is refused with words', async () => {
    const started = runServer({ config: { syslog: { listen: ['0.0.0.0:0'] } } })
    await expect(started).rejects.toMatchObject({
      code: 'NOT_OPEN',
      message: expect.stringContaining('syslog.allow'),
    })
  })

  test('connections over the limit take the place of idle ones', async () => {
    const door = await open({ config: { server: { max_connections: 1 } } })
    const first = await tcp(door)
    const second = await tcp(door)
    await once(first, 'close')
    second.write('<13>h: second\n')
    expect(await stored(door, 1)).toEqual(['second'])
  })
})

describe('a store that is behind', () => {
  test('TCP is held back, UDP refused and counted, and nothing of TCP is lost', async () => {
    const door = await open({ config: { batch: { size: 100_000 } } })
    const held = holdAppends(door.store)
    const socket = await tcp(door)
    const text = 'y'.repeat(10_000)
    let sent = 0
    for (; sent < 10_000 && socket.writableLength < 4_000_000; sent++) {
      socket.write(`<13>h: ${text} ${sent}\n`)
      if (sent % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await held.waiting
    await eventually(
      async () => (await metric(door, 'logctl_paused_connections{door="syslog"}')) === 1 || undefined,
    )
    await udp(door, '<13>h: no room')
    const name = 'logctl_ingest_refused_total{door="syslog",reason="overloaded"}'
    await eventually(async () => (await metric(door, name)) === 1 || undefined)
    held.release()
    socket.end()
    const lines = await stored(door, sent)
    expect(lines.map((line) => Number(line.split(' ')[1]))).toEqual(Array.from({ length: sent }, (_, n) => n))
    expect(await metric(door, 'logctl_paused_connections{door="syslog"}')).toBe(0)
  })

  test('a full disk is tried again until it is not', async () => {
    const door = await open()
    let tries = 0
    door.store.beforeAppend = () => {
      if (++tries < 3) throw new LogctlError('DISK_FULL', 'free space is below 5 %', { retryAfterS: 0.01 })
    }
    await udp(door, '<13>h: kept')
    expect(await stored(door, 1)).toEqual(['kept'])
    expect(tries).toBe(3)
  })
})

test('what was received before the stop is stored', async () => {
  const door = await open()
  const sockets = await Promise.all(Array.from({ length: 5 }, () => tcp(door)))
  for (const [n, socket] of sockets.entries()) socket.write(`<13>h: ${n}\n<13>h: ${n} without end`)
  await udp(door, '<13>h: datagram')
  await door.server.close()
  expect(door.lines().toSorted()).toEqual(
    ['0', '1', '2', '3', '4'].flatMap((n) => [n, `${n} without end`]).concat('datagram'),
  )
})
