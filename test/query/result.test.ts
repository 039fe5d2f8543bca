// Values are written as Prometheus writes them: every digit that is needed, and never an exponent.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatValue } from '#logctl/query/result.js'

test.each([
  [0, '0'],
  [-0, '-0'],
  [1.5, '1.5'],
  [1e21, '1000000000000000000000'],
  [-1.25e22, '-12500000000000000000000'],
  [1e-7, '0.0000001'],
  [-1.5e-9, '-0.0000000015'],
  [Number.NaN, 'NaN'],
  [Infinity, '+Inf'],
  [-Infinity, '-Inf'],
])('%s is %s', (value, text) => expect(formatValue(value)).toBe(text))

test('every number reads back, without an exponent', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = formatValue(value)
      expect(Object.is(Number(text), value)).toBe(true)
      expect(text).toMatch(/^-?\d+(?:\.\d+)?$/)
    }),
  )
})
