// What a store says about itself, in the JSON form that `status --json` and the API print.
import type { Day } from './time.js'

/** What dropping a day would free, or has freed. */
export interface DayOnDisk {
  readonly day: Day
  /** Absent for plain files, which nobody has counted. */
  readonly records?: number | undefined
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
  readonly hot_bytes: number
  readonly stored_bytes: number
  readonly newest_sequence: number
  /** Arrival of the newest record, RFC 3339; undefined when nothing was ever stored. */
  readonly newest_arrival?: string | undefined
  readonly disk_free_bytes: number
  readonly disk_total_bytes: number
  /** Files that were set aside because they were damaged. */
  readonly damaged: readonly string[]
}
