// POST /api/v1/aggregate: counts, sums and the like of the records that a request names, as one JSON object.
import { aggregateAnswerAsJson } from '../../record/aggregate-json.js'
import type { AggregateAnswer } from '../../record/aggregate-request.js'
import { narrowTenants, tenantsForRead } from '../access.js'
import { sendJson } from '../answer.js'
import type { Exchange } from '../exchange.js'
import { goneSignal } from '../exchange.js'
import type { Route, Service } from '../service.js'
import { aggregateSchema } from './aggregate-schema.js'
import { readJson } from './read-json.js'
import { timeLimit } from './time-limit.js'
import { gatherWarnings, tooManyRows } from './whole-answer.js'

export const aggregateRoute: Route = {
  method: 'POST',
  path: '/api/v1/aggregate',
  scope: 'read',
  errors: 'json',
  handle: aggregate,
}

async function aggregate(exchange: Exchange, service: Service): Promise<void> {
  const asked = await readJson(exchange, aggregateSchema, service)
  const tenants = narrowTenants(asked.tenants, tenantsForRead(exchange.request, exchange.caller))
  const limit = timeLimit(service.settings.config.query.timeout, goneSignal(exchange))
  const { warnings, warn } = gatherWarnings()
  const answer = await limit.run(() =>
    service.store.aggregate({ ...asked, tenants }, { signal: limit.signal, warn }),
  )
  refuseTooMany(answer, service.settings.config.query.max_rows)
  sendJson(exchange, 200, { ...aggregateAnswerAsJson(answer), warnings })
}

function refuseTooMany({ series }: AggregateAnswer, maxRows = Number.POSITIVE_INFINITY): void {
  if (series.reduce((sum, { points }) => sum + points.length, 0) > maxRows) throw tooManyRows(maxRows)
}
