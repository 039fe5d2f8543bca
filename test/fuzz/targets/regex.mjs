// Regular expressions of users: RE2 decides what matches, and none holds the process for longer than its text is worth.
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { RE2JS } from 're2js'
import { LogctlError } from '#logctl/errors.js'
import { compileRegex, literalOf } from '#logctl/record/regex.js'

const ATOMS = [
  'a',
  'b',
  '.',
  '\\w',
  '\\d',
  '[a-c]',
  '[^x]',
  '\\pL',
  '(?:a|b)',
  '(a|ab)',
  '\\b',
  '^',
  '$',
  'é',
  '(?i)k',
  '[[:alpha:]]',
  '\\s',
  '(?s).',
  'error',
  '(?:',
  ')',
  '|',
]
const COUNTS = ['', '', '', '*', '+', '?', '{0,30}', '{5}', '{3,}', '{1,200}', '*?', '{999}']
const pattern = fc
  .array(
    fc.tuple(fc.constantFrom(...ATOMS), fc.constantFrom(...COUNTS)).map((pair) => pair.join('')),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

const TEXTS = [
  '',
  'a',
  'ab',
  'error: k \u212a é',
  'aaaaaaaaaaaaaaaaaaaa!',
  'abcabcabc x\n1 y',
  'GET /a/1 200 12ms user=bob',
]
/** Long, and of few different characters, so that many ways to match stay open. */
const LONG = Array.from({ length: 20_000 }, (_, i) => 'abc 1\né!'[(i * i * 7 + (i >> 3)) % 8]).join('')
/** Of the budget of a text so long, with room for a look at the clock and a busy machine. */
const LONG_LIMIT_MS = 600

/** @type {import('../rounds.mjs').Target} */
export const regex = {
  name: 'regex',
  bodies: (seed) => fc.sample(pattern, { seed, numRuns: 500 }).map((text) => Buffer.from(text)),
  words: [
    ...ATOMS.map((atom) => Buffer.from(atom).toString('latin1')),
    ...COUNTS,
    '[',
    ']',
    '(?P<n>',
    '\\Q',
    '\\E',
    '\\x{10FFFF}',
    '[\\x00-\\x{10FFFF}]',
    '(?U)',
    '\\B',
    '\\A',
    '\\z',
    '[^[:^word:]]',
  ],
  // The clock of a busy machine may run out on a first match.
  refusals: ['PATTERN_INVALID', 'QUERY_LIMIT'],
  deadlineMs: 1500,
  run(input) {
    const pattern = input.toString('utf8')
    const options = { ignoreCase: input.length % 3 === 0, whole: input.length % 5 === 0 }
    const regex = compileRegex(pattern, options)
    const literal = literalOf(pattern, options)
    const cased = options.ignoreCase ? `(?i)${pattern}` : pattern
    const judge = RE2JS.compile(options.whole ? `^(?s:${cased})$` : cased)
    for (const text of TEXTS) {
      const found = regex.test(text)
      assert.equal(found, judge.test(text), `as RE2 on ${JSON.stringify(text)}`)
      assert.ok(!found || literal === undefined || text.includes(literal), 'every match holds the literal')
    }
    const cpu = process.cpuUsage()
    try {
      regex.test(LONG)
    } catch (thrown) {
      assert.ok(thrown instanceof LogctlError && thrown.code === 'QUERY_LIMIT', String(thrown))
    }
    assert.ok(process.cpuUsage(cpu).user / 1000 < LONG_LIMIT_MS, 'a long text ends soon')
  },
}
