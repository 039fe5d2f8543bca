// Vector's own protocol, as its sinks send it over gRPC.
import assert from 'node:assert/strict'
import { decodeVector } from '#logctl/decode/formats/vector.js'
import { casesOf } from '../cases.mjs'
import { CONTEXT, eventsOf, judgeDecoded } from '../decoding.mjs'

/** @type {import('../rounds.mjs').Target} */
export const vector = {
  name: 'vector',
  bodies: () => casesOf('decode/vector'),
  words: [
    '\x0a\x80\x01',
    '\x12\xff\xff\xff\xff\x0f',
    '\x0a\x07\x0a\x01a\x12\x02\x30\x01',
    '\x3a\x04\x0a\x02\x12\x00',
    '\x42\x02\x0a\x00',
    '\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01',
    '\x29\x00\x00\x00\x00\x00\x00\xf8\x7f',
    '\x0b',
    '\x0c',
  ],
  refusals: ['BODY_INVALID'],
  run(input) {
    const decoded = decodeVector(input, CONTEXT)
    judgeDecoded(decoded)
    assert.equal(decoded.entries, eventsOf(decoded), 'every event is kept or refused')
    if (input.length % 8 === 0)
      assert.deepEqual(decodeVector(input, CONTEXT), decoded, 'reads the same again')
  },
}
