// The cheapest machine that holds a plan: a larger one with its own disk, or a smaller one with a volume.
import {
  PRICES_OF,
  SERVER_TYPES,
  type ServerType,
  VOLUME_GB_EUR,
  VOLUME_LEAST_BYTES,
  VOLUME_MOST_BYTES,
} from './hetzner-types.js'

export interface Needs {
  readonly cores: number
  readonly memoryBytes: number
  readonly diskBytes: number
}

export interface ChosenServer {
  readonly type: string
  readonly cores: number
  readonly memory_bytes: number
  readonly disk_bytes: number
  /** 0 where its own disk is enough. */
  readonly volume_bytes: number
  readonly server_eur_month: number
  readonly volume_eur_month: number
  /** Without VAT. */
  readonly eur_month: number
  readonly prices_of: string
}

const GB = 1e9

/** Null when no type is large enough. */
export function chooseServer(needs: Needs): ChosenServer | null {
  const [cheapest] = SERVER_TYPES.filter((type) => fits(type, needs))
    .map((type) => priced(type, needs))
    .filter(({ volume_bytes: volume }) => volume <= VOLUME_MOST_BYTES)
    .toSorted((a, b) => a.eur_month - b.eur_month)
  return cheapest ?? null
}

function fits({ cores, memoryBytes }: ServerType, needs: Needs): boolean {
  return cores >= needs.cores && memoryBytes >= needs.memoryBytes
}

function priced({ name, cores, memoryBytes, diskBytes, monthEur }: ServerType, needs: Needs): ChosenServer {
  const isEnough = diskBytes >= needs.diskBytes
  // Logs lie on one file system, so the volume holds them all.
  const volumeGb = isEnough ? 0 : Math.max(VOLUME_LEAST_BYTES / GB, Math.ceil(needs.diskBytes / GB / 10) * 10)
  const volumeEur = cents(volumeGb * VOLUME_GB_EUR)
  return {
    type: name,
    cores,
    memory_bytes: memoryBytes,
    disk_bytes: diskBytes,
    volume_bytes: volumeGb * GB,
    server_eur_month: monthEur,
    volume_eur_month: volumeEur,
    eur_month: cents(monthEur + volumeEur),
    prices_of: PRICES_OF,
  }
}

function cents(eur: number): number {
  return Math.round(eur * 100) / 100
}
