// The reading half of every place where logs live: a server, a data folder, plain files. Commands, the API and
// LogQL speak to this interface only, so that all of them answer alike.
import type { AggregateAnswer, AggregateRequest } from './aggregate-request.js'
import type { StoredRecord } from './record.js'
import type { ScanRequest } from './scan-request.js'
import type { Day } from './time.js'

export interface ScanOptions {
  readonly signal?: AbortSignal | undefined
  /** Called for everything that keeps the answer from being whole (a damaged part, a limit). */
  readonly warn?: ((message: string) => void) | undefined
}

/** A follower gives no order by time and no direction: records come as they were stored. */
export type FollowRequest = Pick<ScanRequest, 'tenants' | 'where'> & { readonly sequenceAbove: number }

/** Counts of one day, as `logctl stats --json` prints them. Keys of `by` are the values of that label. */
export interface DayStats {
  readonly date: Day
  readonly total: number
  readonly errors: number
  /** Bytes of the lines, as UTF-8. */
  readonly bytes: number
  readonly by: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** What the day occupies on disk; of the open part of a day, the hot segments that hold it. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
}

export interface StatsRequest {
  readonly day: Day
  readonly tenants?: readonly string[] | undefined
  /** A label to count by besides source, tenant, stream, level and hour. */
  readonly by?: string | undefined
}

export interface LabelsRequest {
  readonly tenants?: readonly string[] | undefined
  readonly from?: ScanRequest['from']
  readonly to?: ScanRequest['to']
  /** Only streams whose labels fulfil these; conditions on lines are refused. */
  readonly where: ScanRequest['where']
}

export interface Scanner {
  /**
   * Yields by (timestamp, sequence) in the direction asked, in pieces of bounded size. Throws QUERY_INVALID or
   * PATTERN_INVALID before the first piece, QUERY_LIMIT or DATA_DAMAGED where the answer cannot go on.
   */
  scan(request: ScanRequest, options?: ScanOptions): AsyncIterable<readonly StoredRecord[]>
  /**
   * Counts, sums and the like by labels and windows of time, without yielding records. Throws QUERY_INVALID,
   * PATTERN_INVALID, or QUERY_LIMIT where the answer would be too large. `aggregateByScan` answers for any scanner.
   */
  aggregate(request: AggregateRequest, options?: ScanOptions): Promise<AggregateAnswer>
  /** Yields by sequence, without gap or repeat, until the signal aborts; a slow reader is not queued for. */
  follow(request: FollowRequest, options?: ScanOptions): AsyncIterable<readonly StoredRecord[]>
  /** The sequence of the newest record that readers can see; 0 when there is none. */
  newestSequence(): Promise<number>
  /** Days that hold records, in order. */
  days(): Promise<readonly Day[]>
  /** Undefined when the day holds nothing. */
  stats(request: StatsRequest, options?: ScanOptions): Promise<DayStats | undefined>
  /** Label names and their values, both in order. */
  labels(request: LabelsRequest, options?: ScanOptions): Promise<Readonly<Record<string, readonly string[]>>>
  close(): Promise<void>
}
