// The language: pairs of files say how whole queries are read, printed, laid out and refused.
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { formatQuery } from '#logctl/query/format-query.js'
import { parse, parseLog, parseMetric } from '#logctl/query/parse.js'
import { print } from '#logctl/query/print.js'
import { withoutPlaces } from './query-trees.js'

const CASES = new URL('../cases/query/language/', import.meta.url)
const names = readdirSync(CASES).flatMap((file) => /^(.*)\.in$/.exec(file)?.[1] ?? [])

test.each(names)('%s', (name) => {
  const text = readFileSync(new URL(`${name}.in`, CASES), 'utf8')
  expect(answer(text)).toEqual(JSON.parse(readFileSync(new URL(`${name}.out.json`, CASES), 'utf8')))
})

describe('means the same', () => {
  test.each([
    ['{a="b"} | a="1" or b="2", c="3"', '{a="b"} | a="1" or (b="2" and c="3")'],
    ['{a="b"} | a="1", b="2" or c="3"', '{a="b"} | a="1" and (b="2" or c="3")'],
    ['{a="b"} | a="1" b="2" or c="3"', '{a="b"} | a="1" and (b="2" or c="3")'],
    ['{a="b"} | a="1" or b="2" and c="3" or d="4"', '{a="b"} | (a="1" or (b="2" and c="3")) or d="4"'],
    ['{a="b"} | a="1" and b="2" and c="3"', '{a="b"} | (a="1" and b="2") and c="3"'],
    ['1 + 2 * 3', '1 + (2 * 3)'],
    ['1 * 2 + 3', '(1 * 2) + 3'],
    ['1 - 2 - 3', '(1 - 2) - 3'],
    ['2 ^ 3 ^ 2', '2 ^ (3 ^ 2)'],
    ['2 * 3 ^ 2', '2 * (3 ^ 2)'],
    ['-2 ^ 2', '(-2) ^ 2'],
    ['1 + 2 > 3 + 4', '(1 + 2) > (3 + 4)'],
    ['1 > 2 < 3', '(1 > 2) < 3'],
    ['vector(1) or vector(2) and vector(3)', 'vector(1) or (vector(2) and vector(3))'],
    ['vector(1) unless vector(2) and vector(3)', '(vector(1) unless vector(2)) and vector(3)'],
    ['vector(1) and vector(2) == vector(3)', 'vector(1) and (vector(2) == vector(3))'],
    ['rate({a="b"}[5m] offset 1m | json)', 'rate({a="b"} | json [5m] offset 1m)'],
    ['rate(({a="b"})[5m] | unwrap c)', 'rate({a="b"} | unwrap c [5m])'],
    ['sum(vector(1)) by (a)', 'sum by (a) (vector(1))'],
    ['vector(1) * on (a) group_left vector(2)', 'vector(1) * on (a) group_left () vector(2)'],
    ['{a="b"} | json c', '{a="b"} | json c="c"'],
    ['{a="b"} | c=5', '{a="b"} | c==5'],
  ])('%s as %s', (one, other) => {
    expect(withoutPlaces(parse(one))).toEqual(withoutPlaces(parse(other)))
  })
})

test('operators stand at their sign, all else where it begins', () => {
  const tree = parse('1 +\n  sum(rate({app="web"}\n | json | a > 5 [5m]))')
  expect(tree).toMatchObject({
    at: { line: 1, column: 3 },
    left: { at: { line: 1, column: 1 } },
    right: {
      at: { line: 2, column: 3 },
      of: {
        at: { line: 2, column: 7 },
        log: {
          at: { line: 2, column: 12 },
          stages: [
            { at: { line: 3, column: 2 } },
            { at: { line: 3, column: 9 }, filter: { at: { line: 3, column: 11 } } },
          ],
        },
      },
    },
  })
})

test('lines and numbers can be asked for', () => {
  expect(parseLog('{a="b"} | json').kind).toBe('log')
  expect(parseMetric('1').kind).toBe('number')
  expect(() => parseLog('\n rate({a="b"} [1m])')).toThrow(/at line 2, col 2: numbers where lines are needed$/)
  expect(() => parseMetric(' {a="b"}')).toThrow(/at line 1, col 2: lines where numbers are needed$/)
})

test('a width may be given', () => {
  expect(formatQuery(parse('count_over_time({app="web"} | json [5m])'), 20)).toBe(
    'count_over_time(\n  {app="web"}\n    | json [5m]\n)',
  )
})

function answer(text: string): { print?: string; format?: readonly string[]; error?: unknown } {
  try {
    const query = parse(text)
    const printed = print(query)
    const format = formatQuery(query)
    return format === printed ? { print: printed } : { print: printed, format: format.split('\n') }
  } catch (thrown) {
    if (!(thrown instanceof LogctlError)) throw thrown
    return { ...thrown.toJSON() }
  }
}
