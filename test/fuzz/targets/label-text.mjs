// Label sets as text, as Loki's protobuf carries them.
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { labelText, parseLabelText } from '#logctl/decode/label-text.js'

const pair = fc.tuple(
  fc.constantFrom('a', 'app', '__name__', 'é', 'a.b', '__proto__'),
  fc.constantFrom(
    '"x"',
    '`y`',
    '"\\n\\t\\\\"',
    '"\\x41\\101"',
    '"\\u00e9\\U0001F600"',
    '"\\ud800"',
    '""',
    '"\\q"',
  ),
)
const labels = fc
  .array(pair, { maxLength: 4 })
  .map((pairs) => `{${pairs.map((one) => one.join('=')).join(', ')}}`)

/** @param {object} of */
const pairs = (of) => Object.entries(of).toSorted()

/** @type {import('../rounds.mjs').Target} */
export const labelTexts = {
  name: 'label-text',
  bodies: (seed) => fc.sample(labels, { seed, numRuns: 300 }).map((text) => Buffer.from(text)),
  words: ['{', '}', '="', '"', '`', '\\', '\\x', '\\u', '\\U', '\\377', '\\400', ',', ' = ', '\\"', '{}'],
  refusals: [],
  run(input) {
    const labels = parseLabelText(input.toString('utf8'))
    if (labels === undefined) return
    const printed = labelText(labels)
    const again = parseLabelText(printed)
    // JSON writes some characters in ways that Go does not read.
    if (/\p{C}/u.test(Object.values(labels).join(''))) return
    assert.deepEqual(again && pairs(again), pairs(labels), 'what is shown reads as the same')
  },
}
