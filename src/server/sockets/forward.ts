// The door for Fluent's forward protocol. A connection is read no further while what it sent is being stored; a chunk
// is acknowledged once it is durable, and one that comes again is stored once.
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from '@msgpack/msgpack'
import { closeAccount, openAccount } from '../../decode/account.js'
import {
  addForward,
  type ForwardMessage,
  forwardMessage,
  readMsgpack,
  unpacked,
} from '../../decode/formats/forward.js'
import { msgpackFramer } from '../../decode/msgpack-framing.js'
import { LogctlError, messageOf } from '../../errors.js'
import type { Caller } from '../access.js'
import type { ByteLease } from '../byte-budget.js'
import { decodeContext, takeIn } from '../ingest/intake.js'
import { type ClosableListener, isLoopbackAddress } from '../listeners.js'
import type { Service } from '../service.js'
import { drain } from './drain.js'
import { openHandshake } from './handshake.js'
import { openSocketServer } from './socket-server.js'

const DOOR = 'forward'
const RETRY_MS = 1000
/** Failures of the store that pass. */
const PASSING: ReadonlySet<string> = new Set(['DISK_FULL', 'STORE_FAILED', 'OVERLOADED'])
/** Who may send is said by `forward.allow` and the shared key, not by a key of ours. */
const CALLER: Caller = { key: undefined, peer: '', local: true }

/** A message, and the bytes that it came as. */
interface Sent {
  readonly message: ForwardMessage
  readonly bytes: number
}

interface Door {
  readonly service: Service
  /** What is being stored. */
  readonly work: Set<Promise<void>>
  /** The server waits no longer: what cannot be stored now is lost. */
  isCut: boolean
  readonly sockets: Set<Socket>
  /** Connections with something that is not stored yet, or not whole. */
  readonly busy: Set<Socket>
}

/** Throws PORT_IN_USE or USAGE. */
export async function openForward(address: string, service: Service): Promise<ClosableListener> {
  const door: Door = {
    service,
    work: new Set(),
    isCut: false,
    sockets: new Set(),
    busy: new Set(),
  }
  const server = await openSocketServer({
    address,
    limits: service.settings.config.server,
    allows: (peer) => service.settings.allows.forward(peer),
    connected: (socket) => serveConnection(socket, door, () => server.touch(socket)),
    refused: (reason) => refuse(service, reason),
    isBusy: (socket) => door.busy.has(socket),
  })
  return {
    name: address,
    kind: DOOR,
    loopback: isLoopbackAddress(address),
    url: `forward://${server.bound}`,
    connections: () => door.sockets.size,
    async close() {
      const closed = server.close()
      await Promise.all([...door.sockets].map((socket) => drain(socket, () => door.busy.has(socket))))
      await closed
      await Promise.all(door.work)
    },
    cut() {
      door.isCut = true
      for (const socket of door.sockets) socket.destroy()
    },
  }
}

function serveConnection(socket: Socket, door: Door, touch: () => void): void {
  const { service, sockets, busy } = door
  const { config } = service.settings
  const framer = msgpackFramer(service.settings.bodyBytes)
  const lease = service.budget.lease()
  const admit = doorkeeper(socket, config.forward.shared_key?.open())
  let leased = 0
  sockets.add(socket)
  const take = async (chunk: Buffer): Promise<void> => {
    touch()
    const sent: Sent[] = []
    try {
      for (const value of framer.push(chunk)) {
        const read = readMsgpack(value)
        const message = admit(read) ? forwardMessage(read) : undefined
        if (message) sent.push({ message, bytes: value.length })
      }
      leased = leaseMore(lease, leased, framer.held)
    } finally {
      // What stood before a mistake is good.
      await keep(sent, socket, door)
    }
  }
  socket.on('data', (chunk: Buffer) => {
    socket.pause()
    busy.add(socket)
    const work = take(chunk)
      .then(() => {
        if (framer.held === 0) busy.delete(socket)
        socket.resume()
      })
      .catch((thrown: unknown) => end(socket, thrown, service))
      .finally(() => door.work.delete(work))
    door.work.add(work)
  })
  // Within a message, and before the handshake is done, silence is not what a sender does.
  socket.setTimeout(config.server.idle_timeout, () => {
    if (framer.held > 0 || !admit.isDone()) socket.destroy()
  })
  socket.once('close', () => {
    if (framer.held > 0) refuse(service, 'truncated')
    sockets.delete(socket)
    busy.delete(socket)
    lease.release()
  })
}

