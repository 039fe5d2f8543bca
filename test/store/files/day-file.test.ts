// Which names are those of a day's file, and which of several forms of a day count.
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listFolder, readName } from '#logctl/store/files/day-file.js'
import { baseOf, daysIn } from '#logctl/store/files/day-files.js'
import type { Day } from '#logctl/record/time.js'
import { tempFolder } from '../../temp-folder.js'

test.each([
  ['2025-01-11.log', { errors: false, rotation: 0, packed: false }],
  ['2025-01-11', { errors: false, rotation: 0, packed: false }],
  ['2025-01-11.gz', { errors: false, rotation: 0, packed: true }],
  ['2025-01-11.log.zst', { errors: false, rotation: 0, packed: true }],
  ['2025-01-11.log.1', { errors: false, rotation: 1, packed: false }],
  ['2025-01-11.log.12.gz', { errors: false, rotation: 12, packed: true }],
  ['errors-2025-01-11.log', { errors: true, rotation: 0, packed: false }],
])('%s is a day', (name, said) => {
  expect(readName(name)).toEqual({ name, day: '2025-01-11', ...said })
})

test.each([
  '2025-13-45.log',
  '2025-02-29.log',
  '1969-12-31.log',
  '9999-01-01.log',
  '2025-01-11.log.bak',
  '2025-01-11.logs',
  '2025-01-11.json',
  'x2025-01-11.log',
  'access-2025-01-11.log',
  ' 2025-01-11.log',
  '2025-01-11.log\n',
  '2025-01-11.log.gz.part',
  '2025-01-11.log.99999',
  '.2025-01-11.log',
  '',
])('%j is none', (name) => expect(readName(name)).toBeUndefined())

test('the oldest file of a day comes first, and its place stays when it is compressed', () => {
  const folder = tempFolder({
    '2025-01-11.log': 'c\n',
    '2025-01-11.log.1': 'b\n',
    '2025-01-11.log.2.gz': 'a\n',
  })
  const [day] = daysIn(listFolder(folder))
  expect(day?.files.map(({ name }) => name)).toEqual([
    '2025-01-11.log.2.gz',
    '2025-01-11.log.1',
    '2025-01-11.log',
  ])
  expect(day?.files.map(({ base }) => base)).toEqual([0, 1, 2].map((at) => baseOf('2025-01-11' as Day, at)))
})

test('of two forms the plain one counts, unless it is empty', () => {
  const folder = tempFolder({
    '2025-01-11.log': 'a\n',
    '2025-01-11.log.gz': 'b',
    '2025-01-12.log': '',
    '2025-01-12.log.gz': 'b',
  })
  const [first, second] = daysIn(listFolder(folder))
  expect(first?.files.map(({ name }) => name)).toEqual(['2025-01-11.log'])
  expect(first?.warnings).toEqual(['2025-01-11.log.gz is passed over, because 2025-01-11.log lies beside it'])
  expect(second?.files.map(({ name }) => name)).toEqual(['2025-01-12.log.gz'])
  expect(second?.warnings).toEqual([])
})

test('folders are no days, links are told of, errors are a series of their own', () => {
  const folder = tempFolder({ '2025-01-10.log': 'a\n', 'errors-2025-01-13.log': 'e\n' })
  mkdirSync(join(folder, '2025-01-11.log'))
  symlinkSync('2025-01-10.log', join(folder, '2025-01-12.log'))
  expect(daysIn(listFolder(folder))).toMatchObject([
    { day: '2025-01-10', warnings: [] },
    { day: '2025-01-12', files: [], warnings: ['2025-01-12.log is no regular file and is passed over'] },
  ])
})

test('the place of a line is a safe number to the end of time', () => {
  expect(Number.isSafeInteger(baseOf('2261-12-31' as Day, 63) + 2 ** 30 - 1)).toBe(true)
  expect(() => baseOf('2025-01-11' as Day, 64)).toThrow('more than 64 files')
})

test('a folder that is not there is told of', () => {
  expect(() => listFolder('/no/such/folder')).toThrow(expect.objectContaining({ code: 'DATA_UNREADABLE' }))
})
