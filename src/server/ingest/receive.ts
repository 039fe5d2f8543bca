// The way of every ingest request: body, decompression, records, stream limit, store, answer; counted on the way.
// An answer that says "accepted" is given only when the store has made the records durable.
import type { Decoded } from '../../decode/decoded.js'
import type { Appended } from '../../store/store.js'
import { tenantForWrite } from '../access.js'
import type { ByteLease } from '../byte-budget.js'
import { readBody } from '../body.js'
import { gate } from '../gate.js'
import type { Exchange } from '../exchange.js'
import type { Failure, Service } from '../service.js'
import { appendPatiently } from './append-patiently.js'
import type { Door } from './door.js'

/** A small body can become the largest allowed; so many may do so before their size is counted. */
const decompressing = gate(2)

export async function receive(door: Door, exchange: Exchange, service: Service): Promise<void> {
  const { settings, rateLimit, clock } = service
  rateLimit.takeRequest(exchange.caller, settings.config.ratelimit, clock())
  const tenant = tenantForWrite(exchange.request, exchange.caller)
  const idempotencyKey = scopedKey(door, exchange, tenant)
  const lease = service.budget.lease()
  try {
    const body = await plainBody(door, exchange, lease, service)
    await service.decoding(body.length, () => keep(door, exchange, { body, tenant, idempotencyKey }, service))
  } finally {
    lease.release()
  }
}

interface Plain {
  readonly body: Buffer
  readonly tenant: string | undefined
  readonly idempotencyKey: string | undefined
}

/** From the plain body to the answer. */
async function keep(
  door: Door,
  exchange: Exchange,
  { body, tenant, idempotencyKey }: Plain,
  service: Service,
): Promise<void> {
  const { settings, rateLimit, clock } = service
  const limits = settings.config.ratelimit
  const decoded = door.decode(body, exchange.request, {
    nowMs: clock(),
    tenant,
    labelKeys: settings.labelKeys,
    limits: settings.decodeLimits,
  })
  const content = { bytes: body.length, events: countOf(decoded) }
  rateLimit.takeContent(exchange.caller, content, limits, clock())
  const appended = await store(door, decoded, idempotencyKey, service)
  if (!appended.repeated)
    countReceived(door, decoded, { lines: appended.accepted, bytes: body.length }, service)
  const status = door.answer({ ...appended, decoded, tenant }, exchange)
  countAnswer(door, status, exchange, service)
}

export function countFailure(door: Door, failure: Failure, exchange: Exchange, service: Service): void {
  service.metrics.count('logctl_ingest_refused_total', { door: door.name, reason: failure.reason })
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

type Outcome = Pick<Appended, 'accepted' | 'rejected' | 'repeated'>

async function store(
  door: Door,
  decoded: Decoded,
  idempotencyKey: string | undefined,
  service: Service,
): Promise<Outcome> {
  const rejected = sum(decoded.rejected)
  if (countOf(decoded) === 0) return { accepted: 0, rejected, repeated: false }
  const { scanned } = decoded
  const limit = service.settings.config.limits.streams
  if (scanned && service.streamLimit.admitsAll(scanned.streamDays, limit)) {
    const batch = {
      scanned,
      idempotencyKey,
      rejected,
      get records() {
        return scanned.records
      },
    }
    const appended = await appendPatiently(service.store, batch)
    if (!appended.repeated && service.echo) service.echo(scanned.records)
    return appended
  }
  const { records, stripped } = service.streamLimit.apply(decoded.records, limit)
  const appended = await appendPatiently(service.store, { records, idempotencyKey, rejected })
  if (appended.repeated) return appended
  if (stripped > 0)
    service.metrics.count(
      'logctl_ingest_repaired_total',
      { door: door.name, repair: 'stream_limit' },
      stripped,
    )
  service.echo?.(records)
  return appended
}

function countOf(decoded: Decoded): number {
  return decoded.scanned?.count ?? decoded.records.length
}

function countReceived(
  door: Door,
  decoded: Decoded,
  stored: { readonly lines: number; readonly bytes: number },
  { metrics }: Service,
): void {
  metrics.count('logctl_ingest_lines_total', { door: door.name }, stored.lines)
  metrics.count('logctl_ingest_bytes_total', { door: door.name }, stored.bytes)
  // Dashboards made for Loki ask for these names.
  metrics.count('loki_distributor_lines_received_total', {}, stored.lines)
  metrics.count('loki_distributor_bytes_received_total', {}, stored.bytes)
  for (const [reason, count] of Object.entries(decoded.rejected))
    metrics.count('logctl_ingest_refused_total', { door: door.name, reason }, count)
  for (const [repair, count] of Object.entries(decoded.repaired))
    metrics.count('logctl_ingest_repaired_total', { door: door.name, repair }, count)
}

function countAnswer(door: Door, status: number, { startedMs }: Exchange, { metrics }: Service): void {
  metrics.count('logctl_ingest_requests_total', { door: door.name, status: String(status) })
  if (status < 300)
    metrics.observe('logctl_ack_seconds', { door: door.name }, (performance.now() - startedMs) / 1000)
}

function sum(counts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counts).reduce<number>((total, count) => total + (count ?? 0), 0)
}
