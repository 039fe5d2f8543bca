// Syslog messages in both framings, and the framer with the bytes cut anywhere.
import assert from 'node:assert/strict'
import { decodeSyslog } from '#logctl/decode/formats/syslog.js'
import { syslogFramer, syslogFrames } from '#logctl/decode/syslog-framing.js'
import { casesOf } from '../cases.mjs'
import { CONTEXT, eventsOf, judgeDecoded } from '../decoding.mjs'

const WORDS = [
  '<13>',
  '<191>1 ',
  '<999>',
  '2025-01-11T09:30:00Z ',
  'Jan 11 09:30:00 ',
  'Feb 29 2024 00:00:00: ',
  'host app[1]: ',
  '[a b="c"]',
  '\\"',
  ' - - - - ',
  '\xef\xbb\xbf',
  '\n',
  '\0',
  '25 <13>',
  '99999999 <1>',
]

/** @type {import('../rounds.mjs').Target} */
export const syslog = {
  name: 'syslog',
  bodies: () => casesOf('decode/syslog'),
  words: WORDS,
  refusals: [],
  run(input) {
    const decoded = decodeSyslog(input, CONTEXT)
    judgeDecoded(decoded)
    const frames = syslogFrames(input, 50)
    assert.ok(
      frames.every(({ bytes, length }) => bytes.length <= 50 && bytes.length <= length),
      'lengths',
    )
    assert.equal(eventsOf(decoded), syslogFrames(input, 1 << 20).length, 'every message is kept or refused')
  },
}

/** @type {import('../rounds.mjs').Target} */
export const syslogFraming = {
  name: 'syslog-framing',
  bodies: () => casesOf('decode/syslog'),
  words: WORDS,
  refusals: [],
  run(input) {
    const step = (input[0] ?? 0) % 17
    const framer = syslogFramer(50)
    const pieces = []
    for (let at = 0; at < input.length; at += step + 1)
      pieces.push(...framer.push(input.subarray(at, at + step + 1)))
    assert.ok(framer.held <= 64, 'bytes held')
    assert.deepEqual([...pieces, ...framer.end()], syslogFrames(input, 50), 'wherever the bytes are cut')
  },
}
