// What a store says of itself and of its days; a server passes it on, so that it is spoken of above and beside stores.
import type { Day } from './time.js'

/** What dropping a day would free, or has freed. */
export interface DayOnDisk {
  readonly day: Day
  readonly records: number
  /** Bytes on disk: parts and side files. */
  readonly bytes: number
}

export interface StoreStatus {
  readonly kind: 'embedded' | 'files' | 'postgres' | 'clickhouse' | 'loki'
  readonly path: string
  /** `full`: below the free-space threshold, ingestion is refused; `failed`: the disk refuses writes. */
  readonly state: 'ok' | 'full' | 'failed'
  readonly detail?: string | undefined
  readonly days: number
  readonly parts: number
  readonly segments: number
  readonly hotBytes: number
  readonly storedBytes: number
  readonly newestSequence: number
  /** Arrival of the newest record, RFC 3339; undefined when nothing was ever stored. */
  readonly newestArrival?: string | undefined
  readonly diskFreeBytes: number
  readonly diskTotalBytes: number
  /** Files that were set aside because they were damaged. */
  readonly damaged: readonly string[]
}
