// Numbers, durations and sizes are read and written as Go reads and writes them.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBytes } from '#logctl/query/go/bytes.js'
import { decimalOf } from '#logctl/query/go/decimal.js'
import { parseDurationSeconds } from '#logctl/query/go/duration.js'
import { formatFloat, parseFloat64 } from '#logctl/query/go/number.js'

test.each([
  ['1', 1],
  ['-1.5e3', -1500],
  ['.5', 0.5],
  ['5.', 5],
  ['+Inf', Infinity],
  ['-infinity', -Infinity],
  ['nan', Number.NaN],
  ['0x1p-2', 0.25],
  ['0x.8p1', 1],
  ['', { reason: 'strconv.ParseFloat: parsing "": invalid syntax' }],
  [' 1', { reason: 'strconv.ParseFloat: parsing " 1": invalid syntax' }],
  ['0x10', { reason: 'strconv.ParseFloat: parsing "0x10": invalid syntax' }],
  ['1e400', { reason: 'strconv.ParseFloat: parsing "1e400": value out of range' }],
])('the float %s', (text, value) => expect(parseFloat64(text)).toEqual(value))

test.each([
  ['1h30m', 5400],
  ['1.5s', 1.5],
  ['-2ms', -0.002],
  ['+3µs', 0.000003],
  ['0', 0],
  ['.5m', 30],
  ['', { reason: 'time: invalid duration ""' }],
  ['.s', { reason: 'time: invalid duration ".s"' }],
  ['10', { reason: 'time: missing unit in duration "10"' }],
  ['1d', { reason: 'time: unknown unit "d" in duration "1d"' }],
  ['300000000h', { reason: 'time: invalid duration "300000000h"' }],
])('the duration %s', (text, seconds) => expect(parseDurationSeconds(text)).toEqual(seconds))

test.each([
  ['5KB', 5000],
  ['5 kib', 5120],
  ['1,024', 1024],
  ['1.5M', 1_500_000],
  ['0.3b', 0],
  ['2EiB', 2 ** 61],
  ['16EiB', { reason: 'too large: 16EiB' }],
  ['5qb', { reason: 'unhandled size name: qb' }],
  ['x', { reason: 'strconv.ParseFloat: parsing "": invalid syntax' }],
])('the size %s', (text, bytes) => expect(parseBytes(text)).toEqual(bytes))

test('a float prints as digits that read back the same', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      expect(parseFloat64(formatFloat(value))).toBe(value)
    }),
  )
})

test('decimals add, multiply and divide as people do', () => {
  const cents = fc.integer({ min: -1_000_000, max: 1_000_000 })
  fc.assert(
    fc.property(cents, cents, (a, b) => {
      const [x, y] = [decimalOf(a / 100), decimalOf(b / 100)]
      expect(x.plus(y).toNumber() + 0).toBe((a + b) / 100 + 0)
      expect(x.times(y).toNumber() + 0).toBe((a * b) / 10_000 + 0)
      if (b !== 0) expect(x.times(y).dividedBy(y).toNumber() + 0).toBe(a / 100 + 0)
    }),
  )
})