/** A small piece needs no lease; a message of many is held within the budget of all doors. Throws OVERLOADED. */
function leaseMore(lease: ByteLease, leased: number, held: number): number {
  if (held <= leased) return leased
  lease.take(held - leased)
  return held
}

interface Doorkeeper {
  /** True for what is a message; the handshake's own are answered. Throws UNAUTHORIZED. */
  (value: unknown): boolean
  readonly isDone: () => boolean
}

function doorkeeper(socket: Socket, sharedKey: string | undefined): Doorkeeper {
  if (sharedKey === undefined) return Object.assign(() => true, { isDone: () => true })
  const handshake = openHandshake()
  let isDone = false
  socket.write(handshake.helo)
  const judge = (value: unknown): boolean => {
    if (isDone) return true
    const { isGood, pong } = handshake.answer(value, sharedKey)
    socket.write(pong)
    if (!isGood) throw new LogctlError('UNAUTHORIZED', 'the sender does not know the shared key')
    isDone = true
    return false
  }
  return Object.assign(judge, { isDone: () => isDone })
}

/** Stores the messages of one piece of the stream: those without a chunk together, each of the others on its own. */
async function keep(all: readonly Sent[], socket: Socket, door: Door): Promise<void> {
  const loose = all.filter(({ message }) => message.chunk === undefined)
  const chunks = all.filter(({ message }) => message.chunk !== undefined)
  await Promise.all([
    loose.length > 0 ? storePatiently(loose, door) : undefined,
    ...chunks.map(async (sent) => {
      await store([sent], door.service)
      socket.write(encode({ ack: sent.message.chunk }))
    }),
  ])
}

/** Nobody would send these again: they are tried until they are stored, and the connection waits. */
async function storePatiently(sent: readonly Sent[], door: Door): Promise<void> {
  for (;;) {
    try {
      return await store(sent, door.service)
    } catch (thrown) {
      const isPassing = thrown instanceof LogctlError && PASSING.has(thrown.code)
      if (!isPassing || door.isCut) throw thrown
      door.service.log.warn({ code: thrown.code, reason: thrown.message }, 'events wait for the store')
    }
    await sleep(RETRY_MS)
  }
}

async function store(sent: readonly Sent[], service: Service): Promise<void> {
  const startedMs = performance.now()
  const { tenant } = service.settings.config.forward
  const account = openAccount(decodeContext(service, tenant))
  let bytes = 0
  let events = 0
  for (const { message, bytes: size } of sent) {
    const whole = await unpacked(message, service.settings.bodyBytes)
    bytes += whole.packed?.length ?? size
    events = addForward(account, whole, events)
  }
  const chunk = sent[0]?.message.chunk
  const idempotencyKey = chunk === undefined ? undefined : JSON.stringify([DOOR, tenant ?? '', chunk])
  await takeIn(closeAccount(account), { door: DOOR, caller: CALLER, bytes, idempotencyKey }, service)
  service.metrics.observe('logctl_ack_seconds', { door: DOOR }, (performance.now() - startedMs) / 1000)
}

/** Without its acknowledgement the sender sends again. */
function end(socket: Socket, thrown: unknown, service: Service): void {
  const code = thrown instanceof LogctlError ? thrown.code : 'BUG'
  refuse(service, code === 'BODY_INVALID' ? 'malformed' : code.toLowerCase())
  if (code === 'BUG') service.log.error({ err: thrown }, 'a mistake in logctl')
  else
    service.log.warn({ code, reason: messageOf(thrown), peer: socket.remoteAddress }, 'a sender was cut off')
  // What was written to it before, such as a PONG, still goes out.
  socket.end(() => socket.destroy())
}

function refuse({ metrics }: Service, reason: string): void {
  metrics.count('logctl_ingest_refused_total', { door: DOOR, reason })
}
