// Aggregations over the series of one step: sum, avg, topk and the others.
import type { VectorAggregation, VectorOp } from './ast.js'
import { average, deviation, variance } from './aggregates/moments.js'
import { max, min } from './aggregates/extremes.js'
import { count, sum } from './aggregates/sum.js'
import type { Aggregate } from './aggregates/aggregate.js'
import type { Sample, SampleLabels } from './sample.js'
import { chooser, compareLabels } from './sample.js'

type OverVector = (samples: readonly Sample[]) => readonly Sample[]

export function vectorAggregation({ op, parameter = 0, grouping }: VectorAggregation): OverVector {
  const groupOf = chooser(grouping ?? { without: false, names: [] })
  switch (op) {
    case 'sort':
      return (samples) => samples.toSorted(ascending)
    case 'sort_desc':
      return (samples) => samples.toSorted(descending)
    case 'topk':
    case 'approx_topk':
      return (samples) => firstOfEach(samples.toSorted(descending), parameter, groupOf)
    case 'bottomk':
      return (samples) => firstOfEach(samples.toSorted(ascending), parameter, groupOf)
    default:
      return aggregating(op, groupOf)
  }
}

type GroupOf = (of: SampleLabels) => SampleLabels
type Aggregating = Exclude<VectorOp, 'sort' | 'sort_desc' | 'topk' | 'approx_topk' | 'bottomk'>

function aggregating(op: Aggregating, groupOf: GroupOf): OverVector {
  switch (op) {
    case 'sum':
      return over(sum, groupOf)
    case 'avg':
      return over(average, groupOf)
    case 'min':
      return over(min, groupOf)
    case 'max':
      return over(max, groupOf)
    case 'count':
      return over(count, groupOf)
    case 'stddev':
      return over(deviation, groupOf)
    case 'stdvar':
      return over(variance, groupOf)
  }
}

function over<S>(aggregate: Aggregate<S>, groupOf: GroupOf): OverVector {
  return (samples) => {
    const groups = new Map<string, { of: SampleLabels; state: S }>()
    for (const sample of samples) {
      const of = groupOf(sample.of)
      let group = groups.get(of.key)
      if (group === undefined) groups.set(of.key, (group = { of, state: aggregate.start() }))
      group.state = aggregate.add(group.state, sample.value)
    }
    return [...groups.values()].map(({ of, state }) => ({ of, value: aggregate.read(state) }))
  }
}

function firstOfEach(sorted: readonly Sample[], most: number, groupOf: GroupOf): readonly Sample[] {
  const taken = new Map<string, number>()
  return sorted.filter((sample) => {
    const { key } = groupOf(sample.of)
    const before = taken.get(key) ?? 0
    taken.set(key, before + 1)
    return before < most
  })
}

/** What is no number comes last either way; equal values stand in the order of their labels. */
function ascending(a: Sample, b: Sample): number {
  if (a.value === b.value || (Number.isNaN(a.value) && Number.isNaN(b.value)))
    return compareLabels(a.of.labels, b.of.labels)
  if (Number.isNaN(a.value)) return 1
  return Number.isNaN(b.value) || a.value < b.value ? -1 : 1
}

function descending(a: Sample, b: Sample): number {
  if (Number.isNaN(a.value) || Number.isNaN(b.value) || a.value === b.value) return ascending(a, b)
  return a.value > b.value ? -1 : 1
}
