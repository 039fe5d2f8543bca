// Keeps account of the requests of one listener that are being answered, so that stopping can wait for them.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Responder } from './http.js'

/** Requests that one connection may have sent without waiting for answers; beyond it is cut. */
const MAX_PIPELINED = 1000

export interface ActiveRequests {
  respond(request: IncomingMessage, response: ServerResponse): void
  /** True when a request of this connection is being answered. */
  isBusy(socket: Duplex): boolean
  /** True when an answer may be half out on this connection. */
  isAnswering(socket: Duplex): boolean
  /** From now on answers end their connection, but for those that have begun. */
  sayClose(): void
  /** Resolves when no request is left. */
  finished(): Promise<void>
}

export function activeRequests(responder: Responder): ActiveRequests {
  const active = new Set<ServerResponse>()
  const bySocket = new WeakMap<Duplex, Set<ServerResponse>>()
  const waiting: (() => void)[] = []
  let closing = false
  const settle = (of: Set<ServerResponse>, response: ServerResponse): void => {
    active.delete(response)
    of.delete(response)
    if (active.size === 0) for (const resolve of waiting.splice(0)) resolve()
  }
  const watch = (socket: Duplex): Set<ServerResponse> => {
    const ofSocket = new Set<ServerResponse>()
    bySocket.set(socket, ofSocket)
    socket.once('close', () => process.nextTick(endQueued, ofSocket))
    return ofSocket
  }
  return {
    respond(request, response) {
      const { socket } = request
      const ofSocket = bySocket.get(socket) ?? watch(socket)
      ofSocket.add(response)
      active.add(response)
      if (ofSocket.size > MAX_PIPELINED) socket.destroy()
      if (closing) response.setHeader('connection', 'close')
      void responder(request, response).finally(() => settle(ofSocket, response))
    },
    isBusy: (socket) => (bySocket.get(socket)?.size ?? 0) > 0,
    isAnswering: (socket) => {
      const ofSocket = [...(bySocket.get(socket) ?? [])]
      return ofSocket.length > 1 || ofSocket.some((response) => response.headersSent)
    },
    sayClose() {
      closing = true
      for (const response of active) if (!response.headersSent) response.setHeader('connection', 'close')
    },
    finished: () => (active.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}

/** Node tells only the answer at the front of a pipeline that its connection closed; those behind hear it here. */
function endQueued(responses: ReadonlySet<ServerResponse>): void {
  for (const response of responses)
    if (!response.closed) {
      response.destroy()
      response.emit('close')
    }
}
