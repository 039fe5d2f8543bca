// Loki's rule on selectors: some matcher must fail where the label is missing.
import { expect, test } from 'vitest'
import { parse } from '#logctl/query/parse.js'
import { requireSelective } from '#logctl/query/require-selective.js'

test.each([
  '{a="b"}',
  '{a=~".+"}',
  '{a!=""}',
  '{a!~".*"}',
  '{a!="b", c=~"d|e"} | json',
  'sum(rate({a="b"} [5m])) / rate({c="d"} [1m])',
  'vector(1) + 2',
])('%s selects some streams', (text) => {
  expect(() => requireSelective(parse(text))).not.toThrow()
})

test.each([
  ['{}', 1],
  [' {a=""}', 2],
  ['{a!="b"}', 1],
  ['{a=~".*", b=~"c?", d=~"|e"}', 1],
  ['{a!~"b"}', 1],
  ['rate({} [5m])', 6],
  ['sum(rate({a="b"} [5m])) / label_replace(rate({c!="d"} [1m]), "", "", "", "")', 46],
])('%s may select all', (text, column) => {
  expect(() => requireSelective(parse(text))).toThrow(
    expect.objectContaining({
      code: 'QUERY_INVALID',
      message: `parse error at line 1, col ${column}: queries require at least one regexp or equality matcher that does not have an empty-compatible value. For instance, app=~".*" does not meet this requirement, but app=~".+" will`,
    }),
  )
})
