// What Hetzner Cloud rents out, and for how much. The prices are of the date below, gathered from public reports
// and not from the API, which wants a token: before you order, look at https://www.hetzner.com/cloud.

/** When the prices were good: after the rise of April 2026. */
export const PRICES_OF = '2026-04-15'

export interface ServerType {
  readonly name: string
  readonly cores: number
  readonly memoryBytes: number
  readonly diskBytes: number
  /** Euros a month without VAT, in Germany and Finland. */
  readonly monthEur: number
}

const GB = 1e9
const GIB = 2 ** 30

/** Shared x86 machines, the cheapest first. */
export const SERVER_TYPES: readonly ServerType[] = [
  { name: 'cx23', cores: 2, memoryBytes: 4 * GIB, diskBytes: 40 * GB, monthEur: 3.99 },
  { name: 'cx33', cores: 4, memoryBytes: 8 * GIB, diskBytes: 80 * GB, monthEur: 6.49 },
  { name: 'cx43', cores: 8, memoryBytes: 16 * GIB, diskBytes: 160 * GB, monthEur: 11.99 },
  { name: 'cx53', cores: 16, memoryBytes: 32 * GIB, diskBytes: 320 * GB, monthEur: 22.49 },
]

/** Euros a month for each GB of a volume, without VAT. */
export const VOLUME_GB_EUR = 0.0572

/** The largest volume, and the smallest. */
export const VOLUME_MOST_BYTES = 10_240 * GB
export const VOLUME_LEAST_BYTES = 10 * GB
