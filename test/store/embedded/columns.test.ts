// Columns of a part: which names get one, of which type, and that mixed values come back as they were.
import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { LogRecord, Scalar } from '#logctl/record/record.js'
import { timestampOfMs } from '#logctl/record/time.js'
import { decodeMixed, planColumns } from '#logctl/store/embedded/columns.js'
import { DayIndex } from '#logctl/store/embedded/day-index.js'
import { Duck, sqlText } from '#logctl/store/embedded/duck.js'
import { mixedTextSql } from '#logctl/store/embedded/seal-sql.js'

function plan(...records: { labels?: LogRecord['labels']; fields?: LogRecord['fields'] }[]) {
  const index = new DayIndex()
  for (const [i, { labels = {}, fields = {} }] of records.entries())
    index.add({ timestamp: timestampOfMs(i), tenant: 'none', labels, level: 'info', line: '', fields }, i, 1)
  const { columns, needsMore } = planColumns(index)
  return { columns: columns.map(({ name, class: of, type }) => `${of} ${name} ${type}`), needsMore }
}

test('labels come first, by name; then fields, the frequent ones first', () => {
  const fields = [
    { often: 1, a: 1 },
    { often: 2, b: 'x' },
  ]
  expect(
    plan(
      { labels: { z: '1', a: '2' }, fields: fields[0] as LogRecord['fields'] },
      { fields: fields[1] as LogRecord['fields'] },
    ),
  ).toEqual({
    columns: ['label a text', 'label z text', 'field often integer', 'field b text'],
    needsMore: true,
  })
})

describe('types', () => {
  test.each<[Scalar[], string]>([
    [[1, -5, 2 ** 53 - 1], 'integer'],
    [[1.5], 'float'],
    [[1, 0.5], 'float'],
    [[2 ** 53], 'float'],
    [[true, false], 'boolean'],
    [['a', ''], 'text'],
    [['a', 1], 'mixed'],
    [[true, 1], 'mixed'],
    [['true', true], 'mixed'],
    [['1', 1.5, true], 'mixed'],
  ])('%j make %s', (values, type) => {
    expect(plan(...values.map((n) => ({ fields: { n } }))).columns).toEqual([`field n ${type}`])
  })
})

describe('names', () => {
  test.each([
    '_time',
    '_x',
    '',
    'date',
    'DATE',
    'a"b',
    "it's",
    'a\\b',
    'a\nb',
    '\u0085',
    '\ud83d',
    'x'.repeat(201),
  ])('%j has no column', (name) => {
    expect(plan({ fields: { [name]: 1 } })).toEqual({ columns: [], needsMore: true })
  })

  test.each(['a b', 'a.b', 'größe', '😀', 'constructor', 'select', 'line', '1', 'x'.repeat(200), '\u2028'])(
    '%j has one',
    (name) => {
      expect(plan({ fields: { [name]: 1 } })).toEqual({
        columns: [`field ${name} integer`],
        needsMore: false,
      })
    },
  )

  test('of names that differ in case only the first has one, labels before fields', () => {
    expect(plan({ labels: { App: 'x' }, fields: { app: 1, n: 1, N: 2 } }, { fields: { N: 1 } })).toEqual({
      columns: ['label App text', 'field N integer'],
      needsMore: true,
    })
  })

  test('beyond a thousand there are no more', () => {
    const fields = Object.fromEntries(Array.from({ length: 1_200 }, (_, i) => [`f${i}`, i]))
    const { columns, needsMore } = plan({ labels: { app: 'x' }, fields })
    expect([columns.length, needsMore]).toEqual([1_000, true])
  })
})

describe('mixed columns', () => {
  const duck = new Duck({ memoryBytes: 64 << 20, threads: 1, concurrency: 1 })
  afterAll(() => duck.close())

  test('a text comes back as the text that it was', async () => {
    const awkward = [
      '',
      'true',
      'false',
      'null',
      '1',
      '-1',
      '-',
      '1x',
      '-0.5e7',
      '"',
      '""',
      '"a',
      'a"',
      'true\n',
      '\ntrue',
      '1\n2',
      '١',
      'tab\t"',
      '{"a":1}',
      '\u2028',
      '😀',
    ]
    const texts = [...awkward, ...fc.sample(fc.string({ unit: 'grapheme' }), { seed: 1, numRuns: 300 })].map(
      (text) => text.replaceAll('\0', ''),
    )
    const values = texts.map((text, i) => `(${i}, ${sqlText(text)})`)
    const found = await duck.texts(
      `SELECT ${mixedTextSql('t')} FROM (VALUES ${values.join(', ')}) v(i, t) ORDER BY i`,
    )
    expect(found.map((text) => decodeMixed(text as string))).toEqual(texts)
  })

  test.each([1, -0.5, 1e300, 5e-324, true, false, 2 ** 53 - 1])('%j comes back as itself', (value) => {
    expect(decodeMixed(JSON.stringify(value))).toBe(value)
  })
})
