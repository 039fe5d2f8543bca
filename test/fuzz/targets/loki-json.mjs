// Loki's push as JSON.
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { decodeLokiJson } from '#logctl/decode/formats/loki-json.js'
import { casesOf } from '../cases.mjs'
import { CONTEXT, eventsOf, judgeDecoded } from '../decoding.mjs'

const text = fc.constantFrom(
  'a',
  'app',
  'level',
  'tenant',
  'x'.repeat(220),
  '\ud800',
  '\u0000',
  'ERROR x',
  '',
  'é',
  '__proto__',
)
const labels = fc.dictionary(text, fc.oneof(text, fc.integer()), { maxKeys: 5 })
const time = fc.oneof(
  fc.constantFrom('1736587800000000000', '0', '-1', '9223372036854775807', '99999999999999999999', 'x', ''),
  fc.bigInt({ min: 1736000000000000000n, max: 1736700000000000000n }).map(String),
)
const entry = fc.oneof(
  fc.tuple(time, text),
  fc.tuple(time, text, fc.dictionary(text, text, { maxKeys: 3 })),
  fc.constantFrom(null, [], ['1'], 7),
)
const push = fc.record({
  streams: fc.array(fc.record({ stream: labels, values: fc.array(entry, { maxLength: 4 }) }), {
    maxLength: 3,
  }),
})

/** @type {import('../rounds.mjs').Target} */
export const lokiJson = {
  name: 'loki-json',
  bodies: (seed) => [
    ...casesOf('decode/loki-json'),
    ...fc.sample(push, { seed, numRuns: 300 }).map((one) => Buffer.from(JSON.stringify(one))),
  ],
  words: [
    '{"streams":[',
    '{"stream":{',
    '"values":[[',
    '["1736587800000000000","',
    '"],["',
    ',{"',
    '\\ud800',
    '\\u0000',
    'null',
    '[[[[',
    '}}}}',
  ],
  refusals: ['BODY_INVALID'],
  run(input) {
    const decoded = decodeLokiJson(input, CONTEXT)
    judgeDecoded(decoded)
    assert.ok(decoded.entries <= eventsOf(decoded), 'every entry is kept or refused')
    if (input.length % 8 === 0)
      assert.deepEqual(decodeLokiJson(input, CONTEXT), decoded, 'reads the same again')
  },
}
