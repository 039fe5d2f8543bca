// A range aggregation that the scanner calculates: asked once, handed out step by step.
import { LogctlError } from '../errors.js'
import type { AggregateRequest, Series } from '../record/aggregate-request.js'
import { timestampOfNs } from '../record/time.js'
import type { RangePlan } from './plan.js'
import type { RangeInput, Reading } from './range-input.js'
import type { Sample, SampleLabels } from './sample.js'
import { sampleLabels } from './sample.js'
import { stepNs } from './steps.js'

/** Series before those of the tree above are made of them. */
const MOST_SERIES = 100_000

/**
 * Undefined where the pipeline has to do it after all: a value could not be read, so that there is an error to be
 * found, or the answer would be larger than the scanner gives in one piece.
 */
export async function openStoreRange(range: RangePlan, reading: Reading): Promise<RangeInput | undefined> {
  const request = requestOf(range, reading)
  if (request === undefined) return undefined
  try {
    const { series, unreadable } = await reading.scanner.aggregate(request, reading.options)
    return unreadable ? undefined : inputOf(range, series, reading)
  } catch (thrown) {
    if (thrown instanceof LogctlError && thrown.code === 'QUERY_LIMIT') return undefined
    throw thrown
  }
}

function requestOf({ store, windows }: RangePlan, { scope, steps }: Reading): AggregateRequest | undefined {
  const first = timestampOfNs(stepNs(steps, 0) - windows.offsetNs)
  if (store === undefined || first === undefined) return undefined
  const { rangeNs } = windows
  return {
    ...scope,
    ...store,
    windows: { first, stepNs: steps.stepNs, rangeNs, count: steps.count },
    maxSeries: MOST_SERIES,
  }
}

interface Held {
  readonly of: SampleLabels
  readonly points: Series['points']
  next: number
}

function inputOf({ windows }: RangePlan, series: readonly Series[], { meter }: Reading): RangeInput {
  const { op, rangeNs, absent } = windows
  const perSecond = op === 'rate' || op === 'bytes_rate' ? Number(rangeNs) / 1e9 : 1
  const held: Held[] = series.map(({ labels, points }) => ({ of: sampleLabels(labels), points, next: 0 }))
  for (const { points } of held) meter.hold(points.length)

  function at(step: number): Sample[] {
    const samples: Sample[] = []
    for (const one of held) {
      const [window, value] = one.points[one.next] ?? [Infinity, 0]
      if (window !== step) continue
      one.next++
      samples.push({ of: one.of, value: value / perSecond })
    }
    return samples
  }

  return {
    advance: () => Promise.resolve(),
    at(_, step) {
      const samples = at(step)
      if (absent === undefined) return samples
      return samples.length > 0 ? [] : [{ of: absent, value: 1 }]
    },
    close: () => Promise.resolve(),
  }
}
