// GET /api/v1/days: the days that hold records the caller may see.
import type { Day } from '../../record/time.js'
import { tenantsForRead } from '../access.js'
import { sendJson } from '../answer.js'
import type { Exchange } from '../exchange.js'
import type { Route, Service } from '../service.js'

export const daysRoute: Route = {
  method: 'GET',
  path: '/api/v1/days',
  scope: 'read',
  errors: 'json',
  handle: days,
}

async function days(exchange: Exchange, { store }: Service): Promise<void> {
  const tenants = tenantsForRead(exchange.request, exchange.caller)
  const all = await store.days()
  if (tenants === undefined) {
    sendJson(exchange, 200, { days: all })
    return
  }
  const seen: Day[] = []
  for (const day of all) if ((await store.stats({ day, tenants })) !== undefined) seen.push(day)
  sendJson(exchange, 200, { days: seen })
}
