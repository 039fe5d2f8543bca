// The JSON door: NDJSON, arrays, objects and plain text; the body decides, not its Content-Type.
import type { IncomingMessage } from 'node:http'
import { decompress } from '../../decode/compression.js'
import type { Decoded } from '../../decode/decoded.js'
import { scanJsonEvents } from '../../decode/scanner/scan-events.js'
import { fail } from '../../errors.js'
import { sendJson } from '../answer.js'
import type { Exchange } from '../exchange.js'
import type { Door, Received } from './door.js'

const MAX_IDEMPOTENCY_KEY = 255

export const jsonDoor: Door = {
  name: 'json',
  paths: ['/api/v1/logs'],
  errors: 'json',
  decompress: (body, { headers }, limitBytes) => decompress(body, headers['content-encoding'], limitBytes),
  decode: (body, _request, context) => scanJsonEvents(body, context),
  idempotencyKey,
  answer: sendCounts,
}

/** 200 with what was kept and the first refusals; 400 when nothing was good. */
export function sendCounts(received: Received<Decoded>, exchange: Exchange): number {
  const { accepted, rejected, decoded, repeated } = received
  const status = accepted === 0 && rejected > 0 ? 400 : 200
  const errors = decoded.rejections.map(({ line, reason }) => ({ line, reason }))
  const headers = repeated ? { 'idempotency-replayed': 'true' } : {}
  sendJson(exchange, status, { accepted, rejected, errors }, headers)
  return status
}

/** `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
function idempotencyKey({ headers }: IncomingMessage): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined || key === '') return undefined
  if (key.length > MAX_IDEMPOTENCY_KEY)
    fail('QUERY_INVALID', `Idempotency-Key is longer than ${MAX_IDEMPOTENCY_KEY} characters`)
  return String(key)
}
