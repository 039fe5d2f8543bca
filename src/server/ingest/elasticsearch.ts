// Elasticsearch's bulk API, as its official clients, Vector, Fluent Bit, Logstash and Beats speak it. Clients send again
// what an item or the whole answer says 429 or 503 of, and drop what gets any other 4xx.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { decompress } from '../../decode/compression.js'
import type { RejectReason } from '../../decode/decoded.js'
import {
  type BulkItem,
  type DecodedBulk,
  decodeElasticsearchBulk,
} from '../../decode/formats/elasticsearch-bulk.js'
import { sendJson } from '../answer.js'
import { elasticsearchError, PRODUCT } from '../error-style.js'
import type { Exchange } from '../exchange.js'
import { parseTarget } from '../exchange.js'
import type { Door, Received } from './door.js'

const BULK_PATH = /^\/([^/]{1,255})\/_bulk$/

export const elasticsearchDoor: Door<DecodedBulk> = {
  name: 'elasticsearch',
  paths: ['/_bulk', '/{name}/_bulk'],
  errors: 'elasticsearch',
  decompress: (body, { headers }, limitBytes) => decompress(body, headers['content-encoding'], limitBytes),
  decode: (body, request, context) => decodeElasticsearchBulk(body, context, indexOfPath(request)),
  answer(received, exchange) {
    const { items } = received.decoded
    if (items.length === 0) return refuseWhole(exchange, 'parse_exception', 'request body is required')
    // A sender of something else altogether must not take this for success.
    if (items.every(isNoAction))
      return refuseWhole(exchange, 'illegal_argument_exception', items[0]?.refusal?.reason ?? '')
    sendJson(exchange, 200, bulkAnswer(received, exchange), PRODUCT)
    return 200
  },
}

function indexOfPath({ url = '' }: IncomingMessage): string {
  const [, name = ''] = BULK_PATH.exec(parseTarget(url).path) ?? []
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function isNoAction({ index, refusal }: BulkItem): boolean {
  return index === '' && refusal?.why === 'malformed'
}

function refuseWhole(exchange: Exchange, type: string, reason: string): number {
  sendJson(exchange, 400, elasticsearchError(400, type, reason), PRODUCT)
  return 400
}

/** Vector looks for the letters `"errors":true`, so that this is printed without spaces. */
function bulkAnswer({ decoded: { items } }: Received<DecodedBulk>, { startedMs }: Exchange): object {
  const batch = randomBytes(9).toString('base64url')
  return {
    took: Math.round(performance.now() - startedMs),
    errors: items.some(({ refusal }) => refusal !== undefined),
    items: items.map((item, at) => ({ [item.action]: itemAnswer(item, item.id ?? `${batch}-${at}`) })),
  }
}

function itemAnswer({ index: _index, refusal }: BulkItem, _id: string): object {
  if (refusal)
    return { _index, _id, status: 400, error: { type: typeOf(refusal.why), reason: refusal.reason } }
  return {
    _index,
    _id,
    _version: 1,
    result: 'created',
    _shards: { total: 1, successful: 1, failed: 0 },
    _seq_no: 0,
    _primary_term: 1,
    status: 201,
  }
}

/** Elasticsearch's names: of what is wrong with a document, and of what is not done at all. */
function typeOf(why: RejectReason): string {
  return why === 'unsupported' || why === 'malformed'
    ? 'illegal_argument_exception'
    : 'document_parsing_exception'
}
