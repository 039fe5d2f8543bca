// CSV that is read back gives the same cells.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine } from '#logctl/format/csv.js'

test('cells stand in quotes where they must', () => {
  expect(csvLine(['a', 'b c', '', undefined, 'x,y', 'say "hi"', 'two\nlines'])).toBe(
    'a,b c,"",,"x,y","say ""hi""","two\nlines"\n',
  )
})

test('any cells can be told apart again', () => {
  const cell = fc.option(fc.string({ unit: fc.constantFrom(...',"\r\n a') }), { nil: undefined })
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
      expect(read(csvLine(cells).slice(0, -1))).toEqual(cells)
    }),
  )
})

/** A reader of one record, after RFC 4180. */
function read(text: string): (string | undefined)[] {
  const cells = text.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^",]*)(?=,|$)/g) ?? []
  return cells.map((cell) =>
    cell === '' ? undefined : cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
  )
}
