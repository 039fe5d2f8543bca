// The WebSocket of one tail: frames of entries, pings, and what becomes of a client that reads too slowly.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type WebSocket, WebSocketServer } from 'ws'
import type { LogEntry } from '../../../query/run-log.js'
import type { Labels } from '../../../record/labels.js'
import { clientGone } from '../../exchange.js'
import type { Exchange } from '../../exchange.js'
import { CATEGORIZE, allLabels, gatherStreams, nsText, streamPieces } from './streams.js'

/** As Loki has it. */
const ENTRIES_PER_FRAME = 100
const MOST_DROPPED_TOLD = 1000
/** With more bytes waiting than this a client is slow; it gets a moment, then entries are dropped. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024
const PATIENCE_MS = 1000
const LOOK_MS = 20
/** A client that does not answer a ping before the next one is gone. */
const PING_MS = 10_000
/** How long a client may take to answer that the tail ends. */
const CLOSE_MS = 1000
/** A close frame has room for so many bytes of text (RFC 6455 §5.5). */
const MAX_REASON_BYTES = 123
/** Clients have nothing to say. */
const MAX_INCOMING_BYTES = 4096

export interface TailSocket {
  /** Sends or, for a client that is too slow, drops and tells so in a later frame. */
  send(entries: readonly LogEntry[]): Promise<void>
  /** Resolves when the connection is closed. */
  close(code: number, reason: string): Promise<void>
  /** Aborts when the client closes. */
  readonly closing: AbortSignal
}

interface Dropped {
  readonly timestamp: string
  readonly labels: Labels
}

const handshakes = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  maxPayload: MAX_INCOMING_BYTES,
  perMessageDeflate: false,
})

/** Throws INTERRUPTED where the handshake fails; it is answered then. */
export async function acceptTail(
  exchange: Exchange,
  head: Buffer,
  categorized: boolean,
): Promise<TailSocket> {
  const { request } = exchange
  const socket = await new Promise<WebSocket>((resolve, reject) => {
    request.socket.once('close', () => reject(clientGone()))
    handshakes.handleUpgrade(request, request.socket, head, resolve)
  })
  const closing = new AbortController()
  socket.on('close', () => closing.abort())
  socket.on('error', () => socket.terminate())
  watch(socket, closing.signal)
  const dropped: Dropped[] = []
  return {
    closing: closing.signal,
    async send(entries) {
      for (let at = 0; at < entries.length; at += ENTRIES_PER_FRAME) {
        if (closing.signal.aborted) throw clientGone()
        const some = entries.slice(at, at + ENTRIES_PER_FRAME)
        if (await hasRoom(socket)) socket.send(frame(some, dropped.splice(0), categorized))
        else for (const entry of some) if (dropped.length < MOST_DROPPED_TOLD) dropped.push(told(entry))
      }
    },
    async close(code, reason) {
      if (closing.signal.aborted) return
      const closed = once(socket, 'close')
      socket.close(code, shortened(reason))
      const timer = setTimeout(() => socket.terminate(), CLOSE_MS)
      await closed
      clearTimeout(timer)
    },
  }
}

function watch(socket: WebSocket, closing: AbortSignal): void {
  let answered = true
  socket.on('pong', () => (answered = true))
  const timer = setInterval(() => {
    if (!answered) return socket.terminate()
    answered = false
    socket.ping()
  }, PING_MS)
  closing.addEventListener('abort', () => clearInterval(timer), { once: true })
}

async function hasRoom(socket: WebSocket): Promise<boolean> {
  const untilMs = performance.now() + PATIENCE_MS
  while (socket.bufferedAmount > MOST_WAITING_BYTES) {
    if (performance.now() > untilMs) return false
    await sleep(LOOK_MS)
  }
  return true
}

function frame(entries: readonly LogEntry[], dropped: readonly Dropped[], categorized: boolean): string {
  const streams = gatherStreams(categorized)
  for (const entry of entries) streams.add(entry)
  const told = dropped.length > 0 ? `,"dropped_entries":${JSON.stringify(dropped)}` : ''
  const flags = categorized ? `,"encodingFlags":["${CATEGORIZE}"]` : ''
  return `{"streams":[${[...streamPieces(streams.sorted())].join('')}]${told}${flags}}`
}

function told(entry: LogEntry): Dropped {
  return { timestamp: nsText(entry.timestamp), labels: allLabels(entry) }
}

function shortened(reason: string): string {
  let text = reason.split('\n', 1)[0] ?? ''
  while (Buffer.byteLength(text) > MAX_REASON_BYTES) text = text.slice(0, -1)
  return text
}
