// The number of an entry: plain, a duration, a size; and what happens where it cannot be read.
import { expect, test } from 'vitest'
import { parseMetric } from '#logctl/query/parse.js'
import { compileUnwrap, unwrapLabels } from '#logctl/query/unwrap.js'
import type { Unwrap } from '#logctl/query/ast.js'
import { anEntry } from './stages/an-entry.js'

function unwrapOf(text: string): Unwrap {
  const query = parseMetric(`sum_over_time({x="y"} | ${text} [1m])`)
  if (query.kind !== 'range-aggregation' || !query.unwrap) throw new Error('no unwrap')
  return query.unwrap
}

test.each([
  ['unwrap v', '1.5', 1.5],
  ['unwrap duration(v)', '1m30s', 90],
  ['unwrap duration_seconds(v)', '250ms', 0.25],
  ['unwrap bytes(v)', '2KiB', 2048],
  ['unwrap v', '', undefined],
  ['unwrap none', '1', undefined],
  ['unwrap v | v > 2', '1', undefined],
  ['unwrap v | v > 2', '3', 3],
  ['unwrap v | __error__=""', 'x', undefined],
])('%s of "%s" is %s', (text, v, value) => {
  const entry = anEntry()
  entry.set('v', v)
  expect(compileUnwrap(unwrapOf(text))(entry)).toBe(value)
})

test('the entry stays as it is: a series may be grouped by its value', () => {
  const entry = anEntry({ labels: { app: 'shop', v: '7' } })
  expect(compileUnwrap(unwrapOf('unwrap v'))(entry)).toBe(7)
  expect(entry.labels('stream')).toEqual({ app: 'shop', v: '7' })
})

test('what cannot be read is an error of the entry', () => {
  const entry = anEntry({ labels: { v: '1d' } })
  expect(compileUnwrap(unwrapOf('unwrap duration(v)'))(entry)).toBe(0)
  expect(entry.labels('parsed')).toEqual({
    __error__: 'SampleExtractionErr',
    __error_details__: 'time: unknown unit "d" in duration "1d"',
  })
})

test('it tells which labels it reads', () => {
  expect(unwrapLabels(unwrapOf('unwrap v | a="1" or b > 2 and c=ip("::1")'))).toEqual(['v', 'a', 'b', 'c'])
})
