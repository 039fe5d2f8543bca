// By which rules events become records: those of the configuration, at the doors and for plain files alike.
import type { Config } from '../config/schema.js'
import type { DecodeLimits } from '../decode/decoded.js'

export interface DecodeRules {
  readonly labelKeys: ReadonlySet<string>
  readonly limits: DecodeLimits
}

export function decodeRules({ ingest, limits }: Pick<Config, 'ingest' | 'limits'>): DecodeRules {
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
  }
}
