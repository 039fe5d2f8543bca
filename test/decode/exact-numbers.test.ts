// Numbers are read as JSON.parse reads them, unless a double would change them.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonWithoutMarks, mayBeInexact, parseExactly, withoutMark } from '#logctl/decode/exact-numbers.js'

function read(spelled: string): unknown {
  const value = parseExactly(spelled)
  return typeof value === 'string' ? withoutMark(value) : value
}

describe('one number', () => {
  it.each([
    '0',
    '-0',
    '1',
    '1.50',
    '1E3',
    '1e-7',
    '0.1',
    '9007199254740991',
    '1e22',
    '123456789012345680000',
    '0.045',
  ])('%s is a number', (spelled) => expect(read(spelled)).toBe(Number(spelled)))

  it.each([
    '9007199254740993',
    '-12345678901234567890',
    '3.141592653589793238',
    '0.10000000000000000555',
    '1e400',
    '-1e999999999',
    '1e-400',
    '9'.repeat(5000),
  ])('%s stays text', (spelled) => {
    expect(read(spelled)).toBe(spelled)
    expect(mayBeInexact(Number(spelled), spelled) || Number(spelled) === 0).toBe(true)
  })
})

it('leaves texts and structure alone', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value).replaceAll('\\u0000', '')
      const plain = JSON.parse(json) as unknown
      const hasLong = /\d{16}|e/.test(json)
      if (!hasLong) expect(parseExactly(json)).toEqual(plain)
      expect(JSON.parse(jsonWithoutMarks(JSON.stringify(parseExactly(json))))).toEqual(plain)
    }),
  )
})

it('mistakes no text for a marked number', () => {
  expect(parseExactly('["\\u00001","\\\\u00001",12345678901234567890]')).toEqual([
    '\ufffd1',
    '\\u00001',
    '\u000012345678901234567890',
  ])
})
