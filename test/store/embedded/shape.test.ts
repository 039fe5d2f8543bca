// Shapes: which lines have one, and that every shaped line is given back byte for byte.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LogRecord } from '#logctl/record/record.js'
import { Shapes, lineOf, shapeOf } from '#logctl/store/embedded/shape.js'
import { SHAPED, TEXT, decode } from './shaped-lines.js'

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
