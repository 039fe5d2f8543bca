// The contract of every store: it keeps what it acknowledged, and answers as a scanner.
import type { ScannedBatch } from '../decode/scanner/scanned-batch.js'
import type { LogRecord } from '../record/record.js'
import type { Scanner } from '../record/scanner.js'
import type { DayOnDisk, StoreStatus } from '../record/store-status.js'
import type { Day } from '../record/time.js'

export interface AppendBatch {
  readonly records: readonly LogRecord[]
  /** The same records as bytes, where there are any: a store that can write these need not look at `records`. */
  readonly scanned?: ScannedBatch | undefined
  /** A batch whose key was stored within the last 24 hours is not stored again. */
  readonly idempotencyKey?: string | undefined
  /** How many of the request's events were refused; remembered with the key, so that a retry is answered alike. */
  readonly rejected?: number | undefined
}

export interface Appended {
  /** The sequence of the first record; the others follow without gap. */
  readonly firstSequence: number
  readonly accepted: number
  readonly rejected: number
  /** True when the key was known and nothing new was stored. */
  readonly repeated: boolean
}

export interface Store extends Scanner {
  /**
   * Resolves when every record of the batch is on disk. Throws DISK_FULL or STORE_FAILED (nothing of the batch
   * is stored then), OVERLOADED when more waits to be sealed than may, STOPPING after `close`.
   */
  append(batch: AppendBatch): Promise<Appended>
  /** Days with what they occupy, hot and sealed, for retention. */
  daysOnDisk(): Promise<readonly DayOnDisk[]>
  /** Removes whole days and frees their space. */
  drop(days: readonly Day[]): Promise<readonly DayOnDisk[]>
  /** Closes the open segment and seals everything that is closed. */
  seal(): Promise<void>
  status(): Promise<StoreStatus>
}
