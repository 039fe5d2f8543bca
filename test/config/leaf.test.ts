// What single keys take: the same as a value and as text, and nothing out of range.
import * as leaf from '#logctl/config/leaf.js'
import { Secret } from '#logctl/secret.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

const isDigits = (item: string): item is string => /^\d+$/.test(item)

test('durations are milliseconds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000 }),
      fc.constantFrom(['ms', 1], ['s', 1e3], ['m', 6e4], ['h', 36e5]),
      (amount, [unit, ms]) => {
        expect(leaf.duration().parse(`${amount}${unit}`)).toBe(amount * Number(ms))
      },
    ),
  )
})

test.each(['', '10', '-1s', '0s', '1x', 's', 'true'])('the duration "%s" is refused', (text) => {
  expect(leaf.duration().safeParse(text).success).toBe(false)
})

test('a number without a unit is no duration', () => {
  expect(leaf.duration().safeParse(10).error?.issues[0]?.message).toBe(
    'must be a duration such as 30s, 15m or 30d',
  )
})

test('a timer ends where the timers of Node would fire at once', () => {
  expect(leaf.timer().parse('24d')).toBe(24 * 86_400_000)
  expect(leaf.timer().safeParse('25d').success).toBe(false)
  expect(leaf.duration().parse('10y')).toBe(10 * 365 * 86_400_000)
})

test('sizes are bytes within their range', () => {
  expect(leaf.size().parse('16MiB')).toBe(2 ** 24)
  expect(leaf.size().parse(65_536)).toBe(65_536)
  expect(leaf.size().safeParse('0').success).toBe(false)
  expect(leaf.size({ min: 0, max: 10 }).parse('0')).toBe(0)
  expect(leaf.size({ min: 0, max: 10 }).safeParse('11').success).toBe(false)
})

test('auto stands beside numbers only where it may', () => {
  expect(leaf.sizeOrAuto().parse('auto')).toBe('auto')
  expect(leaf.sizeOrAuto().parse('1KiB')).toBe(1024)
  expect(leaf.countOrAuto().parse('7')).toBe(7)
  expect(leaf.size().safeParse('auto').success).toBe(false)
})

test('whole numbers are whole, as number and as text', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (value) => {
      expect(leaf.count({ min: 1, max: 100 }).parse(value)).toBe(value)
      expect(leaf.count({ min: 1, max: 100 }).parse(String(value))).toBe(value)
    }),
  )
  for (const wrong of [0, 101, 1.5, Number.NaN, '', '1e2', '0x5', ' ', 'one', null, true, []]) {
    expect(leaf.count({ min: 1, max: 100 }).safeParse(wrong).success).toBe(false)
  }
})

test('rates may have a fraction and are above nothing', () => {
  expect(leaf.rate().parse('0.5')).toBe(0.5)
  for (const wrong of [0, -1, '0', Number.POSITIVE_INFINITY, Number.NaN]) {
    expect(leaf.rate().safeParse(wrong).success).toBe(false)
  }
})

test.each([
  [true, true],
  ['true', true],
  ['ON', true],
  ['1', true],
  ['no', false],
  [false, false],
  ['0', false],
])('%s is %s', (written, value) => {
  expect(leaf.flag().parse(written)).toBe(value)
  expect(leaf.onOff().parse(written)).toBe(value ? 'on' : 'off')
})

test.each(['', 'maybe', 'constructor', 1, null])('%s is neither true nor false', (written) => {
  expect(leaf.flag().safeParse(written).success).toBe(false)
})

test('a list is a list, or a text with commas', () => {
  const numbers = leaf.list('digits', isDigits)
  expect(numbers.parse(['1', '2'])).toEqual(['1', '2'])
  expect(numbers.parse('1, 2,,')).toEqual(['1', '2'])
  expect(numbers.parse('')).toEqual([])
  expect(numbers.safeParse(['1', 'x']).error?.issues[0]?.message).toBe(
    'must be a list of digits; "x" is none',
  )
  expect(numbers.safeParse(Array.from({ length: 1001 }, () => '1')).success).toBe(false)
})

test('a secret is hidden, and its text never in an error', () => {
  const secret = leaf.secret().parse('hush')
  expect(secret).toBeInstanceOf(Secret)
  expect(JSON.stringify(secret)).not.toContain('hush')
  expect(JSON.stringify(leaf.secret().safeParse(12_345).error?.issues)).not.toContain('12345')
})

test('a text is not empty and not a book', () => {
  expect(leaf.text().safeParse('').success).toBe(false)
  expect(leaf.text().safeParse('x'.repeat(4097)).success).toBe(false)
  expect(leaf.text().parse('x')).toBe('x')
})
