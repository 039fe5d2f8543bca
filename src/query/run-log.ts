// Runs a log query: the scanner finds, the pipeline runs over what it finds, and the scan ends with the limit.
import type { Labels } from '../record/labels.js'
import type { Level } from '../record/level.js'
import type { StoredRecord } from '../record/record.js'
import type { ScanRequest } from '../record/scan-request.js'
import type { Scanner } from '../record/scanner.js'
import { nsOf } from '../record/time.js'
import type { Timestamp } from '../record/time.js'
import type { LogQuery } from './ast.js'
import type { Entry } from './entry.js'
import { startMeter, stopIfAborted } from './limits.js'
import { compilePipeline } from './pipeline.js'
import type { PushedDown } from './push-down.js'
import { pushDown } from './push-down.js'
import type { QueryOptions } from './run-metric.js'

export interface LogRequest extends Pick<
  ScanRequest,
  'tenants' | 'from' | 'to' | 'direction' | 'sequenceUpTo'
> {
  /** The most entries to yield, counted behind the pipeline. */
  readonly limit?: number | undefined
  /** Entries nearer than this to the one yielded before are left out. */
  readonly intervalNs?: bigint | undefined
}

/** What comes out of the pipeline. */
export interface LogEntry {
  readonly timestamp: Timestamp
  readonly sequence: number
  readonly tenant: string
  readonly level: Level
  readonly line: string
  /** By who sent them; each in the order of their names and without empty values. */
  readonly labels: {
    readonly stream: Labels
    readonly metadata: Labels
    readonly parsed: Labels
  }
}

/**
 * Yields in the direction asked, in pieces of bounded size. Throws QUERY_INVALID or PATTERN_INVALID before the first
 * piece, later QUERY_LIMIT, INTERRUPTED, and what the scanner throws.
 */
export async function* runLog(
  scanner: Scanner,
  query: LogQuery,
  request: LogRequest,
  options: QueryOptions = {},
): AsyncGenerator<readonly LogEntry[]> {
  const { limit = Infinity, intervalNs = 0n } = request
  const meter = startMeter(options.limits, options.signal)
  const pushed = pushDown(query)
  const run = compilePipeline(pushed.stages)
  const isSpaced = spacing(intervalNs, request.direction)
  let left = limit
  if (left <= 0) return
  for await (const records of scanner.scan(scanOf(request, pushed), options)) {
    stopIfAborted(options.signal)
    const entries: LogEntry[] = []
    for (const record of records) {
      meter.read(record.line.length)
      const entry = run(record)
      if (entry && isSpaced(record.timestamp)) {
        entries.push(logEntry(entry, record))
        if (--left === 0) break
      }
      await meter.pause()
    }
    if (entries.length > 0) yield entries
    if (left === 0) return
  }
  stopIfAborted(options.signal)
}

/** The limit is the scanner's where nothing is left out behind it. */
function scanOf(
  { tenants, from, to, direction, sequenceUpTo, limit, intervalNs = 0n }: LogRequest,
  { where, stages }: PushedDown,
): ScanRequest {
  const limited = stages.length === 0 && intervalNs <= 0n && limit !== undefined
  return { tenants, from, to, direction, sequenceUpTo, where, ...(limited ? { limit } : {}) }
}

function spacing(intervalNs: bigint, direction: ScanRequest['direction']): (timestamp: Timestamp) => boolean {
  if (intervalNs <= 0n) return () => true
  let yielded: bigint | undefined
  return (timestamp) => {
    const ns = nsOf(timestamp)
    if (yielded !== undefined) {
      const apart = direction === 'forward' ? ns - yielded : yielded - ns
      if (apart < intervalNs) return false
    }
    yielded = ns
    return true
  }
}

/** What came out of the pipeline for a record. */
export function logEntry(entry: Entry, { tenant, level }: StoredRecord): LogEntry {
  return {
    timestamp: entry.timestamp,
    sequence: entry.sequence,
    tenant,
    level,
    line: entry.line,
    labels: {
      stream: entry.labels('stream'),
      metadata: entry.labels('metadata'),
      parsed: entry.labels('parsed'),
    },
  }
}
