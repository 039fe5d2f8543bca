// Shapes: which lines have one, that every shaped line is given back byte for byte, and that nothing is found or
// missed because a line is stored as its shape.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DecodeContext } from '#logctl/decode/decoded.js'
import { decodeJsonEvents } from '#logctl/decode/formats/json-events.js'
import { compileConditions } from '#logctl/record/condition.js'
import type { LogRecord, StoredRecord } from '#logctl/record/record.js'
import type { Condition } from '#logctl/record/scan-request.js'
import { openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { Shapes, lineOf, shapeOf } from '#logctl/store/embedded/shape.js'
import type { Store } from '#logctl/store/store.js'
import { tempFolder } from '../../temp-folder.js'

const CONTEXT: DecodeContext = {
  nowMs: Date.UTC(2025, 0, 12),
  labelKeys: new Set(['source', 'tenant', 'level', 'stream']),
  limits: {
    lineBytes: 1 << 20,
    fields: 1000,
    depth: 32,
    labels: 32,
    days: 400,
    aheadMs: 600_000,
    recordBytes: 8 << 20,
  },
}

function decode(...lines: string[]): LogRecord[] {
  return decodeJsonEvents(Buffer.from(lines.join('\n')), CONTEXT).records
}

const SHAPED = [
  '{"@timestamp":"2025-01-11T09:30:00.123Z","method":"GET","uri":"/a b?c=1","status":200,"tenant":"acme"}',
  '{"@timestamp":"2025-01-11T09:30:00-05:00","method":"GET","uri":"/","status":200}',
  '{"time":"2025-01-11T09:30:00.123456789+05:30","a":"x","ok":true,"no":false,"ratio":0.045}',
  '{ "time" : "2025-01-11T09:30:00Z" , "café" : "☕ ok" , "n" : -12 }',
  '{"ts":1736586000,"a":"x"}',
  '{"ts":1736586000123,"a":"x"}',
  '{"ts":"1736586000123456789","a":"x"}',
  '{"time":"2025-01-11T09:30:00Z","gone":null,"a":""}',
]

const TEXT = [
  '{"time":"2025-01-11T09:30:00Z","escaped":"a\\nb"}',
  '{"time":"2025-01-11T09:30:00Z","spelled":1.0}',
  '{"time":"2025-01-11T09:30:00Z","spelled":1e3}',
  '{"time":"2025-01-11T09:30:00Z","big":12345678901234567890.5}',
  '{"time":"2025-01-11T09:30:00Z","list":[1,2]}',
  '{"time":"2025-01-11T09:30:00Z","nested":{"a":1}}',
  '{"time":"2025-01-11 09:30:00","a":"x"}',
  '{"time":"2025-01-11T09:30:00Z","a":"x","a":"y"}',
]

describe('one line', () => {
  test.each(SHAPED)('%s has a shape that gives it back', (line) => {
    const [record] = decode(line)
    const shape = shapeOf(record as LogRecord, line)
    expect(shape).toBeDefined()
    expect(lineOf(shape ?? [], record as LogRecord)).toBe(line)
    expect(JSON.stringify(shape)).not.toContain('GET')
  })

  test.each(TEXT)('%s is kept as text', (line) => {
    const [record] = decode(line)
    expect(shapeOf(record as LogRecord, line)).toBeUndefined()
  })

  test('a line that is no JSON of the record is kept as text', () => {
    const [record] = decode('{"message":"{\\"a\\":1}","a":2}')
    expect(record?.line).toBe('{"a":1}')
    expect(shapeOf(record as LogRecord, '{"a":1}')).toBeUndefined()
  })
})

test('lines of one form share a shape; forms without end do not fill memory', () => {
  const shapes = new Shapes()
  const numbers = decode(...SHAPED, ...SHAPED).map((record) => shapes.numberFor(record, record.line))
  expect(numbers.slice(0, SHAPED.length)).toEqual(numbers.slice(SHAPED.length))
  for (let i = 0; i < 2_000; i++) {
    const [record] = decode(`{"time":"2025-01-11T09:30:00Z","key${i}":${i}}`)
    shapes.numberFor(record as LogRecord, record?.line ?? '')
  }
  expect(shapes.list.length).toBeLessThanOrEqual(200)
})

test('any event comes back byte for byte from a shape', () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constant([]),
  )
  const event = fc.dictionary(fc.string({ maxLength: 8 }), value, { maxKeys: 8 })
  fc.assert(
    fc.property(event, fc.boolean(), (values, pretty) => {
      const text = JSON.stringify(
        { time: '2025-01-11T09:30:00.5Z', ...values },
        undefined,
        pretty ? ' ' : undefined,
      )
      const line = text.replaceAll('\n', ' ')
      for (const record of decode(line)) {
        const shape = shapeOf(record, record.line)
        if (shape) expect(lineOf(shape, record)).toBe(record.line)
      }
    }),
    { numRuns: 2_000 },
  )
})

const NEEDLES = [
  '200', '"status":200', 'status', 'acme', '09:30', '2025-01-11T09', '/a b', 'café', '☕', 'null', '0.045', 'true',
  '-05:00', '123', '1736586000', '"ok":true,"no"', ' : ', 'x', '', '[1,2]', 'absent',
] // prettier-ignore

test('sealed and merged, searches find what they found while it was hot', async () => {
  const store = await openEmbeddedStore({ path: tempFolder(), minFreeBytes: 0 })
  const records = decode(...SHAPED, ...TEXT)
  await store.append({ records })
  const hot = await all(store)
  for (let i = 0; i < 4; i++) {
    await store.seal()
    const sealed = await all(store)
    expect(JSON.stringify(sealed.slice(0, hot.length))).toBe(JSON.stringify(hot))
    for (const where of NEEDLES.flatMap(conditionsFor)) {
      const expected = sealed.filter(compileConditions(where)).length
      expect({ where, found: (await all(store, where)).length }).toEqual({ where, found: expected })
    }
    // Small parts of later records, until there are enough to merge.
    await store.append({ records: decode(`{"time":"2025-01-11T23:00:0${i}Z","method":"PUT","later":${i}}`) })
  }
  await store.close()
})

function conditionsFor(text: string): Condition[][] {
  const search = { kind: 'text', pattern: text, literal: true, ignoreCase: false, invert: false } as const
  return [
    [{ kind: 'line', op: '|=', values: [text] }],
    [{ kind: 'line', op: '!=', values: [text] }],
    [{ kind: 'line', op: '|~', values: [text.replaceAll(/[[\]]/g, '.')] }],
    [search],
    [{ ...search, ignoreCase: true }],
    [{ ...search, invert: true }],
  ]
}

async function all(store: Store, where: readonly Condition[] = []): Promise<StoredRecord[]> {
  const found: StoredRecord[] = []
  for await (const piece of store.scan({ direction: 'forward', where })) found.push(...piece)
  return found
}
