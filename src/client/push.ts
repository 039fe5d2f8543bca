// Sends NDJSON to a server's JSON door.
import type { ServerAddress } from './connection.js'
import { connect } from './connection.js'

export interface PushAnswer {
  readonly accepted: number
  readonly rejected: number
  /** The first ten. */
  readonly errors: readonly { readonly line: number; readonly reason: string }[]
}

export interface Push {
  readonly body: string | Buffer
  /** A push that is sent again under the same key is stored once. */
  readonly idempotencyKey?: string
  /** Of the body, where it is compressed. */
  readonly encoding?: 'gzip' | 'deflate' | 'zstd' | 'snappy'
}

export interface Pusher {
  /** Resolves when the server has made the records durable; also when it took none. */
  push(push: Push): Promise<PushAnswer>
  close(): void
}

export function openPusher(address: ServerAddress): Pusher {
  const connection = connect(address)
  return {
    push: ({ body, idempotencyKey, encoding }) =>
      connection.json<PushAnswer>({
        method: 'POST',
        path: '/api/v1/logs',
        headers: {
          'content-type': 'application/x-ndjson',
          ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
        },
        body,
        repeatable: idempotencyKey !== undefined,
        // Nothing good: the counts say so.
        accept: [400],
      }),
    close: () => connection.close(),
  }
}
