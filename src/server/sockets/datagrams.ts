// Datagrams of one address, for doors that take them beside connections.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { parseAddress } from '../../config/address.js'
import { fail } from '../../errors.js'
import { cannotListen } from '../listeners.js'
import { quiet } from './drain.js'

/** Room in the system for bursts that come faster than they are read; it gives what net.core.rmem_max allows. Bytes. */
const RECEIVE_BUFFER_BYTES = 8 * 2 ** 20

export interface Datagrams {
  /** Resolves when what had been sent by now has come. */
  drained(): Promise<void>
  close(): Promise<void>
}

/** `bound` is `host:port` with a real port. Throws PORT_IN_USE or USAGE. */
export async function openDatagrams(
  bound: string,
  received: (bytes: Buffer, from: string) => void,
): Promise<Datagrams> {
  const { host, port } = parseAddress(bound) ?? fail('BUG', `${bound} is no address`)
  const socket = createSocket({
    type: host.includes(':') ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
  })
  let lastMs = performance.now()
  await bind(socket, bound, { host, port })
  socket.on('error', () => {})
  socket.on('message', (bytes: Buffer, { address }: RemoteInfo) => {
    lastMs = performance.now()
    received(bytes, address)
  })
  return {
    drained: () => quiet(() => lastMs),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

function bind(socket: Socket, bound: string, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => reject(cannotListen(bound, error)))
    socket.bind(port, host, () => {
      socket.removeAllListeners('error')
      resolve()
    })
  })
}
