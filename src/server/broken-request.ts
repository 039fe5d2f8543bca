// Answers what the HTTP parser could not make a request of, where an answer can still be read.
import type { Duplex } from 'node:stream'
import { errnoOf } from '../errors.js'

interface Refusal {
  readonly status: string
  readonly code: string
  readonly message: string
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'BODY_TOO_LARGE',
    message: 'the headers are larger than 32 KiB',
  },
  HPE_INVALID_EOF_STATE: {
    status: '400 Bad Request',
    code: 'BODY_INVALID',
    message: 'the request was cut off: the connection ended before all of it had come',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'CLIENT_SLOW',
    message: 'the headers came too slowly',
  },
}

const NOT_HTTP: Refusal = { status: '400 Bad Request', code: 'BODY_INVALID', message: 'this is not HTTP' }

/** `isAnswering`: an answer of an earlier request may be half out, so that nothing more can be said. */
export function answerBrokenRequest(error: Error, socket: Duplex, isAnswering: boolean): void {
  const errno = errnoOf(error)
  if (errno === 'ECONNRESET' || !socket.writable || isAnswering) {
    socket.destroy()
    return
  }
  const { status, code, message } = REFUSALS[errno ?? ''] ?? NOT_HTTP
  const body = `${JSON.stringify({ error: { code, message, hints: [] } })}\n`
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  )
}
