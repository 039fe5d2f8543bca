// Numbers leave as Loki writes them.
import { expect, test } from 'vitest'
import { metricJson } from '#logctl/query/metric-json.js'

test('a matrix, a vector and a scalar', () => {
  expect(
    metricJson({ type: 'matrix', series: [{ labels: { a: 'b' }, timesMs: [1500, 2000], values: [0.1, 2] }] }),
  ).toEqual({
    resultType: 'matrix',
    result: [
      {
        metric: { a: 'b' },
        values: [
          [1.5, '0.1'],
          [2, '2'],
        ],
      },
    ],
  })
  expect(metricJson({ type: 'vector', timeMs: 1000, samples: [{ labels: {}, value: Number.NaN }] })).toEqual({
    resultType: 'vector',
    result: [{ metric: {}, value: [1, 'NaN'] }],
  })
  expect(metricJson({ type: 'scalar', timeMs: 0, value: -Infinity })).toEqual({
    resultType: 'scalar',
    result: [0, '-Inf'],
  })
})
