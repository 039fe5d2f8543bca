// Requests that become something other than HTTP: WebSocket on the paths that speak it. Every other `Upgrade` is
// ignored, as RFC 9110 §7.8 allows: Java's client offers h2c with each first request and wants an ordinary answer.
import { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'

export const WEB_SOCKET_PATHS: readonly string[] = ['/loki/api/v1/tail']

const heads = new WeakMap<IncomingMessage, Buffer>()
const OFFERED = Symbol('offered')

/** Tells Node's parser which requests are to leave it. */
export class UpgradableRequest extends IncomingMessage {
  [OFFERED]: boolean | undefined

  set upgrade(offered: boolean) {
    this[OFFERED] = offered
  }

  get upgrade(): boolean {
    return this[OFFERED] === true && this.method === 'GET' && isWebSocket(this)
  }
}

function isWebSocket({ headers, url = '' }: IncomingMessage): boolean {
  return (
    headers.upgrade?.toLowerCase() === 'websocket' && WEB_SOCKET_PATHS.includes(url.split('?', 1)[0] ?? '')
  )
}

/** What can still be answered as HTTP until the handler takes the connection over. */
export function responseToUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): ServerResponse {
  heads.set(request, head)
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  response.assignSocket(socket as Socket)
  response.once('finish', () => socket.end())
  return response
}

/** What came behind the headers; undefined where nothing but HTTP was asked for. */
export function upgradeHead(request: IncomingMessage): Buffer | undefined {
  return heads.get(request)
}
