// Gathers the values of all steps into the answer of a metric query.
import { fail } from '../errors.js'
import type { MetricQuery } from './ast.js'
import type { Value } from './binary-operation.js'
import { uses } from './evaluate.js'
import type { MetricResult, Series } from './result.js'
import type { Sample, SampleLabels } from './sample.js'
import { NO_LABELS, compareLabels, labelsText } from './sample.js'
import { stepMs } from './steps.js'
import type { Steps } from './steps.js'

export interface AnswerCollector {
  /** Steps come in order. Throws QUERY_LIMIT. */
  add(step: number, value: Value): void
  answer(): MetricResult
}

export function answerCollector(query: MetricQuery, steps: Steps, maxSeries: number): AnswerCollector {
  return steps.instant ? instantAnswer(query, steps, maxSeries) : rangeAnswer(steps, maxSeries)
}

function instantAnswer(query: MetricQuery, steps: Steps, maxSeries: number): AnswerCollector {
  const timeMs = stepMs(steps, 0)
  const sorted = uses(query, 'sort') || uses(query, 'sort_desc')
  let value: Value = []
  return {
    add(_, found) {
      value = found
    },
    answer() {
      if (typeof value === 'number') return { type: 'scalar', timeMs, value }
      if (value.length > maxSeries) tooManySeries(maxSeries)
      refuseRepeated(value)
      const ordered = sorted ? value : value.toSorted((a, b) => compareLabels(a.of.labels, b.of.labels))
      return {
        type: 'vector',
        timeMs,
        samples: ordered.map(({ of, value }) => ({ labels: of.labels, value })),
      }
    },
  }
}

interface Line extends Series {
  readonly timesMs: number[]
  readonly values: number[]
  lastStep: number
}

function rangeAnswer(steps: Steps, maxSeries: number): AnswerCollector {
  const lines = new Map<string, Line>()

  function lineOf({ key, labels }: SampleLabels): Line {
    let line = lines.get(key)
    if (line === undefined) {
      if (lines.size >= maxSeries) tooManySeries(maxSeries)
      lines.set(key, (line = { labels, timesMs: [], values: [], lastStep: -1 }))
    }
    return line
  }

  return {
    add(step, found) {
      const timeMs = stepMs(steps, step)
      const samples = typeof found === 'number' ? [{ of: NO_LABELS, value: found }] : found
      for (const { of, value } of samples) {
        const line = lineOf(of)
        if (line.lastStep === step) repeated(of)
        line.lastStep = step
        line.timesMs.push(timeMs)
        line.values.push(value)
      }
    },
    answer: () => ({
      type: 'matrix',
      series: [...lines.values()]
        .sort((a, b) => compareLabels(a.labels, b.labels))
        .map(({ labels, timesMs, values }) => ({ labels, timesMs, values })),
    }),
  }
}

function refuseRepeated(samples: readonly Sample[]): void {
  const keys = new Set<string>()
  for (const { of } of samples) {
    if (keys.has(of.key)) repeated(of)
    keys.add(of.key)
  }
}

function repeated({ labels }: SampleLabels): never {
  return fail('QUERY_INVALID', `two series of the answer have the same labels ${labelsText(labels)}`, {
    hints: ['add the series up with sum by (…), or let label_replace write another label'],
  })
}

/** Loki's text. */
function tooManySeries(maxSeries: number): never {
  return fail(
    'QUERY_LIMIT',
    `maximum number of series (${maxSeries}) reached for a single query; consider reducing query cardinality by ` +
      'adding more specific stream selectors, reducing the time range, or aggregating results with functions ' +
      'like sum(), count() or topk()',
  )
}
