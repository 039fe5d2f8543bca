// Reads a request body within its limits: size, pace, and the budget that all requests share. Refuses a body
// that announces too much before a byte of it is read.
import type { IncomingMessage } from 'node:http'
import { LogctlError } from '../errors.js'
import type { ByteBudget, ByteLease } from './byte-budget.js'
import { overloaded } from './byte-budget.js'
import type { Exchange } from './exchange.js'
import { announcesBody } from './exchange.js'

/** After this long a body must have come at no less than `MIN_BYTES_PER_S` on average beyond it. Milliseconds. */
const FREE_TIME_MS = 10_000
const MIN_BYTES_PER_S = 1024
const PACE_CHECK_MS = 1000

export interface BodyLimits {
  readonly limitBytes: number
  /** The longest pause between two pieces. Milliseconds. */
  readonly pauseMs: number
  readonly budget: ByteBudget
  readonly lease: ByteLease
}

/** The body as sent, whose memory is the lease's. Throws BODY_TOO_LARGE, CLIENT_SLOW, OVERLOADED, or BODY_INVALID when it was cut off. */
export async function readBody(exchange: Exchange, limits: BodyLimits): Promise<Buffer> {
  const { request, response } = exchange
  if (!announcesBody(request)) return Buffer.alloc(0)
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limits.limitBytes) throw tooLarge(limits.limitBytes)
  if (!limits.budget.fits(announced)) throw overloaded('too many bytes are in flight')
  if (request.headers.expect !== undefined) response.writeContinue()
  return collect(request, limits, announced, limits.lease.memory(announced))
}

/**
 * Copies the body into `memory`, where there is some; else into memory of its own once half of what was announced has
 * come, so that nobody takes more by words than by bytes.
 */
function collect(
  request: IncomingMessage,
  limits: BodyLimits,
  announced: number,
  lent: Buffer | undefined,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let memory = lent
    let chunks: Buffer[] = []
    let received = 0
    const own = (): Buffer => {
      const whole = Buffer.allocUnsafeSlow(announced)
      let at = 0
      for (const chunk of chunks) at += chunk.copy(whole, at)
      chunks = []
      return whole
    }
    const finish = (error?: LogctlError): void => {
      stopWatching()
      request.off('data', onData).off('end', onEnd).off('close', onCut).off('error', onCut)
      // A late error of a body that nobody reads any more must not end the process.
      request.on('error', () => {})
      if (error) {
        request.pause()
        reject(error)
      } else resolve(memory?.subarray(0, received) ?? joined(chunks, received))
    }
    const onData = (chunk: Buffer): void => {
      received += chunk.length
      try {
        if (received > limits.limitBytes) throw tooLarge(limits.limitBytes)
        limits.lease.take(chunk.length)
        if (!memory && received > announced / 2 && received <= announced && chunks.length > 0) memory = own()
        if (memory) chunk.copy(memory, received - chunk.length)
        else chunks.push(chunk)
      } catch (error) {
        finish(error as LogctlError)
      }
    }
    const onEnd = (): void => finish()
    const onCut = (): void => finish(new LogctlError('BODY_INVALID', 'the request body was cut off'))
    const stopWatching = watchPace(() => received, limits.pauseMs, finish)
    request.on('data', onData).on('end', onEnd).on('close', onCut).on('error', onCut)
    if (request.destroyed) onCut()
  })
}

function joined(chunks: readonly Buffer[], bytes: number): Buffer {
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, bytes)
}

/** Calls `tooSlow` when nothing came for the pause, or too little over all. Returns how to stop looking. */
export function watchPace(
  received: () => number,
  pauseMs: number,
  tooSlow: (error: LogctlError) => void,
): () => void {
  const startedMs = performance.now()
  let lastMs = startedMs
  let last = -1
  const look = (): void => {
    const nowMs = performance.now()
    const bytes = received()
    if (bytes !== last) {
      last = bytes
      lastMs = nowMs
    }
    const owed = ((nowMs - startedMs - FREE_TIME_MS) / 1000) * MIN_BYTES_PER_S
    if (nowMs - lastMs >= pauseMs || bytes < owed)
      tooSlow(new LogctlError('CLIENT_SLOW', 'the request body came too slowly'))
  }
  const timer = setInterval(look, Math.max(1, Math.min(PACE_CHECK_MS, pauseMs / 4)))
  return () => clearInterval(timer)
}

function tooLarge(limitBytes: number): LogctlError {
  return new LogctlError('BODY_TOO_LARGE', `the request body is larger than ${limitBytes} bytes`, {
    hints: ['send smaller batches', 'limits.body in the configuration raises the limit'],
  })
}
