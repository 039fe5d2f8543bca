// Opens and closes the sockets that HTTP comes in by, with their limits: connections, header size, idle time.
import { chmod, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server as SocketServer, Socket } from 'node:net'
import {
  cidrMatcher,
  formatAddress,
  isLoopback,
  type ListenAddress,
  parseListenAddress,
} from '../config/address.js'
import type { Config } from '../config/schema.js'
import { errnoOf, fail, LogctlError, messageOf } from '../errors.js'
import type { ActiveRequests } from './active-requests.js'
import { activeRequests } from './active-requests.js'
import { answerBrokenRequest } from './broken-request.js'
import type { Connections } from './connections.js'
import { trackConnections } from './connections.js'
import type { Listener } from './exchange.js'
import type { Responder } from './http.js'
import type { OpenListener } from './service.js'
import type { ServerTls } from './tls/server-tls.js'
import { UpgradableRequest, responseToUpgrade } from './upgrade.js'

/** Request line and headers together. Bytes. */
const MAX_HEADER_BYTES = 32 * 1024
/** TCP keepalive probes begin after this silence; Node leaves interval and count to the system. Milliseconds. */
const KEEPALIVE_MS = 60_000
/** Connections that may wait to be accepted, for when all senders come back at once; the system caps it (somaxconn). */
const BACKLOG = 4096
/** How often connections that became idle are ended while closing. Milliseconds. */
const IDLE_SWEEP_MS = 25
/** sun_path of unix(7) holds 108 bytes on Linux, 104 on macOS, with a final NUL. */
const MAX_SOCKET_PATH = 103

export interface ClosableListener extends OpenListener {
  /** Takes no new connections and ends idle ones; resolves when every request is answered. */
  close(): Promise<void>
  /** Ends every connection at once. */
  cut(): void
}

export interface ListenerPlan {
  /** `host:port`, `https://host:port`, or the path of a Unix socket. */
  readonly address: string
  readonly kind: Listener['kind']
  /** Present where the address is for TLS. */
  readonly tls?: ServerTls | undefined
  readonly limits: Config['server']
  /** Given the listener that requests will come in by. */
  readonly respond: (listener: Listener) => Responder
}

export function fitsSocketPath(path: string): boolean {
  return Buffer.byteLength(path) <= MAX_SOCKET_PATH
}

/** True when only this machine can reach the address. Throws USAGE when it is none. */
export function isLoopbackAddress(address: string): boolean {
  return isLoopback(hostAndPort(address).host)
}

/** True for the addresses that stand for all of the machine. */
export function isAnyAddress(host: string): boolean {
  return ['0.0.0.0', '::'].includes(host)
}

export function isSecureAddress(address: string): boolean {
  return hostAndPort(address).secure
}

/** Throws PORT_IN_USE, or USAGE when the address cannot be listened on. */
export async function openListener(plan: ListenerPlan): Promise<ClosableListener> {
  const isSocket = plan.kind === 'control'
  const loopback = isSocket || isLoopbackAddress(plan.address)
  const listener: Listener = { name: isSocket ? 'control' : plan.address, kind: plan.kind, loopback }
  const active = activeRequests(plan.respond(listener))
  const { server, connections } = httpServer(plan, active)
  if (isSocket) await openSocket(server, plan.address)
  else {
    const { host, port } = hostAndPort(plan.address)
    await listen(server, plan.address, { host, port })
  }
  return {
    ...listener,
    url: isSocket ? plan.address : `${plan.tls ? 'https' : 'http'}://${boundAddress(server)}`,
    connections: () => connections.size,
    close: () => close(server, active, connections),
    cut: () => {
      for (const socket of connections) socket.destroy()
    },
  }
}

