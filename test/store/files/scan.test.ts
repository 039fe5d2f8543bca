// Scans of plain files give what the JSON door makes of their lines, exactly in order, however the lines are mixed.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileConditions } from '#logctl/record/condition.js'
import { type StoredRecord, compareRecords } from '#logctl/record/record.js'
import type { Condition } from '#logctl/record/scan-request.js'
import type { Timestamp } from '#logctl/record/time.js'
import { openFiles } from '#logctl/store/files/index.js'
import { createSorter } from '#logctl/store/files/sorter.js'
import { MIB } from '../../decode/given.js'
import { collect, startFollowing } from '../../laws/reading.js'
import { tempFolder } from '../../temp-folder.js'
import { rulesOf } from './rules.js'

const rules = rulesOf()

const event = (time: string, message: string, more: object = {}): string =>
  `${JSON.stringify({ '@timestamp': time, message, ...more })}\n`

async function linesOf(folder: string, request = {}, warnings: string[] = []): Promise<string[]> {
  const found = await collect(openFiles(folder, rules), request, {
    warn: (message) => warnings.push(message),
  })
  return found.map(({ line }) => line)
}

const texts = ({ line, sequence }: StoredRecord): string => `${sequence} ${line}`

describe('order', () => {
  test('is that of time, then of the place in the files, across files and days', async () => {
    const folder = tempFolder({
      '2025-01-11.log.1': event('2025-01-11T05:00:00Z', 'a'),
      '2025-01-11.log': event('2025-01-11T04:00:00Z', 'late') + event('2025-01-11T05:00:00Z', 'b'),
      '2025-01-12.log':
        event('2025-01-11T04:30:00Z', 'named by a local day') + event('2025-01-12T00:00:00Z', 'c'),
      '2025-01-20.log': event('2024-06-01T00:00:00Z', 'far away'),
    })
    const forward = ['far away', 'late', 'named by a local day', 'a', 'b', 'c']
    expect(await linesOf(folder)).toEqual(forward)
    expect(await linesOf(folder, { direction: 'backward' })).toEqual(forward.toReversed())
    // Where only a few are wanted, a file is taken to hold what its name says.
    expect(await linesOf(folder, { limit: 2 })).toEqual(['late', 'named by a local day'])
    expect(await linesOf(folder, { direction: 'backward', limit: 2 })).toEqual(['c', 'b'])
    const between = { from: '2025-01-11T04:00:00.000000000Z', to: '2025-01-11T05:00:00.000000000Z' }
    expect(await linesOf(folder, between)).toEqual(['late', 'named by a local day'])
  })

  test('holds for any mixture, sorted in memory or on disk', async () => {
    const time = fc
      .integer({ min: 0, max: 30 })
      .map((s) => new Date(Date.UTC(2025, 0, 11) + s * 1000).toISOString())
    await fc.assert(
      fc.asyncProperty(
        fc.array(time, { maxLength: 60 }),
        fc.constantFrom('forward' as const, 'backward' as const),
        fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
        fc.integer({ min: 1, max: 3000 }),
        async (times, direction, limit, memoryChars) => {
          const records = times.map((at, i) => ({
            timestamp: at,
            line: `${i}`,
            fields: {},
            sequence: i >> 1,
          }))
          const sorter = createSorter({ direction, limit, memoryChars })
          await sorter.add(records as unknown as StoredRecord[])
          const border = '2025-01-11T00:00:15.000Z' as Timestamp
          const taken: StoredRecord[] = []
          for await (const piece of sorter.take(border)) taken.push(...piece)
          const isWithin = ({ timestamp }: StoredRecord) => timestamp < border === (direction === 'forward')
          expect(taken.every(isWithin)).toBe(true)
          for await (const piece of sorter.take()) taken.push(...piece)
          await sorter.close()
          const sorted = (records as unknown as StoredRecord[]).toSorted(compareRecords)
          const wanted = direction === 'forward' ? sorted : sorted.toReversed()
          const most = limit ?? Infinity
          expect(taken.slice(0, most).map(({ line }) => line)).toEqual(
            wanted.slice(0, most).map(({ line }) => line),
          )
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('lines', () => {
  test('are read as the door would read them, refused ones are counted, nothing hangs', async () => {
    const folder = tempFolder({
      '2025-01-11.log': [
        '\ufeff{"message":"with a mark"}',
        'plain ERROR text',
        '[INFO] also text',
        '',
        '   ',
        '{"broken',
        '{"message":"two"} {"message":"on a line"}',
        '[{"message":"in"},{"message":"an array"}]',
        '42',
        JSON.stringify({ message: 'x'.repeat(2 * MIB) }),
        'y'.repeat(2 * MIB),
        '{"message":"windows"}\r',
        '{"message":"no end"}',
      ].join('\n'),
    })
    const warnings: string[] = []
    const found = await linesOf(folder, {}, warnings)
    expect(found.map((line) => (line.length > 100 ? `${line[0]}${line.length}` : line))).toEqual([
      'with a mark',
      'plain ERROR text',
      '[INFO] also text',
      'two',
      'on a line',
      'in',
      'an array',
      '42',
      `x${MIB}`,
      `y${MIB}`,
      'windows',
      'no end',
    ])
    expect(warnings).toEqual(['2025-01-11.log: 1 line could not be read (line 6: it is not valid JSON)'])
    const stats = await openFiles(folder, rules).stats({ day: '2025-01-11' as never })
    expect(stats).toMatchObject({ total: 12, by: { hour: { '00': 12 } } })
  })

  test('that have no end and are longer than any request are left out', async () => {
    const folder = tempFolder({
      '2025-01-11.log': `before\n${'x'.repeat(700_000)}\nafter\n${'y'.repeat(400_000)}`,
    })
    const reader = openFiles(folder, { ...rules, lineBytes: 300_000 })
    const warnings: string[] = []
    const found = await collect(reader, {}, { warn: (message) => warnings.push(message) })
    expect(found.map(({ line, sequence }) => [line, sequence % 2 ** 30])).toEqual([
      ['before', 1],
      ['after', 3],
    ])
    expect(warnings).toEqual([
      '2025-01-11.log: 2 lines could not be read (line 2: it is longer than 300000 bytes)',
    ])
  })

  test('of a half-written end are no records yet, and nothing is wrong', async () => {
    const folder = tempFolder({ '2025-01-11.log': '{"message":"whole"}\n{"mess' })
    const warnings: string[] = []
    expect(await linesOf(folder, {}, warnings)).toEqual(['whole'])
    expect(warnings).toEqual([])
  })
})

describe('a search by bytes finds what a search by records finds', () => {
  const word = fc.constantFrom(
    'café',
    'a/b',
    'GET /x',
    '200',
    '1e3',
    'x,y',
    'web',
    'none',
    'access',
    '😀',
    'a"b',
  )
  const spelled = fc.tuple(word, fc.constantFrom('plain', 'unicode', 'slash')).map(([text, how]) => {
    const json = JSON.stringify(text)
    if (how === 'slash') return json.replaceAll('/', '\\/')
    return how === 'unicode'
      ? json.replaceAll(/[a-zé]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
      : json
  })
  const value = fc.oneof(
    spelled,
    fc.constantFrom('200', '2e2', '1000.0', 'true', '[1, "x,y"]', '{"a": "web"}'),
  )
  const line = fc
    .dictionary(fc.constantFrom('message', 'source', 'path', 'status', 'tenant', 'level'), value, {
      maxKeys: 4,
    })
    .map(
      (event) =>
        `{${Object.entries(event)
          .map(([key, json]) => `"${key}": ${json}`)
          .join(' , ')}}`,
    )
  const condition: fc.Arbitrary<Condition> = fc.oneof(
    fc.record({
      kind: fc.constant('text' as const),
      pattern: word,
      literal: fc.boolean(),
      ignoreCase: fc.constant(false),
      invert: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('line' as const),
      op: fc.constantFrom('|=' as const, '|~' as const),
      values: fc.tuple(word),
    }),
    fc.record({
      kind: fc.constant('label' as const),
      name: fc.constantFrom('source', 'tenant', 'service_name', 'level'),
      op: fc.constant('=' as const),
      value: word,
    }),
  )

  test('at random', async () => {
    const folder = tempFolder()
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(line, word), { maxLength: 12 }),
        fc.array(condition, { maxLength: 2 }),
        async (lines, where) => {
          writeFileSync(join(folder, '2025-01-11.log'), lines.map((text) => `${text}\n`).join(''))
          const reader = openFiles(folder, rules)
          const judge = compileConditions(where)
          const all = (await collect(reader)).filter(judge)
          expect((await collect(reader, { where })).map(texts)).toEqual(all.map(texts))
        },
      ),
      { numRuns: 300 },
    )
  })
})

const eventAt = (i: number): string =>
  event(new Date(Date.UTC(2025, 0, 11) + ((i * 7919) % 80_000) * 1000).toISOString(), `${i}`.padEnd(300))

test('the newest few of a large file are those of the whole file', async () => {
  const text = Array.from({ length: 15_000 }, (_, i) => eventAt(i)).join('')
  const folder = tempFolder({ '2025-01-11.log': text })
  const reader = openFiles(folder, rules)
  const all = await collect(reader)
  const few = { direction: 'backward', limit: 25 } as const
  expect((await collect(reader, few)).map(({ line }) => line)).toEqual(
    all
      .toReversed()
      .slice(0, 25)
      .map(({ line }) => line),
  )
  const from = all[9_345]?.timestamp as Timestamp
  expect((await collect(reader, { from })).length).toBe(
    all.filter(({ timestamp }) => timestamp >= from).length,
  )
  // Compressed under a plain name, there is no end to look at.
  writeFileSync(join(folder, '2025-01-11.log'), gzipSync(text, { level: 0 }))
  expect((await collect(reader, few)).length).toBe(25)
})

test('days without a record are none; the newest sequence is that of the last line', async () => {
  const folder = tempFolder({
    '2025-01-10.log': '',
    '2025-01-11.log': event('2025-01-11T05:00:00Z', 'a'),
    '2025-01-12.log': '\n{"broken\n',
    'errors-2025-01-13.log': event('2025-01-13T05:00:00Z', 'e'),
  })
  expect(await openFiles(folder, rules).days()).toEqual(['2025-01-11'])
  expect(await openFiles(tempFolder(), rules).newestSequence()).toBe(0)
})

test('reading and following fit together at what was newest', async () => {
  const folder = tempFolder({ '2025-01-11.log': event('2025-01-11T05:00:00Z', 'a') })
  const reader = openFiles(folder, rules)
  const newest = await reader.newestSequence()
  writeFileSync(join(folder, '2025-01-11.log'), event('2025-01-11T06:00:00Z', 'b'), { flag: 'a' })
  expect((await collect(reader, { sequenceUpTo: newest })).map(({ line }) => line)).toEqual(['a'])
  const follower = startFollowing(reader, { sequenceAbove: newest })
  await follower.count(1)
  await follower.stop()
  expect(follower.found.map(({ line }) => line)).toEqual(['b'])
})

test('lines shorter than any time are judged like others where a stretch of time is asked for', async () => {
  const folder = tempFolder({ '2025-01-11.log': '{"a":1}\n{"broken": \nhi\n' })
  const day = { from: '2025-01-11T00:00:00.000000000Z', to: '2025-01-12T00:00:00.000000000Z' }
  expect(await linesOf(folder, day)).toEqual(['{"a":1}', 'hi'])
})
