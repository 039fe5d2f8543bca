// /loki/api/v1/query: numbers at one moment. Grafana tests a data source with `vector(1)+vector(1)`.
import { fail } from '../../../errors.js'
import { parse } from '../../../query/parse.js'
import { nearestTimestamp } from '../../../query/steps.js'
import type { Asked } from './loki-route.js'
import { lokiRoutes } from './loki-route.js'
import { answerMetric } from './metric-answer.js'
import { direction, limit, moment } from './parameters.js'

export const queryRoutes = lokiRoutes(['/loki/api/v1/query'], query)

async function query(asked: Asked): Promise<void> {
  const { parameters, nowNs } = asked
  const parsed = parse(parameters.get('query') ?? '')
  limit(parameters)
  direction(parameters)
  const at = nearestTimestamp(moment('time', parameters, nowNs))
  // Loki's words.
  if (parsed.kind === 'log')
    fail(
      'QUERY_INVALID',
      'log queries are not supported as an instant query type, please change your query to a range query type',
    )
  await answerMetric(asked, parsed, { at })
}
