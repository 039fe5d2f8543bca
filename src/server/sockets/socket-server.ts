// Where connections of the doors that are no HTTP come in: who may connect, how many, and how they are watched. What
// they say is the door's own business. The one place that makes such a server.
import { createServer, type Server, type Socket } from 'node:net'
import { isLoopback } from '../../config/address.js'
import type { Config } from '../../config/schema.js'
import { trackConnections } from '../connections.js'
import { boundAddress, hostAndPort, listen } from '../listeners.js'

/** TCP keepalive probes begin after this silence; Node leaves interval and count to the system. Milliseconds. */
const KEEPALIVE_MS = 60_000

export interface SocketServerPlan {
  /** `host:port` */
  readonly address: string
  readonly limits: Pick<Config['server'], 'max_connections' | 'max_connections_per_address'>
  readonly allows: (address: string) => boolean
  /** A connection that may be is open. */
  readonly connected: (socket: Socket) => void
  /** A connection was closed at once. */
  readonly refused: (reason: 'not_allowed' | 'too_many_connections') => void
  /** Connections in the middle of something are never ended for others. */
  readonly isBusy: (socket: Socket) => boolean
}

export interface SocketServer {
  /** `host:port` as bound. */
  readonly bound: string
  readonly sockets: Iterable<Socket> & { readonly size: number }
  /** Something came in: the connection is the last to go. */
  touch(socket: Socket): void
  /** Takes no new connections; resolves when the last one is gone. */
  close(): Promise<void>
}

/** Throws PORT_IN_USE, or USAGE when the address cannot be listened on. */
export async function openSocketServer(plan: SocketServerPlan): Promise<SocketServer> {
  const connections = trackConnections(
    {
      total: plan.limits.max_connections,
      perAddress: plan.limits.max_connections_per_address,
      isShared: isLoopback,
    },
    plan.isBusy,
  )
  const server = bareServer((socket) => {
    // A connection that its client reset is no news.
    socket.on('error', () => {})
    if (!plan.allows(socket.remoteAddress ?? '')) return refuse(socket, () => plan.refused('not_allowed'))
    if (!connections.admit(socket)) return refuse(socket, () => plan.refused('too_many_connections'))
    plan.connected(socket)
  })
  const { host, port } = hostAndPort(plan.address)
  await listen(server, plan.address, { host, port })
  return {
    bound: boundAddress(server),
    sockets: connections,
    touch: connections.touch,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function bareServer(connected: (socket: Socket) => void): Server {
  return createServer({ keepAlive: true, keepAliveInitialDelay: KEEPALIVE_MS, noDelay: true }, connected)
}

function refuse(socket: Socket, tell: () => void): void {
  tell()
  socket.destroy()
}
