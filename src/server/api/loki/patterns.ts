// /loki/api/v1/patterns: no patterns are mined in this server yet; Logs Drilldown shows that there are none.
import { parseLog } from '../../../query/parse.js'
import { requireSelective } from '../../../query/require-selective.js'
import type { Asked } from './loki-route.js'
import { lokiRoutes } from './loki-route.js'
import { step, timeRange } from './parameters.js'
import { sendObject } from './send.js'

export const patternsRoutes = lokiRoutes(['/loki/api/v1/patterns'], patterns)

function patterns(asked: Asked): Promise<void> {
  const { parameters, nowNs } = asked
  requireSelective(parseLog(parameters.get('query') ?? ''))
  step(parameters, timeRange(parameters, nowNs))
  return sendObject(asked, { status: 'success', data: [] })
}
