// How an embedded store is opened, and the sizes it takes where nothing else is said.
import type { Fault } from './durable.js'

export type Tell = (message: string, detail?: object) => void

export interface EmbeddedOptions {
  /** The data folder. */
  readonly path: string
  /** A segment is closed at this size. Bytes. */
  readonly segmentBytes: number
  /** … or when it is this old, or has had no input for `segmentIdleMs`. Milliseconds. */
  readonly segmentAgeMs: number
  readonly segmentIdleMs: number
  /** Appends are refused while this many closed segments wait to be sealed. */
  readonly maxWaitingSegments: number
  /** Appends are refused below this. Bytes. */
  readonly minFreeBytes: number
  readonly rowGroupRows: number
  readonly compressionLevel: number
  readonly merge: boolean
  /** A commit takes what came within `flushMs` (at most 5 ms here, since senders wait), or `batchRecords` at once. */
  readonly batchRecords: number
  readonly flushMs: number
  readonly sealMemoryBytes: number
  readonly queryMemoryBytes: number
  readonly queryThreads: number
  readonly queryConcurrency: number
  /** For day manifests, side files and word filters. Bytes. */
  readonly cacheBytes: number
  /** Replaced files stay for twice the longest query time. Milliseconds. */
  readonly lingerMs: number
  /** How often a part is compared with its checksums. Milliseconds. */
  readonly scrubMs: number
  /** Told of what happened. */
  readonly log: Tell
  /** Told of what went wrong and somebody should look at. */
  readonly warn: Tell
  /** Planned failures, for tests. */
  readonly faults?: readonly Fault[]
}

const MIB = 1024 * 1024

export const DEFAULT_OPTIONS: Omit<EmbeddedOptions, 'path'> = {
  segmentBytes: 16 * MIB,
  segmentAgeMs: 300_000,
  segmentIdleMs: 10_000,
  maxWaitingSegments: 4,
  minFreeBytes: 512 * MIB,
  rowGroupRows: 16_384,
  compressionLevel: 3,
  merge: true,
  batchRecords: 1_000,
  flushMs: 5_000,
  sealMemoryBytes: 256 * MIB,
  queryMemoryBytes: 512 * MIB,
  queryThreads: 2,
  queryConcurrency: 2,
  cacheBytes: 64 * MIB,
  lingerMs: 120_000,
  scrubMs: 3_600_000,
  log: () => undefined,
  warn: () => undefined,
}
