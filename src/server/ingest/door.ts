// What tells one ingest protocol from another: its paths, how its bodies become records, how it answers.
import type { IncomingMessage } from 'node:http'
import type { DecodeContext, Decoded } from '../../decode/decoded.js'
import type { Exchange } from '../exchange.js'

/** What became of a request that was understood. */
export interface Received {
  readonly accepted: number
  readonly rejected: number
  readonly rejections: Decoded['rejections']
  /** The request was stored before; the counts are those of then. */
  readonly repeated: boolean
  readonly tenant: string | undefined
}

export interface Door {
  /** The label `door` of its metrics. */
  readonly name: string
  /** All of them take POST. */
  readonly paths: readonly string[]
  readonly errors: 'json' | 'text'
  /** Throws BODY_INVALID when nothing of the body can be read. */
  readonly decode: (body: Buffer, request: IncomingMessage, context: DecodeContext) => Decoded
  /** The key by which a retried request is known; undefined where the sender gave none. */
  readonly idempotencyKey?: (request: IncomingMessage) => string | undefined
  /** Writes the answer; gives its status. */
  readonly answer: (received: Received, exchange: Exchange) => number
}
