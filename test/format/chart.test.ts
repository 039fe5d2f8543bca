// Charts show every value that is there, and leave empty what is not.
import { expect, test } from 'vitest'
import { bars, fitted } from '#logctl/format/chart.js'

test('a sparkline goes from an eighth to a full block', () => {
  expect(bars([0, 1, 2, 3, 4, 5, 6, 7, 8], { height: 1, low: 0, high: 8 })).toEqual(['▁▁▂▃▄▅▆▇█'])
})

test('missing values and NaN are empty; what lies outside the edges touches them', () => {
  expect(bars([undefined, Number.NaN, -5, Infinity], { height: 1, low: 0, high: 1 })).toEqual(['  ▁█'])
})

test('rows are filled from below', () => {
  expect(bars([1, 2, 3], { height: 3, low: 0, high: 3 })).toEqual(['  █', ' ██', '███'])
})

test('values that are all the same have a chart', () => {
  expect(bars([0, 0], { height: 2, low: 0, high: 0 })).toEqual(['  ', '▁▁'])
})

test('few values get wide columns, of many the greatest neighbour shows', () => {
  expect(fitted([1, undefined], 5)).toEqual([1, 1, undefined, undefined])
  expect(fitted([1, 9, undefined, undefined, 2, 3], 3)).toEqual([9, undefined, 3])
  expect(fitted([], 5)).toEqual([])
})
