// GET /api/v1/stats?date=&by=: the counts of one day, as `logctl stats --json` prints them.
import { fail } from '../../errors.js'
import type { Day } from '../../record/time.js'
import { dayOf, parseDay, timestampOfMs } from '../../record/time.js'
import { tenantsForRead } from '../access.js'
import { sendJson } from '../answer.js'
import type { Exchange } from '../exchange.js'
import type { Route, Service } from '../service.js'

export const statsRoute: Route = {
  method: 'GET',
  path: '/api/v1/stats',
  scope: 'read',
  errors: 'json',
  handle: stats,
}

const MAX_LABEL_NAME = 1024

async function stats(exchange: Exchange, service: Service): Promise<void> {
  const { query, request, caller } = exchange
  const date = query.get('date')
  const by = query.get('by') || undefined
  if (by !== undefined && by.length > MAX_LABEL_NAME) fail('QUERY_INVALID', 'by must be the name of a label')
  const day = date ? parseDay(date) : today(service)
  const found = await service.store.stats({ day, tenants: tenantsForRead(request, caller), by })
  sendJson(exchange, 200, found ?? fail('NO_LOGS', `no logs for ${day}`))
}

export function today({ clock }: Service): Day {
  return dayOf(timestampOfMs(clock()))
}
