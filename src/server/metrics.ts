// The server's own numbers for Prometheus. Names are a contract; tenants and keys are never labels.
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { MirrorStatus } from '../client/answers.js'
import type { StoreStatus } from '../record/store-status.js'

interface MetricRow {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels?: readonly string[]
  /** Upper bounds, seconds. */
  readonly buckets?: readonly number[]
}

/** Every metric by name; README lists the same table. */
export const METRICS = {
  logctl_ingest_lines_total: { kind: 'counter', help: 'records stored', labels: ['door'] },
  logctl_ingest_bytes_total: {
    kind: 'counter',
    help: 'bytes of accepted bodies, decompressed',
    labels: ['door'],
  },
  logctl_ingest_refused_total: {
    kind: 'counter',
    help: 'events and requests refused',
    labels: ['door', 'reason'],
  },
  logctl_ingest_repaired_total: {
    kind: 'counter',
    help: 'events changed to keep them',
    labels: ['door', 'repair'],
  },
  logctl_ingest_requests_total: {
    kind: 'counter',
    help: 'ingest requests by HTTP status',
    labels: ['door', 'status'],
  },
  logctl_ack_seconds: {
    kind: 'histogram',
    help: 'from the headers of an ingest request to its answer, durability included',
    labels: ['door'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  },
  logctl_query_seconds: {
    kind: 'histogram',
    help: 'time to answer a read',
    labels: ['route'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  logctl_hot_bytes: { kind: 'gauge', help: 'bytes in segments that are not sealed yet' },
  logctl_segments: { kind: 'gauge', help: 'segments that are not sealed yet' },
  logctl_parts: { kind: 'gauge', help: 'sealed parts' },
  logctl_connections: { kind: 'gauge', help: 'open connections', labels: ['listener'] },
  logctl_paused_connections: {
    kind: 'gauge',
    help: 'connections of socket doors that wait for the store',
    labels: ['door'],
  },
  logctl_tails: { kind: 'gauge', help: 'live tails' },
  logctl_in_flight_bytes: { kind: 'gauge', help: 'bytes of request bodies in memory' },
  logctl_disk_free_bytes: { kind: 'gauge', help: 'free space where the data folder is' },
  logctl_disk_total_bytes: { kind: 'gauge', help: 'size of the disk where the data folder is' },
  logctl_mirror_behind: { kind: 'gauge', help: 'records that are not in the mirror yet' },
  logctl_mirror_failed: { kind: 'gauge', help: '1 while the mirror cannot be written' },
  logctl_certificate_expiry_seconds: {
    kind: 'gauge',
    help: "when the server's certificate expires, seconds since the epoch; absent without TLS",
  },
  logctl_build_info: { kind: 'gauge', help: 'always 1', labels: ['version'] },
  loki_distributor_lines_received_total: { kind: 'counter', help: "records stored, under Loki's name" },
  loki_distributor_bytes_received_total: {
    kind: 'counter',
    help: "bytes of accepted bodies, decompressed, under Loki's name",
  },
  process_cpu_seconds_total: { kind: 'gauge', help: 'user and system CPU time' },
  process_resident_memory_bytes: { kind: 'gauge', help: 'resident memory' },
  process_start_time_seconds: { kind: 'gauge', help: 'start, seconds since the epoch' },
} as const satisfies Record<string, MetricRow>

export type MetricName = keyof typeof METRICS
type NameOf<Kind extends MetricRow['kind']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never
}[MetricName]
type Values = Readonly<Record<string, string>>

export interface Metrics {
  count(name: NameOf<'counter'>, labels: Values, by?: number): void
  observe(name: NameOf<'histogram'>, labels: Values, seconds: number): void
  set(name: NameOf<'gauge'>, labels: Values, value: number): void
  /** What a counter holds, by the value of its label `door`. */
  byDoor(name: NameOf<'counter'>): Promise<Record<string, number>>
  /** The exposition text. */
  text(): Promise<string>
  readonly contentType: string
}

export function createMetrics(version: string): Metrics {
  const registry = new Registry()
  const counters = new Map<string, Counter>()
  const gauges = new Map<string, Gauge>()
  const histograms = new Map<string, Histogram>()
  for (const [name, row] of Object.entries<MetricRow>(METRICS)) {
    const base = { name, help: row.help, labelNames: [...(row.labels ?? [])], registers: [registry] }
    if (row.kind === 'counter') counters.set(name, new Counter(base))
    else if (row.kind === 'gauge') gauges.set(name, new Gauge(base))
    else histograms.set(name, new Histogram({ ...base, buckets: [...(row.buckets ?? [])] }))
  }
  gauges.get('logctl_build_info')?.set({ version }, 1)
  gauges.get('process_start_time_seconds')?.set(Math.round(Date.now() / 1000 - process.uptime()))
  return {
    count: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
    observe: (name, labels, seconds) => histograms.get(name)?.observe(labels, seconds),
    set: (name, labels, value) => gauges.get(name)?.set(labels, value),
    byDoor: async (name) => sumByDoor((await counters.get(name)?.get())?.values ?? []),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

function sumByDoor(values: readonly { labels: Partial<Record<string, string | number>>; value: number }[]) {
  const sums: Record<string, number> = {}
  for (const { labels, value } of values) {
    const door = String(labels['door'])
    sums[door] = (sums[door] ?? 0) + value
  }
  return sums
}

export function setStoreGauges(metrics: Metrics, status: StoreStatus): void {
  metrics.set('logctl_hot_bytes', {}, status.hot_bytes)
  metrics.set('logctl_segments', {}, status.segments)
  metrics.set('logctl_parts', {}, status.parts)
  metrics.set('logctl_disk_free_bytes', {}, status.disk_free_bytes)
  metrics.set('logctl_disk_total_bytes', {}, status.disk_total_bytes)
}

export function setMirrorGauges(metrics: Metrics, { behind, state }: MirrorStatus): void {
  metrics.set('logctl_mirror_behind', {}, behind)
  metrics.set('logctl_mirror_failed', {}, state === 'failed' ? 1 : 0)
}

export function setProcessGauges(metrics: Metrics): void {
  const { user, system } = process.cpuUsage()
  metrics.set('process_cpu_seconds_total', {}, (user + system) / 1e6)
  metrics.set('process_resident_memory_bytes', {}, process.memoryUsage.rss())
}
