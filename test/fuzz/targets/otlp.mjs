// OTLP's request for logs, in protobuf and in JSON.
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { decodeOtlpJson } from '#logctl/decode/formats/otlp-json.js'
import { decodeOtlpProtobuf } from '#logctl/decode/formats/otlp-protobuf.js'
import { casesOf } from '../cases.mjs'
import { CONTEXT, eventsOf, judgeDecoded } from '../decoding.mjs'

const text = fc.constantFrom(
  '',
  'a',
  'service.name',
  'tenant',
  'x'.repeat(220),
  '\ud800',
  '\u0000',
  'ERROR x',
  '__proto__',
)
/** @type {{ any: fc.Arbitrary<unknown>, pair: fc.Arbitrary<unknown> }} */
const { any } = fc.letrec((/** @type {(name: string) => fc.Arbitrary<unknown>} */ tie) => ({
  any: fc.oneof(
    { maxDepth: 8 },
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({
      intValue: fc.oneof(fc.integer(), fc.maxSafeInteger().map(String), fc.constantFrom('x', null)),
    }),
    fc.record({ doubleValue: fc.oneof(fc.double(), fc.constantFrom('NaN', '', null)) }),
    fc.record({ bytesValue: text }),
    fc.constantFrom(null, {}, 7),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('any'), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: fc.array(tie('pair'), { maxLength: 3 }) }) }),
  ),
  pair: fc.record({ key: text, value: tie('any') }),
}))
const attributes = fc.array(fc.record({ key: text, value: any }), { maxLength: 4 })
const time = fc.oneof(
  fc.bigInt({ min: 1736000000000000000n, max: 1736700000000000000n }).map(String),
  fc.constantFrom('0', '-1', '18446744073709551615', 'soon', 5, null),
)
const log = fc.record(
  {
    timeUnixNano: time,
    observedTimeUnixNano: time,
    severityNumber: fc.constantFrom(0, 9, 25, -1, 'INFO'),
    severityText: text,
    body: any,
    attributes,
    flags: fc.constantFrom(0, 1, 'x'),
    traceId: fc.constantFrom('', 'ab', 'zz', 7),
    eventName: text,
  },
  { requiredKeys: [] },
)
const request = fc.record({
  resourceLogs: fc.array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeLogs: fc.array(
        fc.record({
          scope: fc.record({ name: text, version: text, attributes }),
          logRecords: fc.array(fc.oneof(log, fc.constantFrom(null, [])), { maxLength: 3 }),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  ),
})

/** @param {string} name @param {typeof decodeOtlpJson} decode @param {Buffer} input */
function judge(name, decode, input) {
  const decoded = decode(input, CONTEXT)
  judgeDecoded(decoded)
  assert.equal(decoded.entries, eventsOf(decoded), `${name}: every record is kept or refused`)
  if (input.length % 8 === 0) assert.deepEqual(decode(input, CONTEXT), decoded, 'reads the same again')
}

/** @type {import('../rounds.mjs').Target} */
export const otlpJson = {
  name: 'otlp-json',
  bodies: (seed) => [
    ...casesOf('decode/otlp-json'),
    ...fc.sample(request, { seed, numRuns: 300 }).map((one) => Buffer.from(JSON.stringify(one))),
  ],
  words: [
    '{"resourceLogs":[',
    '"scopeLogs":[{',
    '"logRecords":[{',
    '"kvlistValue":{"values":[',
    '\\ud800',
    '\\u0000',
    'null',
    '}]}',
  ],
  refusals: ['BODY_INVALID'],
  run: (input) => judge('otlp-json', decodeOtlpJson, input),
}

/** @type {import('../rounds.mjs').Target} */
export const otlpProtobuf = {
  name: 'otlp-protobuf',
  bodies: () => casesOf('decode/otlp-protobuf'),
  words: [
    '\x0a\x80\x01',
    '\x12\xff\xff\xff\xff\x0f',
    '\x32\x06\x0a\x01a\x12\x01',
    '\x2a\x02\x32\x00',
    '\x0b',
    '\x0c',
    '\x21\x00\x00\x00\x00\x00\x00\xf8\x7f',
    '\x09\xff\xff\xff\xff\xff\xff\xff\xff',
  ],
  refusals: ['BODY_INVALID'],
  run: (input) => judge('otlp-protobuf', decodeOtlpProtobuf, input),
}
