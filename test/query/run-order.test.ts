// The order in which stages run, and which of them a scanner does.
import { expect, test } from 'vitest'
import { parseLog } from '#logctl/query/parse.js'
import { print } from '#logctl/query/print.js'
import { inRunOrder } from '#logctl/query/run-order.js'
import { splitQuery } from '#logctl/query/selection.js'

test.each([
  ['', ''],
  ['| json |= "a"', '|= "a" | json'],
  ['| json |= "a" | logfmt != "b"', '|= "a" != "b" | json | logfmt'],
  ['| decolorize | drop x |~ "a"', '|~ "a" | decolorize | drop x'],
  ['| label_format a=b |> "<_>" | keep x', '|> "<_>" | label_format a=b | keep x'],
  ['| json | a="1" |= "b"', '| json | a="1" |= "b"'],
  [
    '| json |= "a" | b="1" | logfmt |= "c" | line_format "d" |= "e"',
    '|= "a" | json | b="1" |= "c" | logfmt | line_format "d" |= "e"',
  ],
  ['| unpack |= "a" | json |= "b"', '| unpack |= "a" |= "b" | json'],
  ['| regexp "(?P<x>.)" |= "a"', '|= "a" | regexp "(?P<x>.)"'],
])('%s runs as %s', (text, expected) => {
  const query = parseLog(`{} ${text}`)
  expect(print({ ...query, stages: inRunOrder(query.stages) })).toBe(`{} ${expected}`.trim())
})

test.each([
  ['|= "a" or "b" != "c" |~ "d" !~ "e"', 4, ''],
  ['| json |= "a" | b="1" != "c"', 1, '| json | b="1" != "c"'],
  [
    '|= ip("::1") |> "<_>" != "a" or ip("::1") | logfmt |= "b"',
    1,
    '|= ip("::1") |> "<_>" != "a" or ip("::1") | logfmt',
  ],
  ['| line_format "a" |= "b"', 0, '| line_format "a" |= "b"'],
])('%s asks a scanner for %i conditions', (text, count, rest) => {
  const query = parseLog(`{} ${text}`)
  const { conditions, restStages } = splitQuery(query)
  expect(conditions).toHaveLength(count)
  expect(print({ ...query, stages: restStages })).toBe(`{} ${rest}`.trim())
})

test('matchers and line filters become conditions', () => {
  expect(splitQuery(parseLog('{app="web", env!~"t.*"} | json |= "a" or "b"'))).toMatchObject({
    conditions: [
      { kind: 'label', name: 'app', op: '=', value: 'web' },
      { kind: 'label', name: 'env', op: '!~', value: 't.*' },
      { kind: 'line', op: '|=', values: ['a', 'b'] },
    ],
    restStages: [{ kind: 'json' }],
  })
})
