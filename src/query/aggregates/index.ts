// The table of range aggregations: each name, and the window that answers it.
import type { RangeOp } from '../ast.js'
import type { Aggregate, Window } from './aggregate.js'
import { counterRate } from './counter.js'
import { first, last, max, min } from './extremes.js'
import { average, deviation, variance } from './moments.js'
import { quantileWindow } from './quantile.js'
import { slidingWindow } from './sliding-window.js'
import { count, perSecond, sum } from './sum.js'

export interface RangeFunction {
  readonly op: RangeOp
  /** The quantile of quantile_over_time. */
  readonly parameter: number | undefined
  readonly rangeNs: bigint
  readonly unwraps: boolean
}

type Hold = (samples: number) => void

/** Makes the window of one series; absent_over_time only counts. */
export function windowsOf({ op, parameter, rangeNs, unwraps }: RangeFunction, hold: Hold): () => Window {
  const seconds = Number(rangeNs) / 1e9
  switch (op) {
    case 'rate':
      return sliding(perSecond(unwraps ? sum : count, seconds), hold)
    case 'bytes_rate':
      return sliding(perSecond(sum, seconds), hold)
    case 'count_over_time':
    case 'absent_over_time':
      return sliding(count, hold)
    case 'bytes_over_time':
    case 'sum_over_time':
      return sliding(sum, hold)
    case 'quantile_over_time':
      return () => quantileWindow(parameter ?? Number.NaN, hold)
    case 'rate_counter':
      return sliding(counterRate(rangeNs), hold)
    default:
      return ofOneKind(op, hold)
  }
}

const VALUES = {
  min_over_time: min,
  max_over_time: max,
  first_over_time: first,
  last_over_time: last,
} as const
const MOMENTS = { stddev_over_time: deviation, stdvar_over_time: variance } as const

function ofOneKind(
  op: keyof typeof VALUES | keyof typeof MOMENTS | 'avg_over_time',
  hold: Hold,
): () => Window {
  if (op === 'avg_over_time') return sliding(average, hold)
  if (op === 'stddev_over_time' || op === 'stdvar_over_time') return sliding(MOMENTS[op], hold)
  return sliding(VALUES[op], hold)
}

function sliding<S>(aggregate: Aggregate<S>, hold: Hold): () => Window {
  return () => slidingWindow(aggregate, hold)
}
