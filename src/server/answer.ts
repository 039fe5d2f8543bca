// Writes answers: JSON, text, and refusals in the form that the path's clients read.
import type { LogctlError } from '../errors.js'
import { type ErrorStyle, writtenError } from './error-style.js'
import type { Exchange } from './exchange.js'
import { announcesBody, clientGone } from './exchange.js'
import type { Service } from './service.js'

/** How long, and for how many bytes, the rest of a refused body is read away so that the answer is not lost to a reset. */
const LINGER_MS = 2000
const LINGER_BYTES = 16 * 1024 * 1024

/** Of a 503 whose cause does not say. Seconds. */
const RETRY_AFTER_S = 5

type AnswerHeaders = Readonly<Record<string, string>>

const JSON_TYPE = 'application/json'
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
const TEXT_TYPE = 'text/plain; charset=utf-8'

export function sendJson(
  exchange: Exchange,
  status: number,
  body: object,
  headers: AnswerHeaders = {},
): void {
  send(exchange, status, `${JSON.stringify(body)}\n`, { 'content-type': JSON_TYPE, ...headers })
}

export function sendText(
  exchange: Exchange,
  status: number,
  body: string,
  headers: AnswerHeaders = {},
): void {
  send(exchange, status, `${body}\n`, { 'content-type': TEXT_TYPE, ...headers })
}

export function sendBytes(exchange: Exchange, status: number, body: Buffer, contentType: string): void {
  send(exchange, status, body, { 'content-type': contentType })
}

export function sendPage(exchange: Exchange, html: string): void {
  send(exchange, 200, html, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': PAGE_POLICY,
  })
}

/** 204 (RFC 9110 §15.3.5). */
export function sendNothing({ response }: Exchange, headers: AnswerHeaders = {}): void {
  response.writeHead(204, headers)
  response.end()
}

function send({ response }: Exchange, status: number, body: string | Buffer, headers: AnswerHeaders): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers })
  response.end(body)
}

/** Answers a refusal. Where the body was not read to its end, the connection closes after the answer. */
export async function sendError(
  exchange: Exchange,
  error: LogctlError,
  style: ErrorStyle,
  headers: AnswerHeaders = {},
): Promise<void> {
  const { request, response } = exchange
  if (response.destroyed || response.closed) return
  const { type, body, headers: ofStyle } = writtenError(error, style)
  // Senders wait as long as they are told; without a word some try again at once.
  const retryAfterS = error.retryAfterS ?? (error.http === 503 ? RETRY_AFTER_S : undefined)
  const unread = announcesBody(request) && !request.complete
  if (unread) response.setHeader('connection', 'close')
  response.writeHead(error.http, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
    ...(error.code === 'UNAUTHORIZED' ? { 'www-authenticate': 'Bearer' } : {}),
    ...ofStyle,
    ...headers,
  })
  // Who waits for 100 Continue has not sent the body.
  if (unread && request.headers.expect === undefined) {
    response.write(body)
    await readAway(exchange)
    response.end()
  } else response.end(body)
}

/** Reads and forgets the rest of a body, within bounds. */
function readAway({ request, response }: Exchange): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0
    const done = (): void => {
      clearTimeout(timer)
      request.off('data', count).off('end', done)
      response.off('close', done)
      resolve()
    }
    const count = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > LINGER_BYTES) done()
    }
    const timer = setTimeout(done, LINGER_MS)
    request.on('data', count).once('end', done).resume()
    response.once('close', done)
    if (request.destroyed || response.closed) done()
  })
}

/**
 * Writes a piece of a long answer and waits until the client has room for more. Throws INTERRUPTED when the
 * client is gone, or takes nothing for `server.write_timeout`.
 */
export async function writePiece(
  { response }: Exchange,
  piece: string | Buffer,
  service: Service,
): Promise<void> {
  if (response.destroyed || response.closed) throw clientGone()
  if (response.write(piece)) return
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => response.destroy(), service.settings.config.server.write_timeout)
    const settle = (then: () => void) => (): void => {
      clearTimeout(timer)
      response.off('drain', onDrain).off('close', onClose)
      then()
    }
    const onDrain = settle(resolve)
    const onClose = settle(() => reject(clientGone()))
    response.once('drain', onDrain).once('close', onClose)
  })
}
