// The embedded store as the configuration and the machine want it.
import { readMachine } from '../config/machine.js'
import type { Config } from '../config/schema.js'
import { type Sizes, sizesFor } from '../config/sizes.js'
import { DEFAULT_OPTIONS, type EmbeddedOptions } from '../store/embedded/options.js'

export function machineSizes(config: Config): Sizes {
  return sizesFor(readMachine(), config)
}

/** `log` is told of what happened, `warn` of what went wrong. */
export function storeOptions(
  config: Config,
  sizes: Sizes,
  { log, warn }: Pick<EmbeddedOptions, 'log' | 'warn'>,
): EmbeddedOptions {
  const { store, batch, query } = config
  return {
    ...DEFAULT_OPTIONS,
    path: store.data,
    segmentBytes: sizes.segmentBytes,
    segmentAgeMs: store.segment_age,
    segmentIdleMs: store.segment_idle,
    maxWaitingSegments: sizes.maxWaitingSegments,
    minFreeBytes: store.min_free_bytes,
    rowGroupRows: store.row_group_rows,
    compressionLevel: store.compression_level,
    merge: store.merge,
    batchRecords: batch.size,
    flushMs: batch.flush_interval,
    sealMemoryBytes: sizes.duckdbSealMemoryBytes,
    queryMemoryBytes: sizes.duckdbQueryMemoryBytes,
    queryThreads: sizes.queryThreads,
    queryConcurrency: sizes.queryConcurrency,
    // A file that was replaced may still be read by the longest query.
    lingerMs: 2 * query.timeout,
    log,
    warn,
  }
}
