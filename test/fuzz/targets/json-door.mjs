// The body of the JSON door: NDJSON, arrays, objects over several lines, text.
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { decodeJsonEvents } from '#logctl/decode/formats/json-events.js'
import { casesOf } from '../cases.mjs'
import { CONTEXT, eventsOf, judgeDecoded } from '../decoding.mjs'

const KEYS = [
  'message', 'msg', 'log', 'timestamp', 'time', 'ts', '@timestamp', 'level', 'severity', 'source', 'tenant', 'host',
  'status', 'a', 'a_b', 'b', '__proto__', 'constructor', 'log.level', 'PRIORITY', 'stream', 'service_name', '', 'é',
] // prettier-ignore
const VALUES = [
  '2025-01-11T09:30:00Z', '2025-01-11T09:30:00.123456789+02:00', '2262-01-01T00:00:00Z', 'ERROR', 'warn',
  '1736587800', '9223372036854775808', '\u0000', '\ud800', '<7>', 'x'.repeat(300), '😀'.repeat(60), '',
] // prettier-ignore

const scalar = fc.oneof(
  fc.constantFrom(...VALUES),
  fc.integer(),
  fc.double(),
  fc.constantFrom(1736587800, 1736587800123, 1.7365878e18, -1, true, null),
)
/** @type {fc.Memo<unknown>} */
const value = fc.memo((depth) =>
  depth <= 1 ? scalar : fc.oneof(scalar, scalar, object(depth), fc.array(value(depth - 1), { maxLength: 3 })),
)
const object = (/** @type {number} */ depth) =>
  fc.dictionary(fc.constantFrom(...KEYS), value(depth - 1), { maxKeys: 6 })
const body = fc.tuple(
  fc.constantFrom('lines', 'array', 'pretty', 'joined'),
  fc.array(object(4), { maxLength: 4 }),
)

/** @param {readonly [string, readonly unknown[]]} of */
function print([form, events]) {
  if (form === 'array') return JSON.stringify(events)
  if (form === 'pretty') return events.map((one) => JSON.stringify(one, undefined, 2)).join('\n')
  return events.map((one) => JSON.stringify(one)).join(form === 'lines' ? '\n' : ' ')
}

/** How many events the body must come to, by a reading of its own; undefined where it is not plain enough to tell. @param {string} text */
function linesOf(text) {
  // A byte order mark, as latin1.
  if (text.startsWith('\u00ef\u00bb\u00bf')) return linesOf(text.slice(3))
  const lines = text.split('\n').filter((line) => line.replace(/\r$/, '') !== '')
  const first = /^[ \t\r\n]*([^ \t\r\n])/.exec(text)?.[1]
  if (first !== undefined && !'{['.includes(first) && text.trim() !== '') return lines.length
  return first === '{' && lines.every(isObject) ? lines.length : undefined
}

/** @param {string} line */
function isObject(line) {
  try {
    return line.startsWith('{') && typeof JSON.parse(line) === 'object'
  } catch {
    return false
  }
}

/** @type {import('../rounds.mjs').Target} */
export const jsonDoor = {
  name: 'json-door',
  bodies: (seed) => [
    ...casesOf('decode/json-events'),
    ...fc.sample(body, { seed, numRuns: 300 }).map((of) => Buffer.from(print(of))),
  ],
  words: [
    '{"message":"',
    '"}\n{"',
    '[',
    ']',
    '[1,',
    '\\u0000',
    '\\ud800',
    '\\',
    '"a":{"b":',
    '1e400',
    '12345678901234567890',
    '"ts":',
    'null',
    '\ufeff',
    '\r\n',
    '"timestamp":"',
  ],
  refusals: [],
  run(input) {
    const decoded = decodeJsonEvents(input, CONTEXT)
    judgeDecoded(decoded)
    const lines = linesOf(input.toString('latin1'))
    if (lines !== undefined) assert.equal(eventsOf(decoded), lines, 'every line is kept or refused')
    if (input.length % 8 === 0)
      assert.deepEqual(decodeJsonEvents(input, CONTEXT), decoded, 'reads the same again')
  },
}
