// GET /api/v1/status: everything about the running server that `logctl status` shows.
import type { DoorCounts, KeyUsage, ServerStatus } from '../../client/answers.js'
import type { Caller } from '../access.js'
import { sendJson } from '../answer.js'
import type { Exchange } from '../exchange.js'
import { DOORS } from '../ingest/index.js'
import { VECTOR_DOOR } from '../grpc/methods.js'
import type { Metrics } from '../metrics.js'
import { SOCKET_DOORS } from '../sockets/index.js'
import type { Route, Service } from '../service.js'
import { uptimeS } from './health.js'

export const statusRoute: Route = {
  method: 'GET',
  path: '/api/v1/status',
  scope: 'read',
  errors: 'json',
  handle: status,
}

async function status(exchange: Exchange, service: Service): Promise<void> {
  const { rss, heapUsed, external } = process.memoryUsage()
  sendJson(exchange, 200, {
    version: service.version,
    pid: process.pid,
    started: new Date(service.startedMs).toISOString(),
    uptime_s: uptimeS(service),
    listeners: service.listeners.map(({ name, kind, url, connections }) => ({
      name,
      kind,
      url,
      connections: connections(),
    })),
    tails: service.tails,
    doors: await doorCounts(service.metrics),
    keys: keysShownTo(exchange.caller, service),
    store: await service.storeStatus(),
    ...(service.mirrorStatus && { mirror: await service.mirrorStatus() }),
    memory: {
      rss_bytes: rss,
      heap_bytes: heapUsed,
      external_bytes: external,
      in_flight_bytes: service.budget.inUse(),
    },
  } satisfies ServerStatus)
}

/** The names of others are nothing for who is bound to a tenant. */
function keysShownTo({ key }: Caller, { keyLedger }: Service): readonly KeyUsage[] {
  const all = keyLedger.list()
  return key?.tenant === undefined ? all : all.filter(({ id }) => id === key.id)
}

async function doorCounts(metrics: Metrics): Promise<DoorCounts[]> {
  const lines = await metrics.byDoor('logctl_ingest_lines_total')
  const bytes = await metrics.byDoor('logctl_ingest_bytes_total')
  const refused = await metrics.byDoor('logctl_ingest_refused_total')
  const requests = await metrics.byDoor('logctl_ingest_requests_total')
  return [...new Set([...DOORS, VECTOR_DOOR, ...SOCKET_DOORS].map(({ name }) => name))].map((name) => ({
    door: name,
    requests: requests[name] ?? 0,
    lines: lines[name] ?? 0,
    bytes: bytes[name] ?? 0,
    refused: refused[name] ?? 0,
  }))
}
