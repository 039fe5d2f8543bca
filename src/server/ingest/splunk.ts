// Splunk's HTTP Event Collector, as Docker's driver, Vector, Fluent Bit and OpenTelemetry's exporter speak it. Where some
// events are good the answer is success: senders answered anything else send everything again.
import type { IncomingMessage } from 'node:http'
import { decompress } from '../../decode/compression.js'
import {
  type DecodedCollection,
  decodeSplunkEvents,
  decodeSplunkLines,
} from '../../decode/formats/splunk-events.js'
import { sendJson } from '../answer.js'
import type { Exchange } from '../exchange.js'
import type { Door, Received, Sender } from './door.js'

const REFUSALS = {
  6: 'Invalid data format',
  12: 'Event field is required',
  13: 'Event field cannot be blank',
}
const LONGEST_LABEL = 1024
const DESCRIBED = ['host', 'source', 'sourcetype', 'index'] as const

const common = {
  name: 'splunk',
  errors: 'splunk' as const,
  sender: senderOf,
  decompress: (body: Buffer, { headers }: IncomingMessage, limitBytes: number) =>
    decompress(body, headers['content-encoding'], limitBytes),
  answer,
}

export const splunkDoor: Door<DecodedCollection> = {
  ...common,
  paths: ['', '/1.0', '/event', '/event/1.0'].map((end) => `/services/collector${end}`),
  decode: (body, _request, context) => decodeSplunkEvents(body, context),
}

/** The same door for bare lines. */
export const splunkRawDoor: Door<DecodedCollection> = {
  ...common,
  paths: ['/raw', '/raw/1.0'].map((end) => `/services/collector${end}`),
  decode: (body, _request, context) => decodeSplunkLines(body, context),
}

/** What the address says holds for events that do not say it themselves. */
function senderOf({ query }: Exchange): Sender {
  const labels: Record<string, string> = {}
  for (const name of DESCRIBED) {
    const value = query.get(name)
    if (value) labels[name] = value.slice(0, LONGEST_LABEL)
  }
  return { labels }
}

function answer({ accepted, rejected, decoded }: Received<DecodedCollection>, exchange: Exchange): number {
  if (decoded.events === 0) return refuse(exchange, { text: 'No data', code: 5 })
  const errors = decoded.rejections.map(({ line, reason }) => ({ line, reason }))
  if (accepted === 0 && rejected > 0) {
    const code = decoded.code ?? 6
    const first = decoded.rejections[0]
    const text = first ? `${REFUSALS[code]}: ${first.reason}` : REFUSALS[code]
    return refuse(exchange, { text, code, 'invalid-event-number': (first?.line ?? 1) - 1 })
  }
  const refused = rejected > 0 ? { rejected, errors } : {}
  sendJson(exchange, 200, { text: 'Success', code: 0, ...refused })
  return 200
}

function refuse(exchange: Exchange, body: object): number {
  sendJson(exchange, 400, body)
  return 400
}
