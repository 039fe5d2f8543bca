// The certificates of senders that a server believes: those of DATA/tls/clients.json, which is read again when it
// changes, so that `logctl cert` needs no restart.
import { LogctlError } from '../../errors.js'
import { readClientFile, stampOfClients, type StoredClient } from './client-file.js'

/** How often clients.json is looked at, at most. */
const LOOK_EVERY_MS = 1000

export interface ClientRing {
  /** What is known of the certificate with this fingerprint, revoked or not. */
  find(fingerprint: string): StoredClient | undefined
  /** True while none was ever made. */
  isEmpty(): boolean
  all(): readonly StoredClient[]
}

export interface ClientRingOptions {
  readonly dataFolder: string
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number
  /** Told once of each damaged state of the file; the ring keeps what it had. */
  readonly onDamage: (failure: LogctlError) => void
}

/** Throws DATA_DAMAGED or DATA_UNREADABLE when the file is so from the start. */
export function openClientRing({ dataFolder, nowMs, onDamage }: ClientRingOptions): ClientRing {
  let { clients, stamp } = readClientFile(dataFolder)
  let byFingerprint = tableOf(clients)
  let hadAny = clients.length > 0
  let lookedMs = nowMs()

  /** Reads the file again if it changed. A clock that was set back counts as time gone by. */
  function refresh(): void {
    const now = nowMs()
    if (Math.abs(now - lookedMs) < LOOK_EVERY_MS) return
    lookedMs = now
    const seen = stampOrDamage(dataFolder)
    if (seen === stamp) return
    stamp = seen
    try {
      ;({ clients, stamp } = readClientFile(dataFolder))
      byFingerprint = tableOf(clients)
      hadAny ||= clients.length > 0
    } catch (error) {
      if (!(error instanceof LogctlError)) throw error
      onDamage(error)
    }
  }

  return {
    find(fingerprint) {
      refresh()
      return byFingerprint.get(fingerprint)
    },
    isEmpty() {
      refresh()
      return !hadAny
    },
    all() {
      refresh()
      return clients
    },
  }
}

function tableOf(clients: readonly StoredClient[]): ReadonlyMap<string, StoredClient> {
  return new Map(clients.map((client) => [client.fingerprint, client]))
}

/** A file that cannot be looked at is read, and that says what is wrong. */
function stampOrDamage(dataFolder: string): string | undefined {
  try {
    return stampOfClients(dataFolder)
  } catch {
    return 'unreadable'
  }
}
