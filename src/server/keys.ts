// The ring of keys that a server knows: those of the configuration, and those of DATA/keys.json, which is read
// again when it changes, so that `logctl key` needs no restart.
import type { ConfigKey, KeyLimits } from '../config/schema.js'
import type { Scope } from '../config/sections/ingest.js'
import { LogctlError } from '../errors.js'
import { hashOfKey } from './key-admin.js'
import { readKeyFile, stampOf, type FileStamp, type StoredKey } from './key-file.js'
import { MAX_PRESENTED_CHARS } from './presented-key.js'

export interface Key {
  /** Tells keys apart; two keys share a name while one replaces the other. */
  readonly id: string
  readonly name: string
  /** The only tenant that the key writes and reads. */
  readonly tenant: string | undefined
  readonly scopes: ReadonlySet<Scope>
  /** Its own limits, in place of those of `ratelimit`. */
  readonly limits: KeyLimits
}

export interface KeyRing {
  /** The key with this text; undefined when there is none, or it ran out or was revoked. */
  find: (presented: string) => Key | undefined
  /**
   * True while nobody ever made a key. Revoked keys count, and so do keys whose file has vanished: a server that
   * had keys must not become open to all.
   */
  isEmpty: () => boolean
  /** Takes over the keys of a configuration that was read again. */
  setConfigured: (keys: readonly ConfigKey[]) => void
}

export interface KeyRingOptions {
  readonly dataFolder: string
  readonly configured: readonly ConfigKey[]
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number
  /** Told once of each damaged state of keys.json; the ring keeps what it had. */
  readonly onDamage: (failure: LogctlError) => void
}

/** How often keys.json is looked at, at most. */
const LOOK_EVERY_MS = 1000

interface FileState {
  readonly stamp: FileStamp
  readonly byHash: ReadonlyMap<string, { readonly key: Key; readonly expiresMs: number }>
  readonly hasKeys: boolean
}

/** Throws CONFIG_INVALID when keys.json is damaged from the start, DATA_UNREADABLE when it may not be read. */
export function openKeyRing({ dataFolder, configured, nowMs, onDamage }: KeyRingOptions): KeyRing {
  let ofConfig = byHashOf(configured)
  let ofFile = read(dataFolder)
  let hadKeys = ofConfig.size > 0 || ofFile.hasKeys
  let lookedMs = nowMs()

  /** Reads the file again if it changed. A clock that was set back counts as time gone by. */
  function refresh(now: number): void {
    if (Math.abs(now - lookedMs) < LOOK_EVERY_MS) return
    lookedMs = now
    const stamp = stampOrDamage(dataFolder)
    if (stamp === ofFile.stamp) return
    try {
      ofFile = read(dataFolder)
      hadKeys ||= ofFile.hasKeys
    } catch (error) {
      if (!(error instanceof LogctlError)) throw error
      ofFile = { ...ofFile, stamp }
      onDamage(error)
    }
  }

  return {
    find(presented) {
      const now = nowMs()
      refresh(now)
      if (presented === '' || presented.length > MAX_PRESENTED_CHARS) return undefined
      // Only hashes are compared, by their place in a table: how long that takes says nothing about any key.
      const hash = hashOfKey(presented)
      const stored = ofFile.byHash.get(hash)
      return ofConfig.get(hash) ?? (stored && stored.expiresMs > now ? stored.key : undefined)
    },
    isEmpty() {
      refresh(nowMs())
      return !hadKeys
    },
    setConfigured(keys) {
      ofConfig = byHashOf(keys)
      hadKeys ||= ofConfig.size > 0
    },
  }
}

/** Two names for one text: the first counts, as the loader warns. */
function byHashOf(configured: readonly ConfigKey[]): ReadonlyMap<string, Key> {
  const byHash = new Map<string, Key>()
  for (const { value, name, tenant, scopes, limits } of configured) {
    const hash = hashOfKey(value.open())
    if (!byHash.has(hash))
      byHash.set(hash, { id: `config:${name}`, name, tenant, scopes: new Set(scopes), limits })
  }
  return byHash
}

function read(dataFolder: string): FileState {
  const { keys, stamp } = readKeyFile(dataFolder)
  const good = keys.filter(({ revoked }) => revoked === undefined)
  const entries = good.map(
    (stored) => [stored.hash, { key: keyOf(stored), expiresMs: expiryOf(stored) }] as const,
  )
  return { stamp, byHash: new Map(entries), hasKeys: keys.length > 0 }
}

function keyOf({ id, name, tenant, scopes }: StoredKey): Key {
  return { id, name, tenant, scopes: new Set(scopes), limits: {} }
}

function expiryOf({ expires }: StoredKey): number {
  return expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires)
}

/** A file that cannot be looked at is read, and that says what is wrong. */
function stampOrDamage(dataFolder: string): FileStamp {
  try {
    return stampOf(dataFolder)
  } catch {
    return 'unreadable'
  }
}
