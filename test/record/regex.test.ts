// Regular expressions: RE2 decides what is valid and what matches, whichever engine runs a pattern.
import * as fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { compileRegex, literalOf } from '#logctl/record/regex.js'
import { arbitraryPattern as pattern, isValid as valid } from './arbitrary-pattern.js'

const text = fc
  .array(fc.constantFrom(...'a|b|k|s|K|S|\u212a|ſ|é|É|😀| |\n|\v|\u2028|\u00a0|1|_|-|error|.'.split('|')), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''))
const options = fc.record({ ignoreCase: fc.boolean(), whole: fc.boolean() })

test('every pattern matches what RE2 says it matches', () => {
  fc.assert(
    fc.property(
      pattern,
      options,
      fc.array(text, { minLength: 1, maxLength: 10 }),
      (pattern, options, texts) => {
        const cased = options.ignoreCase ? `(?i)${pattern}` : pattern
        const judge = valid(pattern) ? RE2JS.compile(options.whole ? `^(?s:${cased})$` : cased) : undefined
        fc.pre(judge !== undefined)
        const regex = compileRegex(pattern, options)
        for (const text of texts) expect([text, regex.test(text)]).toEqual([text, judge?.test(text)])
      },
    ),
    { numRuns: 1000 },
  )
})

test('every match contains the literal', () => {
  fc.assert(
    fc.property(pattern, options, text, (pattern, options, text) => {
      const literal = literalOf(pattern, options)
      fc.pre(literal !== undefined && valid(pattern))
      if (compileRegex(pattern, options).test(text)) expect(text).toContain(literal)
    }),
    { numRuns: 1000 },
  )
})

test.each([
  ['boom', 'boom'],
  ['item/\\d+/history', '/history'],
  ['(?:GET|POST) /a', ' /a'],
  ['(ab)+c*', 'ab'],
  ['^10\\.0\\.1$', '10.0.1'],
  ['a?bc', 'bc'],
  ['a{2}', 'a'],
  ['a|b', undefined],
  ['(?i)boom', undefined],
  ['.*', undefined],
  ['', undefined],
])('%s cannot match without %s', (pattern, literal) => {
  expect(literalOf(pattern)).toBe(literal)
})

test.each([
  ['(', /missing closing \)/, /\\ before/],
  ['a)(b', /unexpected \)/, /\\ before/],
  ['(?=a)', /Perl syntax/, /look-ahead/],
  ['(a)\\1', /escape sequence/, /back-references/],
  ['a{1001}', /repeat count/, /\\ before/],
  ['(?:\\pL*){1000}', /program of \d+ steps/, /smaller counts/],
])('%s is refused with a reason', (pattern, reason, hint) => {
  let thrown: unknown
  try {
    compileRegex(pattern, { whole: true })
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ code: 'PATTERN_INVALID', message: expect.stringMatching(reason) })
  expect((thrown as { hints: string[] }).hints[0]).toMatch(hint)
})

// Each of these takes a backtracking engine longer than the age of the universe, or the square of the length.
test.each([
  '(a+)+$',
  '(a|aa)+$',
  '(a*)*b',
  '.*a.*a.*a.*a.*b',
  '(?:a?){500}[bc]',
  '([a-z]+)*[^a-z!]',
  'a*a*a*a*a*c',
])('%s ends soon on a long text', (pattern) => {
  const started = performance.now()
  compileRegex(pattern).test(`${'a'.repeat(100_000)}!`)
  expect(performance.now() - started).toBeLessThan(5000)
})

test('a pattern longer than the limit is refused', () => {
  expect(() => compileRegex('a'.repeat(4097))).toThrow(/4097 characters/)
  expect(compileRegex('a'.repeat(4096)).test('a')).toBe(false)
})

test('a whole match takes newlines for a dot, a search does not', () => {
  expect(compileRegex('a.b', { whole: true }).test('a\nb')).toBe(true)
  expect(compileRegex('a.b').test('a\nb')).toBe(false)
})

test('more patterns than are kept still answer alike', () => {
  for (let round = 0; round < 2; round++)
    for (let n = 0; n < 200; n++) expect(compileRegex(`n${n}(x|y)*$`).test(`n${n}xy`)).toBe(true)
})
