// What tells one ingest protocol from another: its paths, how its bodies become records, how it answers.
import type { IncomingMessage } from 'node:http'
import type { DecodeContext, Decoded } from '../../decode/decoded.js'
import type { Labels } from '../../record/labels.js'
import type { ErrorStyle } from '../error-style.js'
import type { Exchange } from '../exchange.js'
import type { Settings } from '../service.js'

/** What became of a request that was understood. */
export interface Received<Form extends Decoded> {
  readonly accepted: number
  readonly rejected: number
  readonly decoded: Form
  /** The request was stored before; the counts are those of then. */
  readonly repeated: boolean
  readonly tenant: string | undefined
}

/** What a request says of all its events, beside what each says itself. */
export interface Sender {
  /** Counts where neither key nor `X-Scope-OrgID` names one. */
  readonly tenant?: string | undefined
  readonly labels?: Labels | undefined
}

export interface Door<Form extends Decoded = Decoded> {
  /** The label `door` of its metrics. */
  readonly name: string
  /** All of them take POST. */
  readonly paths: readonly string[]
  readonly errors: ErrorStyle
  /** Who sends, where the protocol says it beside the body. */
  sender?(exchange: Exchange, settings: Settings): Sender
  /** The body as it was before compression. Throws BODY_TOO_LARGE, BODY_INVALID or MEDIA_UNSUPPORTED. */
  decompress(body: Buffer, request: IncomingMessage, limitBytes: number): Promise<Buffer>
  /** Throws BODY_INVALID when nothing of the body can be read. */
  decode(body: Buffer, request: IncomingMessage, context: DecodeContext): Form
  /** The key by which a retried request is known; undefined where the sender gave none. */
  idempotencyKey?(request: IncomingMessage): string | undefined
  /** Writes the answer; gives its status. */
  answer(received: Received<Form>, exchange: Exchange): number
}
