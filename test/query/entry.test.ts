// An entry shows the labels of its record in their classes, and what stages change, without touching the record.
import { expect, test } from 'vitest'
import { anEntry } from './stages/an-entry.js'

const record = {
  labels: { app: 'shop', both: 'stream' },
  fields: { trace: 'a', n: 1.5, ok: true, both: 'field' },
}

test('labels come from the stream first, then the level, then the metadata', () => {
  const entry = anEntry(record)
  expect(entry.labels()).toEqual({
    app: 'shop',
    both: 'stream',
    detected_level: 'info',
    n: '1.5',
    ok: 'true',
    trace: 'a',
  })
  expect(Object.keys(entry.labels())).toEqual(['app', 'both', 'detected_level', 'n', 'ok', 'trace'])
  expect(entry.labels('stream')).toEqual(record.labels)
  expect(['app', 'detected_level', 'trace', 'none'].map((name) => entry.classOf(name))).toEqual([
    'stream',
    'metadata',
    'metadata',
    undefined,
  ])
  expect([...entry.names()].sort()).toEqual(['app', 'both', 'detected_level', 'n', 'ok', 'trace'])
})

test("a sender's own detected_level wins as a label, not as metadata", () => {
  expect(anEntry({ labels: { detected_level: 'own' } }).get('detected_level')).toBe('own')
  expect(anEntry({ fields: { detected_level: 'own' } }).get('detected_level')).toBe('info')
})

test('names that objects of JavaScript have are names like any other', () => {
  const entry = anEntry(record)
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(entry.has(name)).toBe(false)
    expect(entry.get(name)).toBe('')
    entry.set(name, 'x')
    expect(entry.labels('parsed')[name]).toBe('x')
  }
})

test('what is set and deleted is seen by every question', () => {
  const entry = anEntry(record)
  entry.set('app', 'till')
  entry.set('m', '1', 'metadata')
  entry.delete('trace')
  entry.delete('none')
  expect([entry.get('app'), entry.classOf('app'), entry.classOf('m')]).toEqual(['till', 'parsed', 'metadata'])
  expect([entry.has('trace'), entry.get('trace'), entry.classOf('trace')]).toEqual([false, '', undefined])
  expect(entry.labels()).toEqual({
    app: 'till',
    both: 'stream',
    detected_level: 'info',
    m: '1',
    n: '1.5',
    ok: 'true',
  })
  expect(record.labels.app).toBe('shop')
})

test('what parsers find counts once, what stages write may be found again', () => {
  const entry = anEntry(record)
  entry.extract('a', '1')
  entry.extract('a', '2')
  expect(entry.get('a')).toBe('1')
  entry.set('a', '3')
  entry.extract('a', '4')
  expect(entry.get('a')).toBe('4')
})

test('what a sender gave is told from what a stage made', () => {
  const entry = anEntry(record)
  entry.delete('app')
  entry.delete('trace')
  entry.set('made', '1')
  expect(
    ['app', 'n', 'trace', 'made', 'detected_level', 'constructor'].map((name) => entry.isSent(name)),
  ).toEqual([true, true, false, false, true, false])
})

test('only the first error counts', () => {
  const entry = anEntry()
  entry.fail('JSONParserErr', 'one')
  entry.fail('LabelFilterErr', 'two')
  expect(entry.labels('parsed')).toEqual({ __error__: 'JSONParserErr', __error_details__: 'one' })
})
