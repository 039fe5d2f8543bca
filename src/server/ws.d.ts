// The part of the package ws that the server and its tests use; it comes without types.
declare module 'ws' {
  import type { EventEmitter } from 'node:events'
  import type { IncomingMessage } from 'node:http'
  import type { Duplex } from 'node:stream'

  export class WebSocket extends EventEmitter {
    static readonly OPEN: number
    constructor(address: string, options?: { headers?: Record<string, string>; origin?: string })
    readonly readyState: number
    /** Bytes that wait to be sent. */
    readonly bufferedAmount: number
    send(text: string): void
    ping(): void
    close(code?: number, reason?: string): void
    pause(): void
    resume(): void
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
