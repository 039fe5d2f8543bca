// Timestamps, days, durations and moments.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDays,
  type Day,
  dayOf,
  durationMs,
  hourOf,
  isDay,
  msOf,
  nsOf,
  parseDay,
  parseDurationMs,
  parseMoment,
  startOfDay,
  timestampOfEpoch,
  timestampOfMs,
  timestampOfNs,
  timestampOfRfc3339,
  timestampOfValue,
} from '#logctl/record/time.js'

const NOW = Date.UTC(2025, 0, 11, 9, 30)
const LAST_NS = BigInt(Date.UTC(2262, 0, 1)) * 1_000_000n - 1n
const FIRST_NS = BigInt(Date.UTC(1678, 0, 1)) * 1_000_000n

describe('timestamps', () => {
  it('go to nanoseconds and back, and sort as they do', () => {
    const ns = fc.bigInt({ min: FIRST_NS, max: LAST_NS })
    fc.assert(
      fc.property(ns, ns, (a, b) => {
        const [left, right] = [timestampOfNs(a)!, timestampOfNs(b)!]
        expect(left).toHaveLength(30)
        expect(nsOf(left)).toBe(a)
        expect(timestampOfRfc3339(left)).toBe(left)
        expect(left < right).toBe(a < b)
      }),
    )
  })

  it('end with the years that int64 nanoseconds hold', () => {
    expect(timestampOfNs(LAST_NS)).toBe('2261-12-31T23:59:59.999999999Z')
    expect(timestampOfNs(LAST_NS + 1n)).toBeUndefined()
    expect(timestampOfNs(FIRST_NS)).toBe('1678-01-01T00:00:00.000000000Z')
    expect(timestampOfNs(FIRST_NS - 1n)).toBeUndefined()
    expect(timestampOfNs(-1n)).toBe('1969-12-31T23:59:59.999999999Z')
  })

  it('give their parts', () => {
    const timestamp = timestampOfMs(NOW + 123, 456_789)
    expect(timestamp).toBe('2025-01-11T09:30:00.123456789Z')
    expect([dayOf(timestamp), hourOf(timestamp), msOf(timestamp)]).toEqual(['2025-01-11', '09', NOW + 123])
  })
})

describe('timestampOfRfc3339', () => {
  it.each([
    ['2025-01-11T09:30:00Z', '2025-01-11T09:30:00.000000000Z'],
    ['2025-01-11t09:30:00z', '2025-01-11T09:30:00.000000000Z'],
    ['2025-01-11 09:30:00.5', '2025-01-11T09:30:00.500000000Z'],
    ['2025-01-11T09:30:00,123456789999Z', '2025-01-11T09:30:00.123456789Z'],
    ['2025-01-11T04:30:00.045-05:00', '2025-01-11T09:30:00.045000000Z'],
    ['2025-01-11 04:30:00 -0500', '2025-01-11T09:30:00.000000000Z'],
    ['2025-01-11 10:30:00+01', '2025-01-11T09:30:00.000000000Z'],
    ['2025-01-01T00:00:00+14:00', '2024-12-31T10:00:00.000000000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000000Z'],
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.000000000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000000000Z'],
    ['2100-02-28T23:59:59.999Z', '2100-02-28T23:59:59.999000000Z'],
  ])('%s', (text, expected) => expect(timestampOfRfc3339(text)).toBe(expected))

  it.each([
    '',
    '2025-01-11',
    '2025-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2025-01-11T24:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-01-11T09:60:00Z',
    '2025-01-11T09:30:61Z',
    '2025-01-11T09:30:00.Z',
    '2025-01-11T09:30:00+24:00',
    '2025-01-11T09:30:00+05:60',
    '1677-12-31T23:59:59Z',
    '2262-01-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '2025-01-11T09:30:00Z ',
    'Sat Jan 11 2025',
  ])('refuses %j', (text) => expect(timestampOfRfc3339(text)).toBeUndefined())
})

describe('timestampOfEpoch', () => {
  it.each<[number | string, string | undefined]>([
    [0, '1970-01-01T00:00:00.000000000Z'],
    [1736586000, '2025-01-11T09:00:00.000000000Z'],
    [1736586000.25, '2025-01-11T09:00:00.250000000Z'],
    [1736586000123, '2025-01-11T09:00:00.123000000Z'],
    [1736586000123.5, '2025-01-11T09:00:00.123500000Z'],
    [1736586000123456, '2025-01-11T09:00:00.123456000Z'],
    ['1736586000123456789', '2025-01-11T09:00:00.123456789Z'],
    ['1736586000.123456789', '2025-01-11T09:00:00.123456789Z'],
    ['1736586000.1234567891', '2025-01-11T09:00:00.123456789Z'],
    [-1, '1969-12-31T23:59:59.000000000Z'],
    [99_999_999_999, undefined],
    [100_000_000_000, '1973-03-03T09:46:40.000000000Z'],
    [1e-7, '1970-01-01T00:00:00.000000000Z'],
    [1e300, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    ['12345678901234567890', undefined],
    ['1e9', undefined],
    ['0x10', undefined],
    ['', undefined],
  ])('%s', (value, expected) => expect(timestampOfEpoch(value)).toBe(expected))
})

it('timestampOfValue takes nothing but texts and numbers', () => {
  for (const value of [true, null, undefined, {}, [1736586000], 5n])
    expect(timestampOfValue(value)).toBeUndefined()
  expect(timestampOfValue('1736586000')).toBe(timestampOfValue(1736586000))
})

describe('days', () => {
  it('are real ones', () => {
    expect(isDay('2024-02-29')).toBe(true)
    for (const text of [
      '2025-02-29',
      '2025-1-1',
      '2025-01-32',
      '25-01-01',
      '2025-01-01T00:00:00Z',
      '../../etc',
    ])
      expect(isDay(text)).toBe(false)
    expect(() => parseDay('yesterday')).toThrow(expect.objectContaining({ code: 'TIME_INVALID' }))
    expect(startOfDay(parseDay('2025-01-11'))).toBe('2025-01-11T00:00:00.000000000Z')
  })

  it('follow each other over months and years', () => {
    expect(addDays('2024-12-31' as Day, 1)).toBe('2025-01-01')
    expect(addDays('2024-03-01' as Day, -1)).toBe('2024-02-29')
  })
})

describe('durations and moments', () => {
  it.each<[string, number | undefined]>([
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['2w', 1_209_600_000],
    ['1y', 31_536_000_000],
    ['', undefined],
    ['5', undefined],
    ['-5m', undefined],
    ['5 m', undefined],
    ['1M', undefined],
  ])('%j', (text, expected) => {
    expect(durationMs(text)).toBe(expected)
    if (expected === undefined)
      expect(() => parseDurationMs(text)).toThrow(expect.objectContaining({ code: 'TIME_INVALID' }))
    else expect(parseDurationMs(text)).toBe(expected)
  })

  it.each([
    ['now', '2025-01-11T09:30:00.000000000Z'],
    ['2h', '2025-01-11T07:30:00.000000000Z'],
    ['2025-01-10', '2025-01-10T00:00:00.000000000Z'],
    ['2025-01-10T05:00:00+05:00', '2025-01-10T00:00:00.000000000Z'],
  ])('%s from %s', (text, expected) => expect(parseMoment(text, NOW)).toBe(expected))

  it.each(['', 'soon', '2025-02-30', '1000y', '99999999999999y'])('refuses %j as a moment', (text) => {
    expect(() => parseMoment(text, NOW)).toThrow(expect.objectContaining({ code: 'TIME_INVALID' }))
  })
})
