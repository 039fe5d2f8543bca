// Keeps the number of streams of a tenant's day bounded: beyond the limit the labels of a new stream become fields
// of its records, so that nothing is lost and no index grows without end. Counted anew when the server starts.
import type { StreamDay } from '../../decode/scanner/scanned-batch.js'
import type { Labels } from '../../record/labels.js'
import type { LogRecord } from '../../record/record.js'

/** The most (tenant, day) pairs remembered; the one used longest ago is forgotten first. */
const MAX_DAYS = 1000
/** The most streams remembered over all of them. */
const MAX_STREAMS = 2_000_000

export interface StreamLimit {
  /** Whether all records of these streams may keep their labels. */
  admitsAll(streams: readonly StreamDay[], limit: number): boolean
  /** The records to store, and how many of them lost their labels. */
  apply(records: readonly LogRecord[], limit: number): { records: readonly LogRecord[]; stripped: number }
}

export function createStreamLimit(): StreamLimit {
  const days = new Map<string, Set<number>>()
  let total = 0
  const streamsOf = (tenantDay: string): Set<number> => {
    const streams = days.get(tenantDay) ?? new Set<number>()
    days.delete(tenantDay)
    days.set(tenantDay, streams)
    for (const [oldest, its] of days) {
      if (days.size <= MAX_DAYS && total <= MAX_STREAMS) break
      if (its !== streams && days.delete(oldest)) total -= its.size
    }
    return streams
  }
  const admits = (tenantDay: string, stream: number, limit: number): boolean => {
    const streams = streamsOf(tenantDay)
    if (streams.has(stream)) return true
    if (streams.size >= limit) return false
    streams.add(stream)
    total += 1
    return true
  }
  return {
    admitsAll(streams, limit) {
      // The streams of a tenant mostly come one after another.
      let name = ''
      let known = new Set<number>()
      return streams.every(({ tenant, labels, day }) => {
        const tenantDay = `${day}${tenant}`
        if (tenantDay !== name) known = streamsOf((name = tenantDay))
        const hash = streamHash(labels)
        return known.has(hash) || admits(tenantDay, hash, limit)
      })
    },
    apply(records, limit) {
      // Most records of a request share a few label objects: each is looked up once a day and tenant.
      const seen = new Map<Labels, Map<string, boolean>>()
      let stripped = 0
      const kept = records.map((record) => {
        const tenantDay = `${record.timestamp.slice(0, 10)}${record.tenant}`
        const ofLabels = seen.get(record.labels) ?? new Map<string, boolean>()
        const admitted = ofLabels.get(tenantDay) ?? admits(tenantDay, streamHash(record.labels), limit)
        seen.set(record.labels, ofLabels.set(tenantDay, admitted))
        if (admitted) return record
        stripped += 1
        return withoutLabels(record)
      })
      return stripped === 0 ? { records, stripped } : { records: kept, stripped }
    },
  }
}

const hashes = new WeakMap<Labels, number>()

/** Remembered, as label objects are shared. */
function streamHash(labels: Labels): number {
  let hash = hashes.get(labels)
  if (hash === undefined) hashes.set(labels, (hash = hashOf(streamText(labels))))
  return hash
}

function streamText(labels: Labels): string {
  let text = ''
  for (const name in labels) text += `${name}\u0001${labels[name]}\u0002`
  return text
}

/** 53 bits (FNV-1a and a second multiplier): at 100,000 streams two collide once in a million days. */
function hashOf(text: string): number {
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high ^ code, 0x85ebca6b)
  }
  return (high & 0x1fffff) * 0x100000000 + (low >>> 0)
}

/** `service_name` stays, as every stream has one; a field of the same name wins over a label. */
function withoutLabels(record: LogRecord): LogRecord {
  const { service_name: serviceName = '', ...rest } = record.labels
  return { ...record, labels: { service_name: serviceName }, fields: { ...rest, ...record.fields } }
}
