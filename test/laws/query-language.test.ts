// Laws of the language: printing is the reverse of reading, and any text is read or refused.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import type { Query } from '#logctl/query/ast.js'
import { formatQuery } from '#logctl/query/format-query.js'
import { parse } from '#logctl/query/parse.js'
import { print } from '#logctl/query/print.js'
import { anyQuery, withoutPlaces } from '../query/query-trees.js'

test('what is printed reads as what it was printed from', () => {
  fc.assert(
    fc.property(anyQuery, (tree) => {
      expect(withoutPlaces(parse(print(tree)))).toEqual(withoutPlaces(tree))
    }),
    { numRuns: 2000 },
  )
})

test('what is laid out reads as what it was, in lines of that width or of one stage', () => {
  fc.assert(
    fc.property(anyQuery, fc.integer({ min: 0, max: 120 }), (tree, width) => {
      const text = formatQuery(tree, width)
      expect(withoutPlaces(parse(text))).toEqual(withoutPlaces(tree))
      expect(formatQuery(parse(text), width)).toBe(text)
    }),
    { numRuns: 500 },
  )
})

const WORDS =
  '{ } ( ) [ ] , | = != =~ !~ |= |~ |> !> == > >= < <= + - * / % ^ "a" `b` " ` \\ # \n [5m] 5 1.5 5m 1h30m 5KB 0x1p3 1e999 ' +
  '{app="web"} | json logfmt --strict pattern regexp unpack line_format label_format decolorize drop keep unwrap bytes ' +
  'ip( or and unless rate( sum( topk( quantile_over_time( vector( label_replace( by without on ignoring group_left bool offset app é'
const pieces = fc.array(fc.constantFrom(...WORDS.split(' '), ' '), { maxLength: 40 })

test('any text is read or refused as a query', () => {
  const broken = fc
    .tuple(anyQuery.map(print), fc.nat(), fc.nat({ max: 4 }), fc.constantFrom('', ...WORDS.split(' ')))
    .map(([text, at, length, piece]) => {
      const from = at % (text.length + 1)
      return text.slice(0, from) + piece + text.slice(from + length)
    })
  const anyText = fc.oneof(
    fc.string(),
    pieces.map((all) => all.join('')),
    pieces.map((all) => all.join(' ')),
    broken,
  )
  fc.assert(
    fc.property(anyText, (text) => {
      const query = read(text)
      if (query) expect(withoutPlaces(parse(print(query)))).toEqual(withoutPlaces(query))
    }),
    { numRuns: 10_000 },
  )
})

/** Undefined where it was refused as a query is. */
function read(text: string): Query | undefined {
  try {
    return parse(text)
  } catch (thrown) {
    if (!(thrown instanceof LogctlError)) throw thrown
    if (thrown.code !== 'PATTERN_INVALID')
      expect(thrown).toMatchObject({
        code: 'QUERY_INVALID',
        message: expect.stringMatching(/^parse error at line \d+, col \d+: /),
      })
    return undefined
  }
}
