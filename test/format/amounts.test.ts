// Bytes, counts and durations as people read them.
import { expect, test } from 'vitest'
import { bytesText, countOf, countText, durationText } from '#logctl/format/amounts.js'

test.each([
  [0, '0 B'],
  [1, '1 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1536, '1.5 KiB'],
  [1024 * 99.9, '99.9 KiB'],
  [1024 * 1023.9, '1.0 MiB'],
  [120 * 1024 ** 3, '120 GiB'],
  [5 * 1024 ** 6, '5120 PiB'],
])('%d bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))

test.each([
  [0, '0ms'],
  [80.4, '80ms'],
  [-5, '0ms'],
  [1000, '1s'],
  [61_000, '1m 1s'],
  [3_600_000, '1h'],
  [3_605_000, '1h'],
  [90_061_000, '1d 1h'],
  [30 * 86_400_000, '30d'],
])('%d milliseconds are %s', (ms, text) => expect(durationText(ms)).toBe(text))

test('counts are grouped, and nouns are counted', () => {
  expect(countText(2_000_000)).toBe('2,000,000')
  expect([countOf(0, 'day'), countOf(1, 'day'), countOf(2, 'day')]).toEqual(['0 days', '1 day', '2 days'])
})
