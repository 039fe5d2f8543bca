// GET /api/v1/labels?query=&from=&to=: label names and their values.
import { tenantsForRead } from '../access.js'
import { sendJson } from '../answer.js'
import type { Exchange } from '../exchange.js'
import type { Route, Service } from '../service.js'
import { conditions, moment } from './parameters.js'

export const labelsRoute: Route = {
  method: 'GET',
  path: '/api/v1/labels',
  scope: 'read',
  errors: 'json',
  handle: labels,
}

async function labels(exchange: Exchange, { store, clock }: Service): Promise<void> {
  const { query, request, caller } = exchange
  const found = await store.labels({
    tenants: tenantsForRead(request, caller),
    from: moment(query.get('from'), clock()),
    to: moment(query.get('to'), clock()),
    where: conditions(query),
  })
  sendJson(exchange, 200, { labels: found })
}
