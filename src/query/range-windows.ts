// One range aggregation at work: takes samples in the order of time and answers each step with a value per series.
import type { Timestamp } from '../record/time.js'
import type { RangeFunction } from './aggregates/index.js'
import { windowsOf } from './aggregates/index.js'
import type { Window } from './aggregates/aggregate.js'
import type { Grouping } from './ast.js'
import type { Entry } from './entry.js'
import type { Meter } from './limits.js'
import type { Sample, SampleLabels } from './sample.js'
import { NO_LABELS, chooseLabels, sampleLabels } from './sample.js'
import { nearestTimestamp, stepNs } from './steps.js'
import type { Steps } from './steps.js'

export interface WindowsPlan extends RangeFunction {
  readonly offsetNs: bigint
  /** Which labels make a series; absent means all. */
  readonly grouping: Grouping | undefined
  /** The label that is read as the value, and with that no longer part of the series. */
  readonly unwrapped: string | undefined
  /** What absent_over_time answers where there is nothing. */
  readonly absent: SampleLabels | undefined
}

export interface RangeWindows {
  readonly plan: WindowsPlan
  /** Whether a sample of this moment lies in a window of this step or a later one; moments never go back. */
  covers(timestamp: Timestamp, step: number): boolean
  /** A sample that was found to be covered. */
  add(entry: Entry, value: number): void
  at(step: number): readonly Sample[]
}

interface SeriesWindow {
  readonly of: SampleLabels
  readonly window: Window
}

/** The window of step T is (T − range, T], shifted by the offset. */
export function openWindows(plan: WindowsPlan, steps: Steps, meter: Meter): RangeWindows {
  const make = windowsOf(plan, (samples) => meter.hold(samples))
  const { keyOf, labelsOf } = seriesNames(plan)
  const series = new Map<string, SeriesWindow>()
  /** The last step whose window began before the newest sample. */
  let last = -1
  let nextStart = startOf(0)

  function startOf(step: number): Timestamp {
    return nearestTimestamp(stepNs(steps, step) - plan.offsetNs - plan.rangeNs)
  }

  function seriesOf(entry: Entry): SeriesWindow {
    const key = keyOf(entry)
    let found = series.get(key)
    if (found === undefined) {
      meter.hold(1)
      series.set(key, (found = { of: labelsOf(entry), window: make() }))
    }
    return found
  }

  function read(step: number): Sample[] {
    const samples: Sample[] = []
    for (const [key, { of, window }] of series) {
      const value = window.read(step)
      if (value !== undefined) samples.push({ of, value })
      else {
        series.delete(key)
        meter.hold(-1)
      }
    }
    return samples
  }

  return {
    plan,
    covers(timestamp, step) {
      while (last + 1 < steps.count && nextStart < timestamp) nextStart = startOf(++last + 1)
      return last >= step
    },
    add(entry, value) {
      seriesOf(entry).window.add(last, value, entry.timestamp)
    },
    at(step) {
      const samples = read(step)
      if (plan.absent === undefined) return samples
      return samples.length > 0 ? [] : [{ of: plan.absent, value: 1 }]
    },
  }
}

interface SeriesNames {
  /** Texts that entries share exactly when they are of one series. */
  readonly keyOf: (entry: Entry) => string
  /** Of an entry of a new series. */
  readonly labelsOf: (entry: Entry) => SampleLabels
}

function seriesNames({ op, grouping, unwrapped }: WindowsPlan): SeriesNames {
  if (op === 'absent_over_time') return { keyOf: () => '', labelsOf: () => NO_LABELS }
  if (grouping && !grouping.without) {
    const names = [...new Set(grouping.names)].sort()
    const labelsOf = (entry: Entry): SampleLabels => chooseLabels(entry.labels(), { without: false, names })
    const [first, ...others] = names
    if (first === undefined || others.length > 0)
      return { keyOf: (entry) => JSON.stringify(names.map((name) => entry.get(name))), labelsOf }
    return { keyOf: (entry) => entry.get(first), labelsOf }
  }
  const names = [...(grouping?.names ?? []), ...(unwrapped === undefined ? [] : [unwrapped])]
  const labelsOf = (entry: Entry): SampleLabels =>
    names.length === 0 ? sampleLabels(entry.labels()) : chooseLabels(entry.labels(), { without: true, names })
  return { keyOf: (entry) => labelsOf(entry).key, labelsOf }
}
