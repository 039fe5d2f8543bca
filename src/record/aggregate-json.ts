// Aggregate requests and answers as JSON: integers of any size as digits, and numbers that JSON lacks as texts.
import type { AggregateAnswer, AggregateRequest } from './aggregate-request.js'

export function aggregateRequestToJson(request: AggregateRequest): string {
  return JSON.stringify(request, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

/** NaN and infinities are `"NaN"`, `"Infinity"` and `"-Infinity"`. */
export function aggregateAnswerAsJson({ series, unreadable }: AggregateAnswer): AggregateAnswerJson {
  return {
    series: series.map(({ labels, points }) => ({
      labels,
      points: points.map(([window, value]) => [window, finiteOrText(value)]),
    })),
    unreadable,
  }
}

function finiteOrText(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

export interface AggregateAnswerJson extends Omit<AggregateAnswer, 'series'> {
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly points: readonly (readonly [number, number | string])[]
  }[]
}

export function aggregateAnswerOfJson({ series, unreadable }: AggregateAnswerJson): AggregateAnswer {
  const points = (given: AggregateAnswerJson['series'][number]['points']): [number, number][] =>
    given.map(([window, value]) => [window, Number(value)])
  return { series: series.map((one) => ({ labels: one.labels, points: points(one.points) })), unreadable }
}
