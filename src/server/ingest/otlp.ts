// OpenTelemetry's logs (OTLP 1.x): over HTTP in protobuf and JSON, and what its gRPC service shares with that. What was
// refused of a request is told beside success, as a sender must not send it again.
import { Writer } from 'protobufjs/minimal.js'
import { decompress } from '../../decode/compression.js'
import { decodeOtlpLogs } from '../../decode/formats/index.js'
import { isJson } from '../../decode/formats/loki-push.js'
import type { DecodedOtlp } from '../../decode/formats/otlp-record.js'
import { sendBytes, sendJson } from '../answer.js'
import type { Door, Received } from './door.js'

type Refused = Pick<Received<DecodedOtlp>, 'rejected' | 'decoded'>

export const otlpDoor: Door<DecodedOtlp> = {
  name: 'otlp',
  paths: ['/v1/logs', '/otlp/v1/logs'],
  errors: 'json',
  decompress: (body, { headers }, limitBytes) => decompress(body, headers['content-encoding'], limitBytes),
  decode: (body, request, context) => decodeOtlpLogs(body, request.headers['content-type'], context),
  answer(received, exchange) {
    if (isJson(exchange.request.headers['content-type'])) sendJson(exchange, 200, jsonAnswer(received))
    else sendBytes(exchange, 200, protobufAnswer(received), 'application/x-protobuf')
    return 200
  },
}

/** ExportLogsServiceResponse in JSON; 64-bit numbers are texts there. */
function jsonAnswer(received: Refused): object {
  const { rejected } = received
  if (rejected === 0) return {}
  return { partialSuccess: { rejectedLogRecords: String(rejected), errorMessage: reasonOf(received) } }
}

/** ExportLogsServiceResponse {1 partial_success {1 rejected_log_records, 2 error_message}}. */
export function protobufAnswer(received: Refused): Buffer {
  const { rejected } = received
  if (rejected === 0) return Buffer.alloc(0)
  const partial = Writer.create().uint32(8).int64(rejected).uint32(18).string(reasonOf(received)).finish()
  return Buffer.from(Writer.create().uint32(10).bytes(partial).finish())
}

function reasonOf({ decoded }: Refused): string {
  const [first] = decoded.rejections
  return first === undefined ? 'log records were refused' : `log record ${first.line}: ${first.reason}`
}
