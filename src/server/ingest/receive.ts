// The way of every ingest request over HTTP: limits, body, decompression, records, intake, answer.
import { tenantForWrite } from '../access.js'
import type { Labels } from '../../record/labels.js'
import type { ByteLease } from '../byte-budget.js'
import { readBody } from '../body.js'
import { gate } from '../gate.js'
import type { Exchange } from '../exchange.js'
import type { Failure, Service } from '../service.js'
import type { Door } from './door.js'
import { decodeContext, takeIn } from './intake.js'

/** A small body can become the largest allowed; so many may do so before their size is counted. */
export const decompressing = gate(2)

export async function receive(door: Door, exchange: Exchange, service: Service): Promise<void> {
  const { settings, rateLimit, clock } = service
  rateLimit.takeRequest(exchange.caller, settings.config.ratelimit, clock())
  const sender = door.sender?.(exchange, settings) ?? {}
  const tenant = tenantForWrite(exchange.request, exchange.caller) ?? sender.tenant
  const idempotencyKey = scopedKey(door, exchange, tenant)
  const lease = service.budget.lease()
  try {
    const body = await plainBody(door, exchange, lease, service)
    await service.decoding(body.length, () =>
      keep(door, exchange, { body, tenant, labels: sender.labels, idempotencyKey }, service),
    )
  } finally {
    lease.release()
  }
}

interface Plain {
  readonly body: Buffer
  readonly tenant: string | undefined
  readonly labels: Labels | undefined
  readonly idempotencyKey: string | undefined
}

/** From the plain body to the answer. */
async function keep(
  door: Door,
  exchange: Exchange,
  { body, tenant, labels, idempotencyKey }: Plain,
  service: Service,
): Promise<void> {
  const decoded = door.decode(body, exchange.request, decodeContext(service, tenant, { addLabels: labels }))
  const delivery = { door: door.name, caller: exchange.caller, bytes: body.length, idempotencyKey }
  const outcome = await takeIn(decoded, delivery, service)
  const status = door.answer({ ...outcome, decoded, tenant }, exchange)
  countAnswer(door, status, exchange, service)
}

export function countFailure(door: Door, failure: Failure, exchange: Exchange, service: Service): void {
  service.metrics.count('logctl_ingest_refused_total', { door: door.name, reason: failure.reason })
  service.keyLedger.refuse(exchange.caller.key, door.name, failure.reason)
  countAnswer(door, failure.status, exchange, service)
}

async function plainBody(
  door: Door,
  exchange: Exchange,
  lease: ByteLease,
  service: Service,
): Promise<Buffer> {
  const { config } = service.settings
  const limitBytes = service.settings.bodyBytes
  const body = await readBody(exchange, {
    limitBytes,
    pauseMs: config.server.read_timeout,
    budget: service.budget,
    lease,
  })
  return decompressing(async () => {
    const plain = await door.decompress(body, exchange.request, limitBytes)
    if (plain !== body) lease.take(plain.length)
    return plain
  })
}

/** Senders cannot meet each other's keys: each stands behind who sent it and where it goes. */
function scopedKey(
  door: Door,
  { request, caller }: Exchange,
  tenant: string | undefined,
): string | undefined {
  const given = door.idempotencyKey?.(request)
  return given === undefined
    ? undefined
    : JSON.stringify([door.name, caller.key?.id ?? '', tenant ?? '', given])
}

function countAnswer(door: Door, status: number, { startedMs }: Exchange, { metrics }: Service): void {
  metrics.count('logctl_ingest_requests_total', { door: door.name, status: String(status) })
  if (status < 300)
    metrics.observe('logctl_ack_seconds', { door: door.name }, (performance.now() - startedMs) / 1000)
}
