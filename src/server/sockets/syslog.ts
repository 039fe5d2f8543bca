// The door for syslog: UDP and TCP on one port. Nobody is told whether a message was stored, so what comes over TCP
// is left in the sender's hands while the store is behind; a datagram that finds no room is counted as refused.
import type { Socket } from 'node:net'
import { parseAddress } from '../../config/address.js'
import { LogctlError } from '../../errors.js'
import { decodeSyslogFrames, syslogMessageBytes } from '../../decode/formats/syslog.js'
import { type SyslogFrame, syslogFramer } from '../../decode/syslog-framing.js'
import type { Caller } from '../access.js'
import { decodeContext, takeIn } from '../ingest/intake.js'
import type { ClosableListener } from '../listeners.js'
import { isLoopbackAddress } from '../listeners.js'
import type { Service } from '../service.js'
import { type Datagrams, openDatagrams } from './datagrams.js'
import { drain } from './drain.js'
import { createGatherer, type Gatherer } from './gatherer.js'
import { openSocketServer, type SocketServer } from './socket-server.js'

const DOOR = 'syslog'
/** What waits for the store, at most, and what may be held of messages that are not whole. Bytes. */
const WAITING_BYTES = 8 * 2 ** 20
const PARTIAL_BYTES = 64 * 2 ** 20
/** A message waits so long for others to be stored with, at most. Milliseconds. */
const GATHER_MS = 50
/** Port 0 gives a port that TCP has free; UDP may have to ask for another. */
const PORT_TRIES = 20

/** No key stands behind a message; who may send is said by `syslog.allow`. */
const CALLER: Caller = { key: undefined, peer: '', local: true }

interface Door {
  readonly service: Service
  readonly gatherer: Gatherer<SyslogFrame>
  /** Bytes of messages that are not whole, of all connections. */
  partial: number
  readonly sockets: Set<Socket>
  /** No connection is read until there is room. */
  isHeld: boolean
  /** Connections in the middle of a message. */
  readonly busy: Set<Socket>
}

/** Throws PORT_IN_USE or USAGE. */
export async function openSyslog(address: string, service: Service): Promise<ClosableListener> {
  const door: Door = {
    service,
    gatherer: gathererOf(service),
    partial: 0,
    sockets: new Set(),
    isHeld: false,
    busy: new Set(),
  }
  const { server, datagrams } = await openBoth(address, door)
  return {
    name: address,
    kind: 'syslog',
    loopback: isLoopbackAddress(address),
    url: `syslog://${server.bound}`,
    connections: () => server.sockets.size,
    close: () => close(door, server, datagrams),
    cut() {
      for (const socket of door.sockets) socket.destroy()
      const lost = door.gatherer.abandon()
      if (lost > 0) service.log.error({ messages: lost }, 'syslog messages that could not be stored are lost')
      refuse(service, 'stopping', lost)
    },
  }
}

function gathererOf(service: Service): Gatherer<SyslogFrame> {
  const { log, settings } = service
  return createGatherer<SyslogFrame>({
    size: () => service.settings.config.batch.size,
    waitMs: Math.min(GATHER_MS, settings.config.batch.flush_interval),
    limitBytes: WAITING_BYTES,
    prepare(frames) {
      const decoded = decodeSyslogFrames(
        frames,
        decodeContext(service, service.settings.config.syslog.tenant),
      )
      const bytes = frames.reduce((sum, frame) => sum + frame.bytes.length, 0)
      return () => takeIn(decoded, { door: DOOR, caller: CALLER, bytes, idempotencyKey: undefined }, service)
    },
    failed(error, frames, isLost) {
      if (isLost) refuse(service, reasonOf(error), frames.length)
      const detail = { code: error.code, reason: error.message, messages: frames.length }
      if (isLost) log.error(detail, 'syslog messages are lost')
      else log.warn(detail, 'syslog messages wait for the store')
    },
  })
}

