// Bodies of the doors that put flat events into something of their own: Elasticsearch's bulk, Splunk's collector.
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { decodeElasticsearchBulk } from '#logctl/decode/formats/elasticsearch-bulk.js'
import { decodeSplunkEvents, decodeSplunkLines } from '#logctl/decode/formats/splunk-events.js'
import { casesOf } from '../cases.mjs'
import { CONTEXT, eventsOf, judgeDecoded } from '../decoding.mjs'

const KEYS = [
  'message',
  'time',
  'event',
  'fields',
  'host',
  'source',
  'sourcetype',
  'index',
  '_index',
  'a',
  '__proto__',
]
const scalar = fc.constantFrom(
  '',
  'x',
  '\u0000',
  1736587800,
  '1736587800.5',
  1e300,
  -1,
  true,
  null,
  'é'.repeat(120),
)
/** @type {fc.Memo<unknown>} */
const value = fc.memo((depth) =>
  depth <= 1 ? scalar : fc.oneof(scalar, object(depth), fc.array(value(depth - 1), { maxLength: 3 })),
)
const object = (/** @type {number} */ depth) =>
  fc.dictionary(fc.constantFrom(...KEYS), value(depth - 1), { maxKeys: 5 })
const action = fc.oneof(
  fc.constantFrom(
    { index: {} },
    { create: { _index: 'logs' } },
    { delete: { _id: '1' } },
    { update: {} },
    { no: 1 },
  ),
  fc.record({ index: object(2) }),
)
const bulk = fc.array(fc.tuple(action, object(3)), { maxLength: 5 })
const events = fc.array(fc.oneof(fc.record({ event: value(3), time: scalar, fields: value(2) }), object(3)), {
  maxLength: 5,
})

/** @type {import('../rounds.mjs').Target} */
export const elasticsearchBulk = {
  name: 'elasticsearch-bulk',
  bodies: (seed) => [
    ...casesOf('decode/elasticsearch-bulk'),
    ...fc.sample(bulk, { seed, numRuns: 300 }).map((of) => lines(of.flat())),
  ],
  words: [
    '{"index":{"_index":"',
    '{"create":{}}\n',
    '{"delete":{}}\n',
    '{"update":{}}\n',
    '\\u0000',
    '\r\n',
    '}\n{"message":"',
  ],
  refusals: [],
  run(input) {
    const decoded = decodeElasticsearchBulk(input, CONTEXT, 'path')
    judgeDecoded(decoded)
    assert.equal(decoded.items.length, eventsOf(decoded), 'every item is kept or refused')
    const refused = decoded.items.filter(({ refusal }) => refusal !== undefined).length
    assert.equal(refused, eventsOf(decoded) - decoded.records.length, 'every refusal is told')
  },
}

/** @type {import('../rounds.mjs').Target} */
export const splunkEvents = {
  name: 'splunk-events',
  bodies: (seed) => [
    ...casesOf('decode/splunk-events'),
    ...fc
      .sample(events, { seed, numRuns: 300 })
      .map((of) => Buffer.from(of.map((one) => JSON.stringify(one)).join(''))),
  ],
  words: [
    '{"event":',
    '"}{"event":{"',
    '"time":"1736587800.5"',
    '"fields":{',
    '12345678901234567890',
    '[',
    ']',
    '\\ud800',
  ],
  refusals: [],
  run(input) {
    const decoded = decodeSplunkEvents(input, CONTEXT)
    judgeDecoded(decoded)
    assert.equal(decoded.events, eventsOf(decoded), 'every event is kept or refused')
    const raw = decodeSplunkLines(input, CONTEXT)
    judgeDecoded(raw)
    assert.equal(raw.events, eventsOf(raw), 'every line is kept or refused')
  },
}

/** @param {readonly unknown[]} values */
function lines(values) {
  return Buffer.from(values.map((one) => `${JSON.stringify(one)}\n`).join(''))
}
