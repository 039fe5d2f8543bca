// Reads the one message of a unary call within its limits: a byte that says whether it is compressed, its length, its
// bytes (gRPC over HTTP/2, "Length-Prefixed-Message").
import type { ServerHttp2Stream } from 'node:http2'
import { fail, LogctlError } from '../../errors.js'
import { type BodyLimits, watchPace } from '../body.js'
import { overloaded } from '../byte-budget.js'

const PREFIX_BYTES = 5

export interface Message {
  readonly compressed: boolean
  /** As sent. */
  readonly bytes: Buffer
}

/** Throws BODY_TOO_LARGE, BODY_INVALID, CLIENT_SLOW or OVERLOADED. */
export function readMessage(stream: ServerHttp2Stream, limits: BodyLimits): Promise<Message> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let received = 0
    let announced: number | undefined
    const finish = (error?: LogctlError): void => {
      stopWatching()
      stream.off('data', onData).off('end', onEnd).off('close', onCut)
      if (error === undefined) return settle()
      stream.pause()
      reject(error)
    }
    const settle = (): void => {
      const all = Buffer.concat(chunks, received)
      if (received < PREFIX_BYTES || received - PREFIX_BYTES !== announced)
        reject(new LogctlError('BODY_INVALID', 'a call must hold one whole message'))
      else resolve({ compressed: all[0] === 1, bytes: all.subarray(PREFIX_BYTES) })
    }
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk)
      received += chunk.length
      try {
        limits.lease.take(chunk.length)
        if (announced === undefined && received >= PREFIX_BYTES)
          announced = announcedLength(Buffer.concat(chunks, received), limits)
        if (announced !== undefined && received > PREFIX_BYTES + announced)
          fail('BODY_INVALID', 'a call must hold one message and no more')
      } catch (error) {
        finish(error as LogctlError)
      }
    }
    const onEnd = (): void => finish()
    const onCut = (): void => finish(new LogctlError('BODY_INVALID', 'the message was cut off'))
    const stopWatching = watchPace(() => received, limits.pauseMs, finish)
    stream.on('data', onData).on('end', onEnd).on('close', onCut)
    if (stream.destroyed) onCut()
  })
}

/** Refuses what announces too much before it is read. */
function announcedLength(front: Buffer, { limitBytes, budget }: BodyLimits): number {
  const flag = front[0] as number
  const length = front.readUInt32BE(1)
  if (flag > 1) fail('BODY_INVALID', 'what was sent is no gRPC message')
  if (length > limitBytes)
    fail('BODY_TOO_LARGE', `the message is larger than ${limitBytes} bytes`, {
      hints: ['limits.body in the configuration raises the limit'],
    })
  if (!budget.fits(length)) throw overloaded('too many bytes are in flight')
  return length
}
