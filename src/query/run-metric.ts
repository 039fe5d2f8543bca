// Runs a metric query: one pass over the input of each distinct range aggregation, all of them step by step together.
import { fail } from '../errors.js'
import type { ScanOptions, Scanner } from '../record/scanner.js'
import { nsOf } from '../record/time.js'
import type { Timestamp } from '../record/time.js'
import type { MetricQuery, RangeAggregation } from './ast.js'
import { answerCollector } from './collect-answer.js'
import { compileTree, uses } from './evaluate.js'
import type { QueryLimits } from './limits.js'
import { startMeter, stopIfAborted } from './limits.js'
import type { MetricPlan, RangePlan } from './plan.js'
import { planMetric } from './plan.js'
import type { RangeInput, Reading } from './range-input.js'
import { openRangeInput } from './range-input.js'
import type { MetricResult } from './result.js'
import type { Sample } from './sample.js'
import { stepsOf } from './steps.js'
import { openStoreRange } from './store-range.js'

/** Evaluated at `at`, or at from, from + step, … up to and with to. */
export type MetricRequest = { readonly tenants?: readonly string[] | undefined } & (
  { readonly at: Timestamp } | { readonly from: Timestamp; readonly to: Timestamp; readonly stepNs: bigint }
)

export interface QueryOptions extends ScanOptions {
  readonly limits?: Partial<QueryLimits> | undefined
}

/** Throws QUERY_INVALID, PATTERN_INVALID, QUERY_LIMIT, INTERRUPTED, and what the scanner throws. */
export async function runMetric(
  scanner: Scanner,
  query: MetricQuery,
  request: MetricRequest,
  options: QueryOptions = {},
): Promise<MetricResult> {
  const meter = startMeter(options.limits, options.signal)
  const { maxPoints, maxSeries } = meter.limits
  const steps = stepsOf(timeOf(request), maxPoints)
  if (!steps.instant && uses(query, 'approx_topk'))
    fail('QUERY_INVALID', 'approx_topk is only supported in instant queries')
  const plan = planMetric(query)
  const sequenceUpTo = plan.ranges.length > 1 ? await scanner.newestSequence() : undefined
  const scope = { tenants: request.tenants, sequenceUpTo }
  const inputs = new Map<RangePlan, RangeInput>()
  let step = 0
  const evaluate = compileTree(
    query,
    leaf(plan, inputs, () => step),
  )
  const collector = answerCollector(query, steps, maxSeries)
  try {
    await openInputs(plan, inputs, { scanner, scope, steps, meter, options })
    const all = [...new Set(inputs.values())]
    for (; step < steps.count; step++) {
      for (const input of all) await input.advance(step)
      collector.add(step, evaluate())
      await meter.pause()
    }
  } finally {
    for (const input of new Set(inputs.values())) await input.close()
  }
  stopIfAborted(options.signal)
  return collector.answer()
}

function timeOf(request: MetricRequest): Parameters<typeof stepsOf>[0] {
  if ('at' in request) return { at: nsOf(request.at) }
  return { from: nsOf(request.from), to: nsOf(request.to), stepNs: request.stepNs }
}

/** Samples of a range aggregation; its windows are read once a step, however often it stands in the tree. */
function leaf(
  { rangeOf }: MetricPlan,
  inputs: ReadonlyMap<RangePlan, RangeInput>,
  stepNow: () => number,
): (node: RangeAggregation) => () => readonly Sample[] {
  const read = new Map<RangePlan, { readonly step: number; readonly samples: readonly Sample[] }>()
  return (node) => {
    const range = rangeOf.get(node) as RangePlan
    return () => {
      const step = stepNow()
      const known = read.get(range)
      if (known?.step === step) return known.samples
      const samples = inputs.get(range)?.at(range, step) ?? []
      read.set(range, { step, samples })
      return samples
    }
  }
}

async function openInputs(
  { ranges }: MetricPlan,
  inputs: Map<RangePlan, RangeInput>,
  reading: Reading,
): Promise<void> {
  const shared = new Map<string, RangePlan[]>()
  for (const range of ranges) {
    const fromStore = range.store && (await openStoreRange(range, reading))
    if (fromStore) inputs.set(range, fromStore)
    else shared.set(range.input, [...(shared.get(range.input) ?? []), range])
  }
  for (const group of shared.values()) {
    const input = openRangeInput(group, reading)
    for (const range of group) inputs.set(range, input)
  }
}
