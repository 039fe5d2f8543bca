// Go's string literals: every escape, what is refused, and that quoting is the reverse of reading.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote, unquote } from '#logctl/record/go-string.js'

test.each([
  ['""', ''],
  ['"a"', 'a'],
  ['`a\\n"`', 'a\\n"'],
  ['`two\nlines`', 'two\nlines'],
  ['"\\a\\b\\f\\n\\r\\t\\v\\\\\\"\\\'"', '\x07\b\f\n\r\t\v\\"\''],
  ['"\\x41\\101"', 'AA'],
  ['"\\xc3\\xa9\\303\\251é\\u00e9"', 'éééé'],
  ['"\\xff-\\377"', '�-�'],
  ['"\\xc3é"', '�é'],
  ['"\\U0001F600"', '😀'],
  ['"\\\\n"', '\\n'],
])('%s', (literal, text) => {
  expect(unquote(literal)).toBe(text)
})

test.each(['"\\d"', '"\\x4"', '"\\18"', '"\\400"', '"\\u00e"', '"\\ud83d"', '"\\U00110000"', '"\\"'])(
  '%s is refused',
  (literal) => {
    expect(unquote(literal)).toBeUndefined()
  },
)

test('what is quoted reads as what it was, on one line', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme-ascii' })), (text) => {
      const literal = quote(text)
      // oxlint-disable-next-line no-control-regex -- these are what must not stand in a literal
      expect(literal).toMatch(/^"[^\x00-\x1f\x7f]*"$/)
      expect(unquote(literal)).toBe(text)
    }),
  )
})
