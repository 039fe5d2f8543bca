// The way of decoded records into the store, whatever they came in by: limits of the sender, limit of streams, store,
// counters. A door may say "accepted" once `takeIn` has resolved: the records are durable then.
import type { DecodeContext, Decoded } from '../../decode/decoded.js'
import type { Appended } from '../../store/store.js'
import type { Caller } from '../access.js'
import { limitsStreams } from '../rate-limit.js'
import type { Service } from '../service.js'
import { appendPatiently } from './append-patiently.js'

/** What is known of records beside what they say. */
export interface Delivery {
  /** The label `door` of metrics. */
  readonly door: string
  readonly caller: Caller
  /** What was decoded, before compression. */
  readonly bytes: number
  /** The key by which a retried delivery is known; undefined where the sender gave none. */
  readonly idempotencyKey: string | undefined
}

export type Outcome = Pick<Appended, 'accepted' | 'rejected' | 'repeated'>

/** By which rules a door's events become records at this moment. */
export function decodeContext(
  { settings, clock }: Service,
  tenant: string | undefined,
  more: Pick<DecodeContext, 'addLabels'> = {},
): DecodeContext {
  return {
    nowMs: clock(),
    tenant,
    labelKeys: settings.labelKeys,
    limits: settings.decodeLimits,
    ...more,
  }
}

/** Throws RATE_LIMITED before anything is stored, and what the store throws. */
export async function takeIn(decoded: Decoded, delivery: Delivery, service: Service): Promise<Outcome> {
  const { settings, rateLimit, clock } = service
  const content = { bytes: delivery.bytes, events: countOf(decoded) }
  const { ratelimit } = settings.config
  if (limitsStreams(ratelimit)) rateLimit.takeStreams(delivery.caller, decoded.records, ratelimit, clock())
  rateLimit.takeContent(delivery.caller, content, ratelimit, clock())
  const outcome = await store(decoded, delivery, service)
  if (!outcome.repeated) countTaken(decoded, outcome.accepted, delivery, service)
  return outcome
}

async function store(
  decoded: Decoded,
  { door, idempotencyKey }: Delivery,
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
    service.metrics.count('logctl_ingest_repaired_total', { door, repair: 'stream_limit' }, stripped)
  service.echo?.(records)
  return appended
}

function countOf(decoded: Decoded): number {
  return decoded.scanned?.count ?? decoded.records.length
}

function countTaken(decoded: Decoded, lines: number, delivery: Delivery, service: Service): void {
  const { door, bytes, caller } = delivery
  const { metrics, keyLedger } = service
  keyLedger.take(caller.key, door, { lines, bytes, rejected: decoded.rejected })
  metrics.count('logctl_ingest_lines_total', { door }, lines)
  metrics.count('logctl_ingest_bytes_total', { door }, bytes)
  // Dashboards made for Loki ask for these names.
  metrics.count('loki_distributor_lines_received_total', {}, lines)
  metrics.count('loki_distributor_bytes_received_total', {}, bytes)
  for (const [reason, count] of Object.entries(decoded.rejected))
    metrics.count('logctl_ingest_refused_total', { door, reason }, count)
  for (const [repair, count] of Object.entries(decoded.repaired))
    metrics.count('logctl_ingest_repaired_total', { door, repair }, count)
}

function sum(counts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counts).reduce<number>((total, count) => total + (count ?? 0), 0)
}