async function openBoth(
  address: string,
  door: Door,
): Promise<{ server: SocketServer; datagrams: Datagrams }> {
  for (let tries = 1; ; tries++) {
    const server = await openTcp(address, door)
    try {
      return { server, datagrams: await openDatagrams(server.bound, (...got) => takeDatagram(door, ...got)) }
    } catch (error) {
      const closed = server.close()
      for (const socket of door.sockets) socket.destroy()
      await closed
      const isChance = parseAddress(address)?.port === 0 && error instanceof LogctlError
      if (!isChance || error.code !== 'PORT_IN_USE' || tries === PORT_TRIES) throw error
    }
  }
}

async function openTcp(address: string, door: Door): Promise<SocketServer> {
  const { service } = door
  const server: SocketServer = await openSocketServer({
    address,
    limits: service.settings.config.server,
    allows: (peer) => service.settings.allows.syslog(peer),
    connected: (socket) => serveConnection(socket, door, () => server.touch(socket)),
    refused: (reason) => refuse(service, reason),
    isBusy: (socket) => door.isHeld || door.busy.has(socket),
  })
  return server
}

function serveConnection(socket: Socket, door: Door, touch: () => void): void {
  const { service, gatherer, busy, sockets } = door
  const framer = syslogFramer(syslogMessageBytes({ limits: service.settings.decodeLimits }))
  let held = 0
  const noteHeld = (bytes: number): void => {
    door.partial += bytes - held
    held = bytes
    if (held > 0) busy.add(socket)
    else busy.delete(socket)
  }
  const take = (frames: readonly SyslogFrame[]): void => {
    for (const frame of frames) gatherer.add(frame, frame.bytes.length)
  }
  sockets.add(socket)
  socket.on('data', (chunk: Buffer) => {
    touch()
    take(framer.push(chunk))
    noteHeld(framer.held)
    if (door.partial > PARTIAL_BYTES && held > chunk.length) {
      refuse(service, 'overloaded')
      socket.destroy()
    } else if (gatherer.isFull) void hold(door)
  })
  if (door.isHeld) socket.pause()
  // Silence between messages is what most senders do; within one it is not.
  socket.setTimeout(service.settings.config.server.idle_timeout, () => {
    if (held > 0 && !door.isHeld) socket.destroy()
  })
  socket.once('close', () => {
    take(framer.end())
    noteHeld(0)
    sockets.delete(socket)
  })
}

/** Reads no more until there is room: the senders' own queues fill then. */
async function hold(door: Door): Promise<void> {
  if (door.isHeld) return
  const { metrics } = door.service
  door.isHeld = true
  // All at once, for each could bring a piece more.
  for (const socket of door.sockets) socket.pause()
  metrics.set('logctl_paused_connections', { door: DOOR }, door.sockets.size)
  await door.gatherer.room()
  door.isHeld = false
  for (const socket of door.sockets) socket.resume()
  metrics.set('logctl_paused_connections', { door: DOOR }, 0)
}

function takeDatagram({ service, gatherer }: Door, bytes: Buffer, from: string): void {
  if (!service.settings.allows.syslog(from)) refuse(service, 'not_allowed')
  else if (gatherer.isFull) refuse(service, gatherer.refusal ? reasonOf(gatherer.refusal) : 'overloaded')
  else if (bytes.length > 0) gatherer.add({ bytes, length: bytes.length }, bytes.length)
}

/** What was sent before the stop is taken in. */
async function close(door: Door, server: SocketServer, datagrams: Datagrams): Promise<void> {
  const closed = server.close()
  await Promise.all([
    ...[...door.sockets].map((socket) => drain(socket, () => door.isHeld)),
    datagrams.drained().then(() => datagrams.close()),
  ])
  await closed
  await door.gatherer.settled()
}

function reasonOf({ code }: LogctlError): string {
  return code.toLowerCase()
}

function refuse({ metrics }: Service, reason: string, count = 1): void {
  if (count > 0) metrics.count('logctl_ingest_refused_total', { door: DOOR, reason }, count)
}
