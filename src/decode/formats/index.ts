// The table of formats: the name of each and how its bytes become records. A body comes here decompressed.
import type { DecodeContext, Decoded } from '../decoded.js'
import { decodeElasticsearchBulk } from './elasticsearch-bulk.js'
import { decodeHerokuDrain } from './heroku-drain.js'
import { decodeJsonEvents } from './json-events.js'
import { decodeLokiJson } from './loki-json.js'
import { decodeLokiProtobuf } from './loki-protobuf.js'
import { type DecodedPush, isJson } from './loki-push.js'
import { decodeSplunkEvents, decodeSplunkLines } from './splunk-events.js'
import { decodeSyslog } from './syslog.js'
import { decodeOtlpJson } from './otlp-json.js'
import { decodeOtlpProtobuf } from './otlp-protobuf.js'
import type { DecodedOtlp } from './otlp-record.js'
import { decodeVector } from './vector.js'

type Decoder = (body: Buffer, context: DecodeContext) => Decoded

export const FORMATS = {
  'elasticsearch-bulk': decodeElasticsearchBulk,
  'heroku-drain': decodeHerokuDrain,
  'json-events': decodeJsonEvents,
  'loki-json': decodeLokiJson,
  'loki-protobuf': decodeLokiProtobuf,
  'splunk-events': decodeSplunkEvents,
  'splunk-lines': decodeSplunkLines,
  syslog: decodeSyslog,
  'otlp-json': decodeOtlpJson,
  'otlp-protobuf': decodeOtlpProtobuf,
  vector: decodeVector,
} as const satisfies Record<string, Decoder>

/** The message of `POST /loki/api/v1/push`: JSON when its Content-Type says so, else protobuf. Throws BODY_INVALID. */
export function decodeLokiPush(
  body: Buffer,
  contentType: string | undefined,
  context: DecodeContext,
): DecodedPush {
  return FORMATS[isJson(contentType) ? 'loki-json' : 'loki-protobuf'](body, context)
}

/** The message of `POST /v1/logs`: JSON when its Content-Type says so, else protobuf. Throws BODY_INVALID. */
export function decodeOtlpLogs(
  body: Buffer,
  contentType: string | undefined,
  context: DecodeContext,
): DecodedOtlp {
  return FORMATS[isJson(contentType) ? 'otlp-json' : 'otlp-protobuf'](body, context)
}
