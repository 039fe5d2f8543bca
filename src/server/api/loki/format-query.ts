// /loki/api/v1/format_query: a query laid out in lines, for Grafana's "format query" and `logcli fmt`.
import { LogctlError } from '../../../errors.js'
import { formatQuery } from '../../../query/format-query.js'
import { parse } from '../../../query/parse.js'
import { sendJson } from '../../answer.js'
import type { Asked } from './loki-route.js'
import { lokiRoutes } from './loki-route.js'

export const formatQueryRoutes = lokiRoutes(['/loki/api/v1/format_query'], format)

function format({ exchange, parameters }: Asked): Promise<void> {
  try {
    const data = formatQuery(parse(parameters.get('query') ?? ''))
    sendJson(exchange, 200, { status: 'success', data })
  } catch (error) {
    if (!(error instanceof LogctlError)) throw error
    sendJson(exchange, 400, { status: 'invalid-query', error: error.message })
  }
  return Promise.resolve()
}
