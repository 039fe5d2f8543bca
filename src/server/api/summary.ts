// GET /api/v1/summary: the few numbers that a wall display or a home page shows.
import type { Summary } from '../../client/answers.js'
import { tenantsForRead } from '../access.js'
import { sendJson } from '../answer.js'
import type { Exchange } from '../exchange.js'
import type { Route, Service } from '../service.js'
import { diskOf } from './health.js'
import { today } from './stats.js'

export const summaryRoute: Route = {
  method: 'GET',
  path: '/api/v1/summary',
  scope: 'read',
  errors: 'json',
  handle: summary,
}

async function summary(exchange: Exchange, service: Service): Promise<void> {
  const tenants = tenantsForRead(exchange.request, exchange.caller)
  const [day, status] = await Promise.all([
    service.store.stats({ day: today(service), tenants }),
    service.storeStatus(),
  ])
  sendJson(exchange, 200, {
    today: day?.total ?? 0,
    errors: day?.errors ?? 0,
    bytes: day?.bytes ?? 0,
    lag_s: lagS(status.newest_arrival, service.clock()),
    disk_free_pct: diskOf(status).free_pct,
    // No rules run in this server yet.
    alerts_firing: 0,
  } satisfies Summary)
}

/** Seconds since anything arrived; null when nothing ever did. */
function lagS(newestArrival: string | undefined, nowMs: number): number | null {
  return newestArrival === undefined
    ? null
    : Math.max(0, Math.round((nowMs - Date.parse(newestArrival)) / 1000))
}
