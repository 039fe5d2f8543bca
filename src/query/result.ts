// What a metric query answers, as plain data, and how its numbers are written.
import type { Labels } from '../record/labels.js'

/** One line of a chart; `values[i]` belongs to `timesMs[i]`. A step without a value is left out. */
export interface Series {
  /** In the order of their names. */
  readonly labels: Labels
  /** Milliseconds since the epoch, rising. */
  readonly timesMs: readonly number[]
  readonly values: readonly number[]
}

export type MetricResult =
  /** Series in the order of their labels. */
  | { readonly type: 'matrix'; readonly series: readonly Series[] }
  /** In the order of their labels, or as `sort` or `sort_desc` left them. */
  | {
      readonly type: 'vector'
      readonly timeMs: number
      readonly samples: readonly { readonly labels: Labels; readonly value: number }[]
    }
  | { readonly type: 'scalar'; readonly timeMs: number; readonly value: number }

/** The fewest digits that give the number back, never with an exponent; as Prometheus writes sample values. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const text = String(value)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (!match) return text
  const [, sign = '', first = '', rest = '', power] = match
  const digits = first + rest
  const point = 1 + Number(power)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return sign + digits.padEnd(point, '0')
}
