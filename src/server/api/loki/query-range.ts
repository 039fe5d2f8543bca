// /loki/api/v1/query_range: lines as streams, or numbers step by step.
import { parse } from '../../../query/parse.js'
import { answerLog } from './log-answer.js'
import type { Asked } from './loki-route.js'
import { lokiRoutes } from './loki-route.js'
import { answerMetric } from './metric-answer.js'
import { boundsOf, direction, limit, step, timeRange } from './parameters.js'

export const queryRangeRoutes = lokiRoutes(['/loki/api/v1/query_range'], queryRange)

async function queryRange(asked: Asked): Promise<void> {
  const { parameters, nowNs } = asked
  const query = parse(parameters.get('query') ?? '')
  if (query.kind === 'log') return answerLog(asked, query)
  limit(parameters)
  direction(parameters)
  const range = timeRange(parameters, nowNs)
  return answerMetric(asked, query, { ...boundsOf(range), stepNs: step(parameters, range) })
}
