// Selectors and queries as text: what is read prints as text that reads as the same.
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { parse } from '#logctl/query/parse.js'
import { print } from '#logctl/query/print.js'
import { compileConditions } from '#logctl/record/condition.js'
import { pushDown } from '#logctl/query/push-down.js'
import { compileStages } from '#logctl/query/stages/index.js'
import { casesOf } from '../cases.mjs'

const value = fc.constantFrom('"a"', '`b`', '"\\n\\x41\\u00e9"', '""', '"a|b"', '".+"', '"("', '"\\ud800"')
const matcher = fc.tuple(
  fc.constantFrom('a', 'source', 'level', '_x', 'é'),
  fc.constantFrom('=', '!=', '=~', '!~'),
  value,
)
const filter = fc.tuple(
  fc.constantFrom('|=', '!=', '|~', '!~', '|>'),
  fc.array(value, { minLength: 1, maxLength: 3 }),
)
const query = fc
  .tuple(fc.array(matcher, { maxLength: 3 }), fc.array(filter, { maxLength: 3 }))
  .map(
    ([matchers, filters]) =>
      `{${matchers.map((one) => one.join('')).join(', ')}} ${filters.map(([op, of]) => `${op} ${of.join(' or ')}`).join(' ')}`,
  )

/** @param {unknown} node @returns {unknown} the tree without positions */
function withoutPlaces(node) {
  return JSON.parse(
    JSON.stringify(node, (key, value) =>
      key === 'at' ? undefined : typeof value === 'bigint' ? String(value) : value,
    ),
  )
}

/** @type {import('../rounds.mjs').Target} */
export const queryText = {
  name: 'query',
  bodies: (seed) => [
    ...casesOf('query/selector'),
    ...casesOf('query/language'),
    ...fc.sample(query, { seed, numRuns: 400 }).map((text) => Buffer.from(text)),
  ],
  words: [
    '{',
    '}',
    '=~',
    '!~',
    '|=',
    '|~',
    '"',
    '`',
    '\\',
    ' or ',
    ',',
    '# ',
    '\n',
    '| json',
    'rate(',
    '[5m]',
    'sum by (',
    '\\u',
    '\\x',
    '\\777',
  ],
  refusals: ['QUERY_INVALID', 'PATTERN_INVALID'],
  run(input) {
    const tree = parse(input.toString('utf8'))
    const printed = print(tree)
    assert.deepEqual(withoutPlaces(parse(printed)), withoutPlaces(tree), 'what is printed reads as the same')
    assert.equal(print(parse(printed)), printed, 'and prints as the same')
    if (tree.kind !== 'log') return
    compileConditions(pushDown(tree).where)
    compileStages(tree.stages)
  },
}