function httpServer(
  { limits, tls }: ListenerPlan,
  active: ActiveRequests,
): { server: Server; connections: Connections } {
  const server = bareServer(limits, tls)
  server.headersTimeout = limits.read_timeout
  server.keepAliveTimeout = limits.idle_timeout
  // Bodies have a watch of their own that also minds their size.
  server.requestTimeout = 0
  const isTrusted = cidrMatcher(limits.trusted_proxies)
  const connections = trackConnections(
    {
      total: limits.max_connections,
      perAddress: limits.max_connections_per_address,
      isShared: (address) => isLoopback(address) || isTrusted(address),
    },
    active.isBusy,
  )
  const refused = new WeakSet<Socket>()
  server.on('connection', (socket: Socket) => {
    if (connections.admit(socket)) return
    refused.add(socket)
    // Before the handshake nothing can be said.
    if (tls) socket.destroy()
    else socket.end(TOO_MANY_CONNECTIONS, () => socket.destroy())
  })
  server.on('secureConnection', (socket: Socket) => connections.secured(socket))
  // Without this listener Node would ask for the body before it is known whether it is wanted.
  for (const event of ['request', 'checkContinue'])
    server.on(event, (request, response) => {
      if (refused.has(request.socket)) return
      connections.touch(request.socket)
      active.respond(request, response)
    })
  server.on('upgrade', (request, socket, head) => {
    if (!refused.has(request.socket)) active.respond(request, responseToUpgrade(request, socket, head))
  })
  server.on('clientError', (error, socket) => answerBrokenRequest(error, socket, active.isAnswering(socket)))
  // Without this listener Node reports a failed handshake as a broken request, which nobody could be answered.
  server.on('tlsClientError', (_error, socket: Socket) => socket.destroy())
  return { server, connections }
}

function bareServer(limits: Config['server'], tls: ServerTls | undefined): Server {
  const options = {
    IncomingMessage: UpgradableRequest,
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAlive: true,
    keepAliveInitialDelay: KEEPALIVE_MS,
    connectionsCheckingInterval: Math.max(10, Math.min(5000, limits.read_timeout / 2)),
  }
  if (!tls) return createServer(options)
  const server = createTlsServer({ ...options, ...tls.options(), handshakeTimeout: limits.read_timeout })
  tls.keep(server)
  return server
}

const TOO_MANY_BODY = '{"error":{"code":"OVERLOADED","message":"too many connections","hints":[]}}\n'
const TOO_MANY_CONNECTIONS = `HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: ${TOO_MANY_BODY.length}\r\nRetry-After: 1\r\nConnection: close\r\n\r\n${TOO_MANY_BODY}`

async function close(server: Server, active: ActiveRequests, connections: Connections): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  active.sayClose()
  endIdle(server, connections)
  const sweep = setInterval(() => endIdle(server, connections), IDLE_SWEEP_MS)
  await Promise.all([closed, active.finished()])
  clearInterval(sweep)
}

/** Node counts a connection that never sent anything as busy. */
function endIdle(server: Server, connections: Connections): void {
  server.closeIdleConnections()
  for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
}

/** Throws USAGE. */
export function hostAndPort(address: string): ListenAddress {
  const parsed = parseListenAddress(address)
  if (parsed) return parsed
  return fail('USAGE', `"${address}" is not an address to listen on`, {
    hints: ['write it as HOST:PORT or [IPV6]:PORT, for TLS as https://HOST:PORT'],
  })
}

/** Throws PORT_IN_USE or USAGE. */
export function listen(
  server: SocketServer,
  address: string,
  options: { host: string; port: number } | { path: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => reject(cannotListen(address, error))
    server.once('error', refuse)
    server.listen({ ...options, backlog: BACKLOG }, () => {
      server.off('error', refuse)
      resolve()
    })
  })
}

/** The file may be left from a process that died; the store's lock says that no other lives. */
async function openSocket(server: Server, path: string): Promise<void> {
  await rm(path, { force: true })
  await listen(server, path, { path })
  await chmod(path, 0o600)
}

export function cannotListen(address: string, error: Error): LogctlError {
  if (errnoOf(error) !== 'EADDRINUSE')
    return new LogctlError('USAGE', `cannot listen on ${address}: ${messageOf(error)}`)
  return new LogctlError('PORT_IN_USE', `another process listens on ${address}`, {
    hints: [`ss -ltnp "sport = :${address.split(':').at(-1)}" names it`, 'choose another port with --listen'],
  })
}

export function boundAddress(server: SocketServer): string {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') return fail('BUG', 'the listener has no address')
  return formatAddress({ host: bound.address, port: bound.port })
}
