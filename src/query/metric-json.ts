// The answer of a metric query as Loki and Prometheus write it: times in seconds, values as texts, because JSON has
// no NaN and no infinity. Source: Loki's HTTP API, "Query Loki".
import { formatValue, type MetricResult } from './result.js'
import type { Labels } from '../record/labels.js'

type Point = readonly [seconds: number, value: string]

export type MetricJson =
  | {
      readonly resultType: 'matrix'
      readonly result: readonly { readonly metric: Labels; readonly values: readonly Point[] }[]
    }
  | {
      readonly resultType: 'vector'
      readonly result: readonly { readonly metric: Labels; readonly value: Point }[]
    }
  | { readonly resultType: 'scalar'; readonly result: Point }

export function metricJson(result: MetricResult): MetricJson {
  switch (result.type) {
    case 'matrix':
      return {
        resultType: 'matrix',
        result: result.series.map(({ labels, timesMs, values }) => ({
          metric: labels,
          values: timesMs.map((timeMs, i) => point(timeMs, values[i] ?? Number.NaN)),
        })),
      }
    case 'vector':
      return {
        resultType: 'vector',
        result: result.samples.map(({ labels, value }) => ({
          metric: labels,
          value: point(result.timeMs, value),
        })),
      }
    case 'scalar':
      return { resultType: 'scalar', result: point(result.timeMs, result.value) }
  }
}

function point(timeMs: number, value: number): Point {
  return [timeMs / 1000, formatValue(value)]
}
