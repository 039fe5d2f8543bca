// The order in which stages run, which is not always the order in which they are written.
import { expect, test } from 'vitest'
import { parseLog } from '#logctl/query/parse.js'
import { print } from '#logctl/query/print.js'
import { inRunOrder } from '#logctl/query/run-order.js'

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
