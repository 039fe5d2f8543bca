// GET /health: whether logs are taken, kept and found again, in a form for monitors. Open to all.
import type { Health, HealthCheck, MirrorStatus } from '../../client/answers.js'
import { messageOf } from '../../errors.js'
import type { StoreStatus } from '../../record/store-status.js'
import { sendJson } from '../answer.js'
import type { Exchange } from '../exchange.js'
import type { Route, Service } from '../service.js'
import { type Certificate, lifeState } from '../tls/certificate.js'

const PATHS = ['/health', '/healthz', '/up', '/ping']

export const healthRoutes: readonly Route[] = PATHS.map((path) => ({
  method: 'GET',
  path,
  scope: 'open',
  errors: 'json',
  handle: health,
}))

async function health(exchange: Exchange, service: Service): Promise<void> {
  const found = await service.storeStatus().catch((error: unknown) => messageOf(error))
  const mirror = await service.mirrorStatus?.()
  const checks = [
    ...(typeof found === 'string' ? [failed('store', found)] : checksOf(found)),
    ...(mirror ? [mirrorCheck(mirror)] : []),
    ...(service.tls ? [certificateCheck(service.tls.certificate(), service.clock())] : []),
  ]
  const status =
    (['down', 'degraded'] as const).find((word) => checks.some((check) => check.status === word)) ?? 'ok'
  sendJson(exchange, status === 'down' ? 503 : 200, {
    status,
    version: service.version,
    uptime_s: uptimeS(service),
    store: typeof found === 'string' ? { state: 'failed' } : { kind: found.kind, state: found.state },
    disk: typeof found === 'string' ? null : diskOf(found),
    checks,
  } satisfies Health)
}

function checksOf(status: StoreStatus): HealthCheck[] {
  const store: HealthCheck =
    status.state === 'failed'
      ? failed('store', status.detail ?? 'writing fails')
      : { name: 'store', status: 'ok' }
  const disk: HealthCheck =
    status.state === 'full'
      ? { name: 'disk', status: 'degraded', detail: status.detail ?? 'free space is below the threshold' }
      : { name: 'disk', status: 'ok' }
  const damaged: HealthCheck =
    status.damaged.length > 0
      ? { name: 'data', status: 'degraded', detail: `${status.damaged.length} files are damaged` }
      : { name: 'data', status: 'ok' }
  return [store, disk, damaged]
}

/** Ingestion goes on without it. */
function mirrorCheck({ state, detail = 'its files cannot be written' }: MirrorStatus): HealthCheck {
  return state === 'ok' ? { name: 'mirror', status: 'ok' } : { name: 'mirror', status: 'degraded', detail }
}

/** Clients that hold on to what they know go on; new ones are refused once it has expired. */
function certificateCheck(certificate: Certificate, nowMs: number): HealthCheck {
  const state = lifeState(certificate, nowMs)
  if (state === 'valid') return { name: 'certificate', status: 'ok' }
  const expires = new Date(certificate.notAfterMs).toISOString()
  return { name: 'certificate', status: 'degraded', detail: `the certificate is ${state}: ${expires}` }
}

function failed(name: string, detail: string): HealthCheck {
  return { name, status: 'down', detail }
}

export function diskOf({ disk_free_bytes: free, disk_total_bytes: total }: StoreStatus) {
  return {
    free_bytes: free,
    total_bytes: total,
    free_pct: freePercent(free, total),
  }
}

/** One decimal; null where the size is not known. */
function freePercent(free: number, total: number): number | null {
  return total > 0 ? Math.round((free / total) * 1000) / 10 : null
}

export function uptimeS({ clock, startedMs }: Service): number {
  return Math.max(0, Math.round((clock() - startedMs) / 1000))
}
