// Times are parsed and printed by Go's layouts; what is printed parses to the same time.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { UTC, formatTime, parseTime } from '#logctl/query/go/time.js'

const LAYOUTS = [
  '2006-01-02T15:04:05.999999999Z07:00',
  'Mon, 02 Jan 2006 15:04:05.000000000 -0700',
  'January _2 2006 03:04:05.000000000 PM',
  '2006 002 15:04:05.000000000',
  '20060102150405.000000000',
]

test.each(LAYOUTS)('%s', (layout) => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n }), (ns) => {
      expect(parseTime(layout, formatTime({ ns, zone: UTC }, layout), UTC)?.ns).toBe(ns)
    }),
  )
})

test('zones follow their summer time', () => {
  const layout = '2006-01-02 15:04:05'
  expect(parseTime(layout, '2025-01-01 12:00:00', 'America/New_York')?.ns).toBe(1_735_750_800_000_000_000n)
  expect(parseTime(layout, '2025-07-01 12:00:00', 'America/New_York')?.ns).toBe(1_751_385_600_000_000_000n)
})

test.each([
  ['2006-01-02', '2025-13-01'],
  ['2006-01-02', '2025-1-1'],
  ['2006-01-02', '2025-01-01 '],
  ['15:04', '24:00'],
  ['Jan', 'jan'],
  ['Z07:00', '+2'],
  ['2'.repeat(300), '1'.repeat(300)],
])('by %s there is no time in %s', (layout, text) => expect(parseTime(layout, text, UTC)).toBeUndefined())

test('a layout of parts of one or two digits takes no longer than others', () => {
  expect(parseTime(`${'2 '.repeat(90)}x`, '11'.repeat(90), UTC)).toBeUndefined()
  expect(parseTime(`${'2'.repeat(100)}x`, '1'.repeat(100), UTC)).toBeUndefined()
})
