// The answers of a server that are no records: its health, its state, its numbers of today.
import type { Timestamp } from '../record/time.js'
import type { DayOnDisk, StoreStatus } from '../record/store-status.js'

export interface Health {
  readonly status: 'ok' | 'degraded' | 'down'
  readonly version: string
  readonly uptime_s: number
  readonly store: { readonly kind?: StoreStatus['kind']; readonly state: StoreStatus['state'] }
  readonly disk: Disk | null
  readonly checks: readonly HealthCheck[]
}

export interface HealthCheck {
  readonly name: string
  readonly status: 'ok' | 'degraded' | 'down'
  readonly detail?: string
}

interface Disk {
  readonly free_bytes: number
  readonly total_bytes: number
  /** One decimal; null where the size is not known. */
  readonly free_pct: number | null
}

export interface Summary {
  /** Records of the current UTC day; `bytes` are those of their lines. */
  readonly today: number
  readonly errors: number
  readonly bytes: number
  /** Seconds since anything arrived; null when nothing ever did. */
  readonly lag_s: number | null
  readonly disk_free_pct: number | null
  readonly alerts_firing: number
}

export interface ServerStatus {
  readonly version: string
  readonly pid: number
  /** RFC 3339. */
  readonly started: string
  readonly uptime_s: number
  readonly listeners: readonly {
    readonly name: string
    readonly kind: 'http' | 'grpc' | 'metrics' | 'control' | 'syslog' | 'forward'
    readonly url: string
    readonly connections: number
  }[]
  readonly tails: number
  readonly doors: readonly DoorCounts[]
  /** Of keys that sent anything; of the caller's own alone where that is bound to a tenant. */
  readonly keys: readonly KeyUsage[]
  readonly store: StoreStatus
  /** Absent where no mirror is written. */
  readonly mirror?: MirrorStatus
  readonly memory: {
    readonly rss_bytes: number
    readonly heap_bytes: number
    readonly external_bytes: number
    readonly in_flight_bytes: number
  }
}

/** The plain daily files beside the store. */
export interface MirrorStatus {
  readonly path: string
  /** `failed`: its files cannot be written; it tries again. */
  readonly state: 'ok' | 'failed'
  readonly detail?: string
  /** How many sequences the store is ahead. */
  readonly behind: number
}

/** Since the server started. */
export interface DoorCounts {
  readonly door: string
  readonly requests: number
  readonly lines: number
  readonly bytes: number
  readonly refused: number
}

/** Since the server started. */
export interface KeyUsage {
  readonly id: string
  readonly name: string
  /** RFC 3339. */
  readonly last_seen: string
  readonly doors: readonly {
    readonly door: string
    readonly lines: number
    readonly bytes: number
    /** Lines, and requests refused whole, by reason. */
    readonly refused: Readonly<Record<string, number>>
  }[]
}

/** As `prune --json` prints it. */
export interface PruneAnswer {
  readonly cutoff: Timestamp
  readonly dropped: readonly (DayOnDisk & { readonly why: string })[]
  readonly bytes: number
  readonly dry_run: boolean
}
