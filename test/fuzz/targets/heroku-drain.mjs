// A Heroku drain's body: frames with counts that are right, wrong or missing.
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { decodeHerokuDrain } from '#logctl/decode/formats/heroku-drain.js'
import { casesOf } from '../cases.mjs'
import { CONTEXT, judgeDecoded } from '../decoding.mjs'

const text = fc.constantFrom(
  'at=info method=GET path="/x" status=200 service=18ms connect= dyno=web.1',
  'source=web.1 sample#memory_total=21.22MB measure#x=1e400 count#y=-3 sample#__proto__=1',
  '[ERROR] two\nlines\n12 <40>1 no frame', '{"level":"warn"}', '\u0000', 'é'.repeat(90), '', 'a="\\"" b="',
) // prettier-ignore
const frame = fc.record({
  priority: fc.constantFrom('<190>1', '<40>1', '<999>1', '<1', '190'),
  time: fc.constantFrom(
    '2025-01-11T09:30:00.123456+00:00',
    '2012-11-30T06:45:29+00:00',
    '2262-01-01T00:00:00Z',
    '-',
  ),
  from: fc.constantFrom(
    'host app web.1 -',
    'host heroku router -',
    'd.1 app run.77 -',
    'host heroku-postgres - ID',
    '',
  ),
  text,
  end: fc.constantFrom('\n', '', '\r\n'),
  error: fc.constantFrom(0, 0, 0, 0, 1, -1, 7, -50, 100_000),
  isCounted: fc.constantFrom(true, true, true, false),
})

/** @typedef {{ priority: string, time: string, from: string, text: string, end: string, error: number, isCounted: boolean }} Frame */

/** @param {readonly Frame[]} frames */
function print(frames) {
  return frames
    .map(({ priority, time, from, text: line, end, error, isCounted }) => {
      const one = `${priority} ${time} ${from} ${line}${end}`
      return isCounted ? `${Math.max(Buffer.byteLength(one) + error, 0)} ${one}` : one
    })
    .join('')
}

/** @type {import('../rounds.mjs').Target} */
export const herokuDrain = {
  name: 'heroku-drain',
  bodies: (seed) => [
    ...casesOf('decode/heroku-drain'),
    ...fc
      .sample(fc.array(frame, { maxLength: 5 }), { seed, numRuns: 300 })
      .map((of) => Buffer.from(print(of))),
  ],
  words: [
    '<190>1 ',
    '\n83 <40>1 ',
    ' - ',
    '999999999 ',
    '\n\n\n',
    'sample#',
    'host heroku router - ',
    '="',
    '\\"',
    '0 <',
  ],
  refusals: [],
  run(input) {
    const decoded = decodeHerokuDrain(input, CONTEXT)
    judgeDecoded(decoded)
    if (input.length % 8 === 0)
      assert.deepEqual(decodeHerokuDrain(input, CONTEXT), decoded, 'reads the same again')
  },
}
