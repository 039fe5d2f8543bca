// What a hostile query can cost: neither depth nor length takes the stack or more than a moment.
import { describe, expect, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { formatQuery } from '#logctl/query/format-query.js'
import { parse } from '#logctl/query/parse.js'
import { print } from '#logctl/query/print.js'
import { withoutPlaces } from './query-trees.js'

/** Some six times what the slowest of these takes on a quiet machine; quadratic work would take seconds. */
const LIMIT_MS = 300

describe('a query that nests too deeply is refused', () => {
  test.each([
    ['brackets', '', '(', '1', ')'],
    ['aggregations', '', 'sum(', 'vector(1)', ')'],
    ['replacements', '', 'label_replace(', 'vector(1)', ',"a","b","c","d")'],
    ['sums', '', '1 + ', '1', ''],
    ['powers', '', '2 ^ ', '1', ''],
    ['bracketed sums', '', '(1 + ', '1', ')'],
    ['bracketed label filters', '{} | ', '(', 'a=1', ')'],
    ['ands', '{} | ', 'a=1 and ', 'a=1', ''],
    ['bracketed ands', '{} | ', '(a=1 or ', 'a=1', ')'],
    ['commas', '{} | ', 'a=1, ', 'a=1', ''],
    ['neighbours', '{} | ', 'a=1 ', 'a=1', ''],
    ['ranges', 'rate', '(', '{}[5m]', ')'],
    ['selectors', '', '(', '{}', ')'],
  ])('%s', (...[, before, open, inside, close]) => {
    const nested = (times: number) => before + open.repeat(times) + inside + close.repeat(times)
    expect(() => parse(nested(Math.floor(131_000 / (open.length + close.length))))).toThrow(
      'a query may have at most 500 operators and brackets',
    )
    const query = parse(nested(240))
    expect(withoutPlaces(parse(print(query)))).toEqual(withoutPlaces(query))
    // Its indentation may make it too long to be read again.
    expect(withoutBlanks(formatQuery(query, 20))).toBe(withoutBlanks(print(query)))
  })
})

describe('128 KiB are read or refused at once', () => {
  test.each([
    ['sum(rate({app="web", level=~"err.*"} |= "a" | json | status >= 500 [5m])) + ', 'vector(1)'],
    ['{app="web"}', ' |= "a text" or "another"'],
    ['{app="web"}', ' | json a="b.c", d | line_format "{{.a}}"'],
    ['{app="web"} | drop a', ', b'],
    ['{a="b"', ', a="b"'],
    ['', '1'],
    ['', '1h'],
    ['1', ' + 1'],
    ['{} | a > ', '.1h'],
    ['0.', '1'],
    ['{} | a = "', '\\t'],
    ['', '['],
    ['', '"\\"'],
    ['', '-'],
    ['', '# \n'],
    ['', '('],
    ['{app="web"} | a="b"', ' | a="b"'],
  ])('%s and %s', (begin, again) => {
    const text = begin + again.repeat(Math.floor((131_072 - begin.length) / again.length))
    // The fastest of some runs, since other processes may hold up any one.
    let fastestMs = Infinity
    for (let run = 0; run < 5 && fastestMs > LIMIT_MS; run++) fastestMs = Math.min(fastestMs, readingMs(text))
    expect(fastestMs).toBeLessThanOrEqual(LIMIT_MS)
  })
})

test('a query longer than the limit is refused', () => {
  expect(() => parse(`{}${' '.repeat(131_071)}`)).toThrow(/131073 characters/)
})

function withoutBlanks(text: string): string {
  return text.replace(/\s/g, '')
}

function readingMs(text: string): number {
  const started = performance.now()
  try {
    parse(text)
  } catch (thrown) {
    if (!(thrown instanceof LogctlError)) throw thrown
  }
  return performance.now() - started
}
