// Nothing that a log line holds may drive the terminal that it is shown on.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { printable, printableCell } from '#logctl/format/printable.js'

test.each([
  ['plain text stays, ünïcode and 🙂 too', 'plain text stays, ünïcode and 🙂 too'],
  ['\u001b[31mred\u001b[0m', '\\e[31mred\\e[0m'],
  ['over\rwritten', 'over\\rwritten'],
  ['bell\u0007 back\b', 'bell\\a back\\b'],
  ['\u009b31m', '\\x9b31m'],
  ['\u001b]0;title\u0007', '\\e]0;title\\a'],
  ['abc\u202edcba', 'abc\\u202edcba'],
  ['del\u007f', 'del\\x7f'],
  ['tab\tand\nnewline', 'tab\tand\nnewline'],
])('%j is shown as %j', (text, shown) => expect(printable(text)).toBe(shown))

test('a cell has no newline and no tab', () => expect(printableCell('a\tb\nc')).toBe('a\\tb\\nc'))

test('no control character is left, and nothing else is touched', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // oxlint-disable-next-line no-control-regex -- control characters are what this is about
      expect(printableCell(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      expect(printable(text)).toBe(text)
    }),
  )
})
