// The context that tests of decoders share: the default limits, a fixed clock, the default label keys.
import type { DecodeContext, DecodeLimits } from '#logctl/decode/decoded.js'
import type { Labels } from '#logctl/record/labels.js'

/** What a case may change. */
export interface Given {
  readonly tenant?: string
  readonly addLabels?: Labels
  readonly labelKeys?: readonly string[]
  readonly limits?: Partial<DecodeLimits>
}

export const MIB = 1024 * 1024

const LIMITS: DecodeLimits = {
  lineBytes: MIB,
  fields: 1000,
  depth: 32,
  labels: 32,
  days: 400,
  aheadMs: 600_000,
  recordBytes: 4 * MIB,
}

const LABEL_KEYS = 'source app service job host container stream level env region tenant'.split(' ')

export function contextOf(given: Given = {}): DecodeContext {
  return {
    nowMs: Date.UTC(2025, 0, 12),
    tenant: given.tenant,
    addLabels: given.addLabels,
    labelKeys: new Set(given.labelKeys ?? LABEL_KEYS),
    limits: { ...LIMITS, ...given.limits },
  }
}

export function countOf(counts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0)
}
