// The part of the package ws that the server uses; it comes without types.
declare module 'ws' {
  import type { EventEmitter } from 'node:events'
  import type { IncomingMessage } from 'node:http'
  import type { Duplex } from 'node:stream'

  export class WebSocket extends EventEmitter {
    static readonly OPEN: number
    readonly readyState: number
    /** Bytes that wait to be sent. */
    readonly bufferedAmount: number
    send(text: string): void
    ping(): void
    close(code: number, reason?: string): void
    terminate(): void
  }

  export class WebSocketServer extends EventEmitter {
    constructor(options: {
      noServer: true
      clientTracking: boolean
      maxPayload: number
      perMessageDeflate: boolean
    })
    handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      done: (socket: WebSocket) => void,
    ): void
  }
}
