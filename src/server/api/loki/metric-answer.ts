// Answers a metric query: numbers, in the form that Prometheus' API has for them.
import type { MetricQuery } from '../../../query/ast.js'
import { planMetric } from '../../../query/plan.js'
import { requireSelective } from '../../../query/require-selective.js'
import type { MetricResult } from '../../../query/result.js'
import { formatValue } from '../../../query/result.js'
import type { MetricRequest } from '../../../query/run-metric.js'
import { runMetric } from '../../../query/run-metric.js'
import { warningsJson } from './log-answer.js'
import type { Asked } from './loki-route.js'
import { sendPieces } from './send.js'

export async function answerMetric(asked: Asked, query: MetricQuery, request: MetricRequest): Promise<void> {
  requireSelective(query)
  const { scanner, options } = asked
  const result = await asked.inTurn(weightOf(query), () => runMetric(scanner, query, request, options))
  await sendPieces(asked, metricPieces(result, asked))
}

export function* metricPieces(result: MetricResult, asked: Asked): Generator<string> {
  yield `{"status":"success","data":{"resultType":"${result.type}","result":`
  yield* resultPieces(result)
  yield `,"stats":${JSON.stringify(asked.stats(0))}}${warningsJson(asked)}}`
}

/** What a store counts by streams and levels alone reads no lines. */
function weightOf(query: MetricQuery): 'light' | 'heavy' {
  const light = planMetric(query).ranges.every(
    ({ store }) =>
      (store?.measure.kind === 'count' || store?.measure.kind === 'bytes') &&
      store.sent === undefined &&
      store.lines === undefined &&
      store.where.every(({ kind }) => kind === 'label' || kind === 'level'),
  )
  return light ? 'light' : 'heavy'
}

function* resultPieces(result: MetricResult): Generator<string> {
  if (result.type === 'scalar') {
    yield point(result.timeMs, result.value)
    return
  }
  yield '['
  if (result.type === 'vector')
    for (const [at, { labels, value }] of result.samples.entries())
      yield `${at === 0 ? '' : ','}{"metric":${JSON.stringify(labels)},"value":${point(result.timeMs, value)}}`
  else
    for (const [at, { labels, timesMs, values }] of result.series.entries()) {
      yield `${at === 0 ? '' : ','}{"metric":${JSON.stringify(labels)},"values":[`
      yield values.map((value, index) => point(timesMs[index] ?? 0, value)).join(',')
      yield ']}'
    }
  yield ']'
}

/** Seconds with milliseconds, and the value as text. */
function point(timeMs: number, value: number): string {
  return `[${timeMs / 1000},"${formatValue(value)}"]`
}
