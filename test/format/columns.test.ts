// Rows in aligned columns.
import { expect, test } from 'vitest'
import { columns } from '#logctl/format/columns.js'

test('columns are aligned, without borders and without blanks at the end', () => {
  const rows = [
    ['1', 'web', 'x'],
    ['20,000', 'a longer name', ''],
  ]
  expect(columns(rows, { right: [0], indent: 2 })).toBe(
    ['       1  web            x', '  20,000  a longer name', ''].join('\n'),
  )
})

test('no rows give no text', () => expect(columns([])).toBe(''))

test('wide characters count as the columns they take', () => {
  expect(
    columns([
      ['日本', 'x'],
      ['ab', 'y'],
    ]),
  ).toBe('日本  x\nab    y\n')
})

test('a row with an empty first cell keeps its indent', () => {
  expect(
    columns(
      [
        ['', 'x'],
        ['ab', 'y'],
      ],
      { indent: 2 },
    ),
  ).toBe('      x\n  ab  y\n')
})
