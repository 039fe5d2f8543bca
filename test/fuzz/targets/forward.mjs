// Fluent's forward protocol: messages of MessagePack, whole and with the bytes cut anywhere.
import assert from 'node:assert/strict'
import { encode } from '@msgpack/msgpack'
import * as fc from 'fast-check'
import { closeAccount, openAccount } from '#logctl/decode/account.js'
import { addForward, forwardMessage, readMsgpack } from '#logctl/decode/formats/forward.js'
import { msgpackFramer } from '#logctl/decode/msgpack-framing.js'
import { CONTEXT, eventsOf, judgeDecoded } from '../decoding.mjs'

const LIMIT_BYTES = 1 << 20

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    fc.constantFrom('a', '', '\ud800', null, true, 0, -1, 2 ** 40, 1.5, Number.NaN, Buffer.from([0xff, 0])),
    fc.array(tie('any'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('message', 'source', 'tag', 'x'), tie('any'), { maxKeys: 3 }),
  ),
})).any
const record = fc.dictionary(
  fc.constantFrom('message', 'log', 'source', 'container_id', '@timestamp', 'x'),
  value ?? fc.string(),
)
const entry = fc.tuple(fc.constantFrom(0, 1736587800, -5, 'x'), record)
const message = fc.oneof(
  fc.tuple(fc.constant('t'), fc.constantFrom(0, 1736587800), record),
  fc.tuple(fc.constant('t'), fc.array(entry, { maxLength: 3 }), fc.constantFrom(null, { chunk: 'c' })),
  fc
    .array(entry, { maxLength: 3 })
    .map((entries) => ['t', Buffer.concat(entries.map((one) => encode(one))), { size: 1 }]),
)

/** @type {import('../rounds.mjs').Target} */
export const forward = {
  name: 'forward',
  bodies: (seed) => fc.sample(message, { seed, numRuns: 300 }).map((one) => Buffer.from(encode(one))),
  words: [
    '\x93',
    '\xdd\xff\xff\xff\xff',
    '\xc6\xff\xff\xff\xff',
    '\xd7\x00',
    '\x81',
    '\xa1t',
    '\xa9__proto__',
    '\xc0',
    '\xc1',
  ],
  refusals: ['BODY_INVALID', 'BODY_TOO_LARGE'],
  run(input) {
    const values = msgpackFramer(LIMIT_BYTES).push(input)
    const framer = msgpackFramer(LIMIT_BYTES)
    const step = ((input[0] ?? 0) % 17) + 1
    const pieces = []
    for (let at = 0; at < input.length; at += step)
      pieces.push(...framer.push(Buffer.from(input.subarray(at, at + step))))
    assert.deepEqual(pieces, values, 'wherever the bytes are cut')
    const account = openAccount(CONTEXT)
    let events = 0
    for (const bytes of values) {
      const sent = forwardMessage(readMsgpack(bytes))
      if (sent) events = addForward(account, sent, events)
    }
    const decoded = closeAccount(account)
    judgeDecoded(decoded)
    assert.equal(eventsOf(decoded), events, 'every event is kept or refused')
  },
}
