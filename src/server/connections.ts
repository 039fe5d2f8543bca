// The connections of one listener: how many there may be, of each client and of all, and which one goes when there
// is no room. Whoever only holds connections open takes room from nobody who sends.
import type { Socket } from 'node:net'
import { plainAddress } from './peer.js'

export interface ConnectionLimits {
  /** Of the listener. */
  readonly total: number
  readonly perAddress: number
  /** Addresses that speak for many clients (this machine, a proxy); they may have as many connections as the listener. */
  readonly isShared: (address: string) => boolean
}

export interface Connections extends Iterable<Socket> {
  readonly size: number
  /** False when there is no room; the connection is not counted then. */
  admit(socket: Socket): boolean
  /** The handshake of an admitted connection is done: from now on the TLS socket stands for it. */
  secured(socket: Socket): void
  /** A request came in or was answered: the connection is the last to go. */
  touch(socket: Socket): void
}

/** `isBusy` tells the connections with a request that is being answered, which are never ended for others. */
export function trackConnections(limits: ConnectionLimits, isBusy: (socket: Socket) => boolean): Connections {
  /** With their addresses, in the order of their last request. */
  const all = new Map<Socket, string>()
  const perAddress = new Map<string, number>()
  /** By the client's end, which names a connection while it is open: Node does not say what a TLS socket speaks on. */
  const raw = new Map<string, Socket>()
  const forget = (socket: Socket): void => {
    const address = all.get(socket)
    if (address === undefined) return
    all.delete(socket)
    const left = (perAddress.get(address) ?? 1) - 1
    if (left === 0) perAddress.delete(address)
    else perAddress.set(address, left)
  }
  /** Ends the connection that has been without a request for longest; false when all have one. */
  const makeRoom = (): boolean => {
    for (const socket of all.keys()) {
      if (isBusy(socket)) continue
      socket.destroy()
      forget(socket)
      return true
    }
    return false
  }
  return {
    get size() {
      return all.size
    },
    [Symbol.iterator]: () => all.keys(),
    admit(socket) {
      const address = plainAddress(socket.remoteAddress ?? '')
      const ofAddress = perAddress.get(address) ?? 0
      if (ofAddress >= limits.perAddress && !limits.isShared(address)) return false
      if (all.size >= limits.total && !makeRoom()) return false
      all.set(socket, address)
      perAddress.set(address, (perAddress.get(address) ?? 0) + 1)
      const end = clientEnd(socket)
      raw.set(end, socket)
      socket.once('close', () => {
        forget(socket)
        if (raw.get(end) === socket) raw.delete(end)
      })
      return true
    },
    secured(socket) {
      const carrier = raw.get(clientEnd(socket))
      const address = carrier && all.get(carrier)
      if (carrier === undefined || address === undefined) return
      all.delete(carrier)
      all.set(socket, address)
      socket.once('close', () => forget(socket))
    },
    touch(socket) {
      const address = all.get(socket)
      if (address !== undefined && all.delete(socket)) all.set(socket, address)
    },
  }
}

function clientEnd({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
