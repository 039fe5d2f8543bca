// Loki's push as protobuf, without its snappy.
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import protobuf from 'protobufjs/minimal.js'
import { decodeLokiProtobuf } from '#logctl/decode/formats/loki-protobuf.js'
import { casesOf } from '../cases.mjs'
import { CONTEXT, eventsOf, judgeDecoded } from '../decoding.mjs'

const labels = fc.constantFrom(
  '{}',
  '{app="web"}',
  '{a="1", b=`2`,level="warn"}',
  '{a="\\x41\\ud83d\\n"}',
  '{a=}',
  '',
  '{tenant="t"}',
  `{a="${'x'.repeat(200)}"}`,
)
const text = fc.constantFrom('', 'GET / 200', 'ERROR no', 'x'.repeat(250), 'é😀', '\u0000', 'level=warn')
const entry = fc.record({
  seconds: fc.oneof(fc.integer({ min: 1_736_000_000, max: 1_736_700_000 }), fc.constantFrom(0, -1, 2 ** 40)),
  nanos: fc.constantFrom(0, 1, 999_999_999, 1_000_000_000, -1),
  line: text,
  pairs: fc.array(fc.tuple(fc.constantFrom('level', 'a', 'a.b', 'detected_level', ''), text), {
    maxLength: 3,
  }),
})
const push = fc.array(fc.record({ labels, entries: fc.array(entry, { maxLength: 4 }) }), { maxLength: 3 })

/** @typedef {{ seconds: number, nanos: number, line: string, pairs: readonly (readonly [string, string])[] }} Entry */

/** logproto.PushRequest. @param {readonly { labels: string, entries: readonly Entry[] }[]} streams */
function print(streams) {
  const writer = protobuf.Writer.create()
  for (const { labels, entries } of streams) {
    writer.uint32(10).fork().uint32(10).string(labels)
    for (const { seconds, nanos, line, pairs } of entries) {
      writer.uint32(18).fork().uint32(10).fork().uint32(8).int64(seconds).uint32(16).int32(nanos).ldelim()
      writer.uint32(18).string(line)
      for (const [name, value] of pairs)
        writer.uint32(26).fork().uint32(10).string(name).uint32(18).string(value).ldelim()
      writer.ldelim()
    }
    writer.ldelim()
  }
  return Buffer.from(writer.finish())
}

/** @type {import('../rounds.mjs').Target} */
export const lokiProtobuf = {
  name: 'loki-protobuf',
  bodies: (seed) => [
    ...casesOf('decode/loki-protobuf'),
    ...fc.sample(push, { seed, numRuns: 300 }).map(print),
  ],
  words: [
    '\x0a\x80\x01',
    '\x12\xff\xff\xff\xff\x0f',
    '\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01',
    '\x0b',
    '\x0c',
    '\x12\x00',
    '{a="b"}',
    '\x1a\x04\x0a\x00\x12\x00',
  ],
  refusals: ['BODY_INVALID'],
  run(input) {
    const decoded = decodeLokiProtobuf(input, CONTEXT)
    judgeDecoded(decoded)
    assert.equal(decoded.entries, eventsOf(decoded), 'every entry is kept or refused')
    if (input.length % 8 === 0)
      assert.deepEqual(decodeLokiProtobuf(input, CONTEXT), decoded, 'reads the same again')
  },
}
