// Opens and closes the listeners for gRPC. The framing is our own over node:http2, because @grpc/grpc-js as a server
// reads no zstd (Vector sends it), takes no connection of a TLS client without ALPN (Vector is one), and has no say in
// how many connections there are; what a server of unary calls needs beside HTTP/2 is five bytes before each message.
import { performServerHandshake, type ServerHttp2Session } from 'node:http2'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { cidrMatcher, isLoopback } from '../../config/address.js'
import type { Config } from '../../config/schema.js'
import { trackConnections } from '../connections.js'
import type { Listener } from '../exchange.js'
import {
  boundAddress,
  type ClosableListener,
  hostAndPort,
  isLoopbackAddress,
  isSecureAddress,
  listen,
} from '../listeners.js'
import type { Service } from '../service.js'
import type { ServerTls } from '../tls/server-tls.js'
import { answerCall } from './call.js'

/** TCP keepalive probes begin after this silence. Milliseconds. */
const KEEPALIVE_MS = 60_000
const MAX_HEADER_BYTES = 32 * 1024
/** Vector has up to 200 calls of one connection in flight. */
const MAX_STREAMS = 256
/** How much of a message, and of all messages of a connection, may come before it is read. Bytes. */
const STREAM_WINDOW = 1 << 20
const SESSION_WINDOW = 1 << 23
/** What one connection may make Node hold in memory. MiB. */
const SESSION_MEMORY = 32

/** One connection. */
interface Session {
  readonly session: ServerHttp2Session
  readonly calls: Set<Promise<void>>
}

/** Throws PORT_IN_USE or USAGE. */
export async function openGrpcListener(address: string, service: Service): Promise<ClosableListener> {
  const listener: Listener = { name: address, kind: 'grpc', loopback: isLoopbackAddress(address) }
  const sessions = new Map<Socket, Session>()
  const connections = trackConnections(limitsOf(service.settings.config), (socket) => {
    return (sessions.get(socket)?.calls.size ?? 0) > 0
  })
  const tls = isSecureAddress(address) ? service.tls : undefined
  const server = createGrpcServer(tls, service, (socket) => {
    if (socket.destroyed) return
    connections.secured(socket)
    const opened = openSession(socket, service, (call) => {
      connections.touch(socket)
      return answerCall({ ...call, listener, socket }, service)
    })
    sessions.set(socket, opened)
    socket.once('close', () => sessions.delete(socket))
  })
  // Before the handshake of TLS, which is work.
  server.prependListener('connection', (socket: Socket) => {
    if (!connections.admit(socket)) socket.destroy()
  })
  const { host, port } = hostAndPort(address)
  await listen(server, address, { host, port })
  return {
    ...listener,
    url: `${tls ? 'grpcs' : 'grpc'}://${boundAddress(server)}`,
    connections: () => connections.size,
    close: () => close(server, sessions, connections),
    cut: () => {
      for (const socket of connections) socket.destroy()
    },
  }
}

/**
 * Gives each connection that is ready for HTTP/2. That is prior knowledge: without TLS nothing is negotiated, and with
 * it Vector's client asks for no protocol (RFC 7301).
 */
function createGrpcServer(
  tls: ServerTls | undefined,
  { settings }: Service,
  connected: (socket: Socket) => void,
): Server {
  const options = { keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS, noDelay: true }
  if (!tls) return createServer(options, connected)
  const handshakeTimeout = settings.config.server.read_timeout
  const server = createTlsServer(
    { ...options, ...tls.options(), ALPNProtocols: ['h2'], handshakeTimeout },
    connected,
  )
  server.on('tlsClientError', (_error, socket: Socket) => socket.destroy())
  tls.keep(server)
  return server
}

function limitsOf({ server }: Config): Parameters<typeof trackConnections>[0] {
  const isTrusted = cidrMatcher(server.trusted_proxies)
  return {
    total: server.grpc_max_connections,
    perAddress: server.max_connections_per_address,
    isShared: (address) => isLoopback(address) || isTrusted(address),
  }
}

type Answer = (call: Pick<Parameters<typeof answerCall>[0], 'stream' | 'headers'>) => Promise<void>

function openSession(socket: Socket, service: Service, answer: Answer): Session {
  socket.on('error', () => socket.destroy())
  const session = performServerHandshake(socket, {
    maxSessionMemory: SESSION_MEMORY,
    settings: {
      maxConcurrentStreams: MAX_STREAMS,
      initialWindowSize: STREAM_WINDOW,
      maxHeaderListSize: MAX_HEADER_BYTES,
    },
  })
  const calls = new Set<Promise<void>>()
  session.on('error', () => session.destroy())
  session.once('connect', () => session.setLocalWindowSize(SESSION_WINDOW))
  // Who connects and says nothing is no client.
  const silence = setTimeout(() => session.destroy(), service.settings.config.server.read_timeout)
  session.once('remoteSettings', () => clearTimeout(silence))
  session.once('close', () => clearTimeout(silence))
  session.on('stream', (stream, headers) => {
    const call = answer({ stream, headers })
    calls.add(call)
    void call.then(() => calls.delete(call))
  })
  return { session, calls }
}

/** Tells clients to go (GOAWAY), and waits for the calls that they have begun. */
async function close(
  server: Server,
  sessions: ReadonlyMap<Socket, Session>,
  connections: Iterable<Socket>,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const { session } of sessions.values()) session.close()
  // Those that are still shaking hands have begun nothing.
  for (const socket of connections) if (!sessions.has(socket)) socket.destroy()
  await closed
}
