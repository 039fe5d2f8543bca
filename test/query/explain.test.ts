// What a plan leaves to the store, and what to the pipeline, in the words of --explain.
import { expect, test } from 'vitest'
import { explain } from '#logctl/query/explain.js'
import { parse } from '#logctl/query/parse.js'

function explained(query: string): string[] {
  return explain(parse(query)).trimEnd().split('\n')
}

test('line filters and filters on what was sent go to the store', () => {
  expect(explained('{app="web"} |= "a" | trace="t" | status >= 500 | json |~ "b" | k="v"')).toEqual([
    '{app="web"} |= "a" | trace="t" | status>=500 | json |~ "b" | k="v"',
    '  store selects: stream app="web", line |= "a", trace="t", status >= 500, line |~ "b", k="v" where sent',
    '  pipeline: | status>=500 | json | k="v"',
  ])
})

test('behind a stage that changes the line, filters stay', () => {
  expect(explained('{app="web"} | line_format "x" |= "x"')[2]).toBe('  pipeline: | line_format "x" |= "x"')
})

test('a pattern asks for its literal parts', () => {
  expect(explained('{app="web"} |> "GET <_> took <_>ms"')[1]).toBe(
    '  store selects: stream app="web", line |= "GET ", line |= " took ", line |= "ms"',
  )
})

test.each([
  ['sum by (app) (rate({app=~".+"} |= "x" [5m]))', 'count by app, in each window'],
  [
    'sum by (level, detected_level) (count_over_time({app="a"} | drop __error__ [1m]))',
    'count by level, detected_level, in each window',
  ],
  ['bytes_over_time({app="a"}[1m])', 'bytes by all labels'],
  [
    'quantile_over_time(0.99, {app="a"} | unwrap duration(took) [1m]) by (app)',
    'quantile 0.99 of duration(took) by app, in each window',
  ],
  ['sum(count_over_time({app="a"} | status >= 500 [1m]))', 'count, in each window'],
  [
    'sum by (app) (count_over_time({app="a"} | json | status >= 500 or method="PUT" [1m]))',
    'count by app, in each window, if all records have app, method, status',
  ],
  [
    'quantile_over_time(0.99, {app="a"} | json | unwrap took [1m]) by (app)',
    'quantile 0.99 of took by app, in each window, if all records have app, took',
  ],
  [
    'max_over_time({app="a"} | json | unwrap took | __error__="" [1m]) by (app)',
    'max of took by app, in each window, of lines that are JSON, if all records have app, took',
  ],
  ['sum(rate({app="a"} | json | __error__="" [1m]))', 'count, in each window, of lines that are JSON'],
  ['sum(rate({app="a"} | json | drop __error__, __error_details__ [1m]))', 'count, in each window'],
  ['max_over_time({app="a"} | unwrap v | __error__="" [1m])', 'max of v by all labels without v'],
])('%s is calculated by the store', (query, work) => {
  expect(explained(query)[2]).toBe(`  store calculates: ${work}`)
})

test.each([
  'count_over_time({app="a"} | json [1m])',
  'sum by (status) (count_over_time({app="a"} | json s="a" [1m]))',
  'sum by (status) (count_over_time({app="a"} | drop status | json [1m]))',
  'sum by (status_extracted) (count_over_time({app="a"} | json [1m]))',
  'rate_counter({app="a"} | unwrap v [1m])',
  'sum(rate({app="a"} | logfmt | __error__="" [1m]))',
  'sum(rate({app="a"} | json | __error__!="" [1m]))',
  'sum(rate({app="a"} | json | v > 1 or k="x" | __error__="" [1m]))',
  'count_over_time({app="a"} | k="x" or k=~".*y" [1m])',
  'count_over_time({app="a"} | k=~".*x" [1m])',
  'sum_over_time({app="a"} | unwrap v | v > 1 [1m])',
  'sum by (__error__) (count_over_time({app="a"} | v > 1 [1m]))',
])('%s is left to the pipeline', (query) => {
  expect(explained(query).at(-1)).toContain('  windows: ')
})
