// What a volume of logs needs: disk, memory, cores, network, a machine and its price. Every number comes with the
// arithmetic that made it, so that people can disagree with a factor instead of with a result.
import { type ChosenServer, chooseServer } from './choose-server.js'

export interface Load {
  /** Bytes of lines a day, as they arrive. */
  readonly bytesPerDay: number
  readonly linesPerDay: number
  /** How it came about, for people: `10 GB a day`. */
  readonly how: string
}

export interface CapacityWish {
  readonly load: Load
  readonly retentionDays: number
  /** Raw bytes for each byte stored. */
  readonly ratio: number
  /** Plain daily files are kept beside the store (the mirror). */
  readonly plainFiles: boolean
  readonly connections: number
  /** How much more comes in the busiest second than on average. */
  readonly peak: number
  /** Share of the disk that stays free, 0 to 0.9. */
  readonly headroom: number
  /** Free space of the machine there is; undefined when that is not known. */
  readonly freeBytes?: number | undefined
  /** What is stored already. */
  readonly storedBytes?: number | undefined
}

export interface CapacityPlan {
  readonly load: { readonly bytes_per_day: number; readonly lines_per_day: number; readonly how: string }
  readonly retention_days: number
  readonly disk: {
    readonly raw_bytes: number
    readonly ratio: number
    readonly stored_bytes: number
    readonly plain_bytes: number
    readonly working_bytes: number
    readonly headroom: number
    readonly needed_bytes: number
  }
  readonly memory_bytes: number
  readonly cores: number
  readonly peak_lines_per_s: number
  readonly network: { readonly average_bits_per_s: number; readonly peak_bits_per_s: number }
  readonly connections: number
  /** Null when it does not fill up within the retention, or nothing is known of the disk. */
  readonly days_until_full: number | null
  readonly free_bytes: number | null
  readonly server: ChosenServer | null
}

const GB = 1e9
const MIB = 2 ** 20

/** The hot log, parts under construction and the system. */
export const WORKING_BYTES = 10 * GB

/** Peak of the server while it takes logs in; beside it queries; then the system. */
export const INGEST_MEMORY = 400 * MIB
export const QUERY_MEMORY = 512 * MIB
export const SYSTEM_MEMORY = 512 * MIB
export const CONNECTION_MEMORY = MIB / 4

/** Lines that one core takes in a second, sealing included. */
export const LINES_PER_CORE = 200_000

const SECONDS_PER_DAY = 86_400

export function planCapacity(wish: CapacityWish): CapacityPlan {
  const { load, retentionDays, ratio, plainFiles, connections, peak, headroom } = wish
  const raw = load.bytesPerDay * retentionDays
  const [stored, plain] = [raw / ratio, plainFiles ? raw : 0]
  const needed = (stored + plain + WORKING_BYTES) / (1 - headroom)
  const memory = INGEST_MEMORY + QUERY_MEMORY + SYSTEM_MEMORY + connections * CONNECTION_MEMORY
  const peakLines = (load.linesPerDay / SECONDS_PER_DAY) * peak
  const cores = Math.max(2, Math.ceil(peakLines / LINES_PER_CORE) + 1)
  const averageBits = (load.bytesPerDay * 8) / SECONDS_PER_DAY
  return {
    load: {
      bytes_per_day: Math.round(load.bytesPerDay),
      lines_per_day: Math.round(load.linesPerDay),
      how: load.how,
    },
    retention_days: retentionDays,
    disk: {
      raw_bytes: Math.round(raw),
      ratio,
      stored_bytes: Math.round(stored),
      plain_bytes: Math.round(plain),
      working_bytes: WORKING_BYTES,
      headroom,
      needed_bytes: Math.round(needed),
    },
    memory_bytes: memory,
    cores,
    peak_lines_per_s: Math.ceil(peakLines),
    network: { average_bits_per_s: Math.round(averageBits), peak_bits_per_s: Math.round(averageBits * peak) },
    connections,
    days_until_full: daysUntilFull(wish),
    free_bytes: wish.freeBytes ?? null,
    server: chooseServer({ cores, memoryBytes: memory, diskBytes: needed }),
  }
}

function daysUntilFull(wish: CapacityWish): number | null {
  const { freeBytes, storedBytes = 0, load, ratio, plainFiles, retentionDays, headroom } = wish
  if (freeBytes === undefined || load.bytesPerDay === 0) return null
  const perDay = load.bytesPerDay / ratio + (plainFiles ? load.bytesPerDay : 0)
  const room = freeBytes - (freeBytes + storedBytes) * headroom
  // From the retention on as much goes as comes.
  if (room + storedBytes >= perDay * retentionDays) return null
  return Math.max(0, Math.floor(room / perDay))
}
