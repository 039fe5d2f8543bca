// By which rules lines of plain files become records: those of the server's JSON door.
import type { Config } from '../config/schema.js'
import type { ReadingRules } from '../store/files/index.js'

/** Where the configuration leaves it to the machine: as long as the largest body of all. Bytes. */
const LONGEST_LINE = 100 * 2 ** 20

export function readingRules({ ingest, limits }: Config): ReadingRules {
  return {
    labelKeys: new Set(ingest.labels),
    limits: {
      lineBytes: limits.line,
      fields: limits.fields,
      depth: limits.depth,
      labels: limits.labels,
      days: limits.days,
      aheadMs: limits.ahead,
      maxAgeMs: limits.max_age,
      recordBytes: limits.record,
    },
    lineBytes: limits.body === 'auto' ? LONGEST_LINE : limits.body,
  }
}
