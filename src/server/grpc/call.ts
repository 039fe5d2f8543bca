// One unary gRPC call from its headers to its trailers: who calls, the message, its records, the answer. Whatever is
// thrown becomes a status; a mistake of ours costs one call, never the process.
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { decompress } from '../../decode/compression.js'
import { fail, LogctlError, messageOf } from '../../errors.js'
import { admit, type Caller } from '../access.js'
import type { Listener } from '../exchange.js'
import { decompressing } from '../ingest/receive.js'
import type { Service } from '../service.js'
import { type GrpcMethod, METHODS } from './methods.js'
import { readMessage } from './read-message.js'
import { GRPC, statusMessage, statusOf } from './status.js'

export const ENCODINGS = 'gzip,zstd,identity'
const TYPE = 'application/grpc'
const KNOWN_ENCODINGS: ReadonlySet<string> = new Set(['identity', 'gzip', 'zstd'])
const STATUS = 'grpc-status'
/** Of a message behind its refusal. */
const MOST_UNWANTED_BYTES = 1 << 20

export interface GrpcCall {
  readonly headers: IncomingHttpHeaders
  readonly listener: Listener
  readonly caller: Caller
}

/** What is known of a call before its caller is. */
export interface IncomingCall {
  readonly stream: ServerHttp2Stream
  readonly headers: IncomingHttpHeaders
  readonly listener: Listener
  /** The connection, for who is at its other end. */
  readonly socket: Socket
}

/** Resolves when the answer is out or lost. Never rejects. */
export async function answerCall(incoming: IncomingCall, service: Service): Promise<void> {
  const { stream, headers } = incoming
  const startedMs = performance.now()
  const over = new Promise<void>((resolve) => stream.once('close', resolve))
  stream.on('error', () => {})
  const method = METHODS.get(String(headers[':path']))
  try {
    if (!isGrpc(headers)) refuseOthers(stream)
    else {
      const answer = await run(incoming, method, service)
      count(method, 200, service)
      if (method?.door !== undefined)
        service.metrics.observe(
          'logctl_ack_seconds',
          { door: method.door },
          (performance.now() - startedMs) / 1000,
        )
      sendAnswer(stream, answer)
    }
  } catch (thrown) {
    refuse(thrown, incoming, method, service)
  }
  const timer = setTimeout(() => stream.destroy(), service.settings.config.server.write_timeout)
  await over
  clearTimeout(timer)
}

/** Throws what becomes the status of the answer. */
async function run(
  { stream, headers, listener, socket }: IncomingCall,
  method: GrpcMethod | undefined,
  service: Service,
): Promise<Buffer> {
  if (method === undefined) return fail('METHOD_NOT_ALLOWED', 'there is no such method here')
  const caller = admit({ headers, socket }, listener, method, service)
  if (service.stopping.aborted && method.scope !== 'open') fail('STOPPING', 'the server is stopping')
  const lease = service.budget.lease()
  try {
    const { settings } = service
    const limitBytes = settings.bodyBytes
    const message = await readMessage(stream, {
      limitBytes,
      pauseMs: settings.config.server.read_timeout,
      budget: service.budget,
      lease,
    })
    const body = message.compressed
      ? await decompressing(async () => {
          const plain = await decompress(message.bytes, encodingOf(headers), limitBytes)
          lease.take(plain.length)
          return plain
        })
      : message.bytes
    return await service.decoding(body.length, () =>
      method.handle(body, { headers, listener, caller }, service),
    )
  } finally {
    lease.release()
  }
}

/** The encoding of messages that say they are compressed. Throws MEDIA_UNSUPPORTED. */
function encodingOf(headers: IncomingHttpHeaders): string {
  const encoding = String(headers['grpc-encoding'] ?? 'identity').toLowerCase()
  if (!KNOWN_ENCODINGS.has(encoding)) fail('MEDIA_UNSUPPORTED', `send messages as one of: ${ENCODINGS}`)
  return encoding === 'identity'
    ? fail('BODY_INVALID', 'the message is compressed and grpc-encoding does not say how')
    : encoding
}

/** `application/grpc`, perhaps with `+proto` (gRPC over HTTP/2, "Content-Type"). */
function isGrpc(headers: IncomingHttpHeaders): boolean {
  const type = String(headers['content-type'] ?? '')
  return headers[':method'] === 'POST' && /^application\/grpc(?:\+proto)?(?:;|$)/i.test(type)
}

/** Who is no gRPC client is answered as HTTP does. */
function refuseOthers(stream: ServerHttp2Stream): void {
  if (stream.destroyed || stream.headersSent) return
  stream.respond({ ':status': 415 }, { endStream: true })
  leave(stream)
}

function sendAnswer(stream: ServerHttp2Stream, answer: Buffer): void {
  if (stream.destroyed) return
  const frame = Buffer.alloc(5 + answer.length)
  frame.writeUInt32BE(answer.length, 1)
  answer.copy(frame, 5)
  stream.once('wantTrailers', () => stream.sendTrailers({ [STATUS]: String(GRPC.OK) }))
  stream.respond(
    { ':status': 200, 'content-type': TYPE, 'grpc-accept-encoding': ENCODINGS },
    { waitForTrailers: true },
  )
  stream.end(frame)
}

function refuse(
  thrown: unknown,
  { stream, headers }: IncomingCall,
  method: GrpcMethod | undefined,
  service: Service,
): void {
  const error = asLogctlError(thrown, String(headers[':path']), service)
  count(method, error.http, service)
  if (method?.door !== undefined)
    service.metrics.count('logctl_ingest_refused_total', {
      door: method.door,
      reason: error.code.toLowerCase(),
    })
  if (stream.destroyed || stream.headersSent) return
  stream.respond(
    {
      ':status': 200,
      'content-type': TYPE,
      'grpc-accept-encoding': ENCODINGS,
      [STATUS]: String(statusOf(error)),
      'grpc-message': statusMessage([error.message, ...error.hints].join('; ')),
    },
    { endStream: true },
  )
  leave(stream)
}

/**
 * The rest of the message is not wanted. A little of it is let pass, for a stream that is ended at once may end before
 * its answer is read (Node 22); who goes on sending is told to stop (RFC 9113 §8.1).
 */
function leave(stream: ServerHttp2Stream): void {
  let left = MOST_UNWANTED_BYTES
  stream.on('data', (piece: Buffer) => {
    left -= piece.length
    if (left < 0 && !stream.closed) stream.close()
  })
  stream.resume()
}

function asLogctlError(thrown: unknown, path: string, { log }: Service): LogctlError {
  if (thrown instanceof LogctlError) {
    if (thrown.http >= 500 && thrown.code !== 'OVERLOADED' && thrown.code !== 'STOPPING')
      log.warn({ path: path.slice(0, 200), code: thrown.code }, thrown.message)
    return thrown
  }
  log.error({ err: thrown, path: path.slice(0, 200) }, 'a mistake in logctl')
  return new LogctlError('BUG', `a mistake in logctl: ${messageOf(thrown)}`)
}

function count(method: GrpcMethod | undefined, status: number, { metrics }: Service): void {
  if (method?.door !== undefined)
    metrics.count('logctl_ingest_requests_total', { door: method.door, status: String(status) })
}
