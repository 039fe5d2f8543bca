// Selectors: pairs of files say how texts are read and refused; laws say that print is the reverse of parse.
import * as fc from 'fast-check'
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { MATCHER_OPS } from '#logctl/query/ast.js'
import type { LogQuery } from '#logctl/query/ast.js'
import { parse } from '#logctl/query/parse.js'
import { print } from '#logctl/query/print.js'
import { conditionsOf } from '#logctl/query/selection.js'

const CASES = new URL('../cases/query/selector/', import.meta.url)
const names = readdirSync(CASES).flatMap((file) => /^(.*)\.in$/.exec(file)?.[1] ?? [])

test.each(names)('%s', (name) => {
  const text = readFileSync(new URL(`${name}.in`, CASES), 'utf8')
  expect(answer(text)).toEqual(JSON.parse(readFileSync(new URL(`${name}.out.json`, CASES), 'utf8')))
})

test('positions are where nodes begin, in lines and columns from 1', () => {
  const { at, matchers, stages } = parse('# first\n  {app="web",\n level="x"}\n|= "a"')
  expect([at, ...matchers.map(({ at }) => at), ...stages.map(({ at }) => at)]).toEqual([
    { line: 2, column: 3 },
    { line: 2, column: 4 },
    { line: 3, column: 2 },
    { line: 4, column: 1 },
  ])
})

const at = { line: 1, column: 1 }
const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme-ascii' }),
  fc.constantFrom('`', '"', '\\', '#', '\ud83d'),
)
const selector: fc.Arbitrary<LogQuery> = fc.record({
  kind: fc.constant('log'),
  matchers: fc.array(
    fc.record({
      kind: fc.constant('matcher'),
      name: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/),
      op: fc.constantFrom(...MATCHER_OPS),
      value,
      at: fc.constant(at),
    }),
  ),
  stages: fc.array(
    fc.record({
      kind: fc.constant('line-filter'),
      op: fc.constantFrom('|=', '!=', '|~', '!~'),
      values: fc.array(fc.record({ text: value, ip: fc.constant(false) }), { minLength: 1, maxLength: 3 }),
      at: fc.constant(at),
    }),
  ),
  at: fc.constant(at),
})

test('what is printed reads as what it was printed from', () => {
  fc.assert(
    fc.property(selector, (tree) => {
      expect(withoutPlaces(parse(print(tree)))).toEqual(withoutPlaces(tree))
    }),
    { numRuns: 1000 },
  )
})

test('any text is read or refused as a query', () => {
  const piece = fc.constantFrom(...'{ } , = != =~ !~ |= |~ | "a" `b` " \\ # \n app or 5 \' é'.split(' '), ' ')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((pieces) => pieces.join('')),
      ),
      (text) => {
        const { error, print: printed } = answer(text)
        if (error)
          expect(error).toMatchObject({
            code: 'QUERY_INVALID',
            message: expect.stringMatching(/^parse error at line \d+, col \d+: /),
          })
        else expect(answer(printed ?? '').print).toBe(printed)
      },
    ),
    { numRuns: 1000 },
  )
})

test('a query longer than the limit is refused, one as long is read at once', () => {
  expect(() => parse(`{}${' '.repeat(131_071)}`)).toThrow(/131073 characters/)
  const long = `{app="${'\\t'.repeat(60_000)}"}`
  const started = performance.now()
  expect(parse(long).matchers[0]?.value).toHaveLength(60_000)
  expect(() => parse('"\\"'.repeat(40_000))).toThrow(/parse error/)
  expect(() => parse('{\n'.repeat(60_000))).toThrow(/parse error/)
  expect(performance.now() - started).toBeLessThan(1000)
})

function answer(text: string): { print?: string; conditions?: unknown; error?: unknown } {
  try {
    const tree = parse(text)
    return { print: print(tree), conditions: conditionsOf(tree) }
  } catch (thrown) {
    if (!(thrown instanceof LogctlError)) throw thrown
    return { ...thrown.toJSON() }
  }
}

function withoutPlaces(tree: LogQuery): unknown {
  return JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === 'at' ? undefined : value)))
}
