// Makes, lists, replaces and revokes the keys in DATA/keys.json, whether a server runs or not.
import { createHash, randomBytes } from 'node:crypto'
import { nearest } from '../config/nearest.js'
import {
  DEFAULT_SCOPES,
  KEY_NAME,
  TENANT,
  isKeyName,
  isTenant,
  type Scope,
} from '../config/sections/ingest.js'
import { fail } from '../errors.js'
import { readKeyFile, writeKeyFile, type StoredKey } from './key-file.js'
import { withKeyLock } from './key-lock.js'

/** Keys that are over are listed for this long. */
const KEPT_MS = 30 * 86_400_000

const KEY_BYTES = 32
const PREFIX_LENGTH = 8

/** How a key is kept and found. */
export function hashOfKey(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export interface NewKey {
  readonly name: string
  readonly tenant?: string | undefined
  /** Ingest and read where absent. */
  readonly scopes?: readonly Scope[] | undefined
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What is shown once: the text is kept nowhere. */
export interface MadeKey {
  readonly key: string
  readonly id: string
  readonly name: string
  readonly tenant: string | undefined
  readonly scopes: readonly Scope[]
}

export type KeyState = 'valid' | 'expiring' | 'expired' | 'revoked'

export interface ListedKey extends Omit<StoredKey, 'hash'> {
  readonly state: KeyState
}

/** Whether a key is good at a moment. */
export function stateOf({ expires, revoked }: StoredKey, now: number): KeyState {
  if (revoked !== undefined) return 'revoked'
  if (expires === undefined) return 'valid'
  return Date.parse(expires) > now ? 'expiring' : 'expired'
}

const isLive = (key: StoredKey, now: number): boolean => ['valid', 'expiring'].includes(stateOf(key, now))

/** Throws KEY_EXISTS where a living key has the name, USAGE where the name, tenant or scopes cannot be. */
export async function createKey(dataFolder: string, { name, tenant, scopes, now }: NewKey): Promise<MadeKey> {
  if (!isKeyName(name))
    fail('USAGE', `"${name.slice(0, 80)}" cannot name a key`, { hints: [`give ${KEY_NAME}`] })
  if (tenant !== undefined && !isTenant(tenant))
    fail('USAGE', 'that cannot be a tenant', { hints: [`give ${TENANT}`] })
  if (scopes?.length === 0) fail('USAGE', 'a key needs a scope')
  const granted = [...new Set(scopes ?? DEFAULT_SCOPES)]
  return change(dataFolder, now, (keys) => {
    if (keys.some((key) => key.name === name && isLive(key, now))) {
      fail('KEY_EXISTS', `there is a key ${name} already`, { hints: [`logctl key rotate ${name}`] })
    }
    const [stored, made] = make({ name, tenant, scopes: granted, now })
    return { keys: [...keys, stored], result: made }
  })
}

/** Oldest first, with those that were revoked or ran out within the last thirty days. */
export function listKeys(dataFolder: string, { now }: { readonly now: number }): readonly ListedKey[] {
  return readKeyFile(dataFolder).keys.map((key) => listed(key, now))
}

function listed(key: StoredKey, now: number): ListedKey {
  const { hash: _, ...shown } = key
  return { ...shown, state: stateOf(key, now) }
}

/** A new text for the name; what was valid stays so for `graceMs`. Throws KEY_UNKNOWN. */
export async function rotateKey(
  dataFolder: string,
  name: string,
  { graceMs, now }: { readonly graceMs: number; readonly now: number },
): Promise<MadeKey> {
  const until = now + graceMs
  return change(dataFolder, now, (keys) => {
    const newest = living(keys, name, now).at(-1) ?? unknown(keys, name, now)
    const [stored, made] = make({ ...newest, now })
    const kept = keys.map((key) => (key.name === name && isLive(key, now) ? expiring(key, until) : key))
    return { keys: [...kept, stored], result: made }
  })
}

/** Ends every living key of the name at once, and says how many. Throws KEY_UNKNOWN. */
export async function revokeKey(
  dataFolder: string,
  name: string,
  { now }: { readonly now: number },
): Promise<number> {
  return change(dataFolder, now, (keys) => {
    const ended = living(keys, name, now)
    if (ended.length === 0) unknown(keys, name, now)
    const revoked = new Date(now).toISOString()
    return {
      keys: keys.map((key) => (ended.includes(key) ? { ...key, revoked } : key)),
      result: ended.length,
    }
  })
}

function make({
  name,
  tenant,
  scopes,
  now,
}: Omit<NewKey, 'scopes'> & { readonly scopes: readonly Scope[] }): readonly [StoredKey, MadeKey] {
  const key = `lk_${randomBytes(KEY_BYTES).toString('base64url')}`
  const id = randomBytes(8).toString('hex')
  const stored = {
    id,
    name,
    hash: hashOfKey(key),
    prefix: key.slice(0, PREFIX_LENGTH),
    ...(tenant === undefined ? {} : { tenant }),
    scopes: [...scopes],
    created: new Date(now).toISOString(),
  }
  return [stored, { key, id, name, tenant, scopes }]
}

const living = (keys: readonly StoredKey[], name: string, now: number): readonly StoredKey[] =>
  keys.filter((key) => key.name === name && isLive(key, now))

/** A second rotation does not prolong what the first one ended. */
function expiring(key: StoredKey, until: number): StoredKey {
  const earlier = key.expires === undefined ? until : Math.min(until, Date.parse(key.expires))
  return { ...key, expires: new Date(earlier).toISOString() }
}

function unknown(keys: readonly StoredKey[], name: string, now: number): never {
  const names = keys.filter((key) => isLive(key, now)).map((key) => key.name)
  const meant = nearest(name, names)
  const hints = meant === undefined ? ['logctl key list'] : [`did you mean ${meant}?`]
  return fail('KEY_UNKNOWN', `no key has the name ${name.slice(0, 80)}`, { hints })
}

interface Changed<T> {
  readonly keys: readonly StoredKey[]
  readonly result: T
}

/** Reads, changes and writes under the lock; starts over where the lock was lost in between. */
async function change<T>(
  dataFolder: string,
  now: number,
  edit: (keys: readonly StoredKey[]) => Changed<T>,
): Promise<T> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const done = await withKeyLock(dataFolder, async (stillHeld) => {
      const { keys, result } = edit(readKeyFile(dataFolder).keys)
      if (!(await stillHeld())) return undefined
      await writeKeyFile(
        dataFolder,
        keys.filter((key) => !isForgotten(key, now)),
      )
      return { result }
    })
    if (done) return done.result
  }
  return fail('DATA_LOCKED', 'other processes keep changing the keys', { hints: ['try again'] })
}

function isForgotten({ expires, revoked }: StoredKey, now: number): boolean {
  const over = revoked ?? expires
  return over !== undefined && Date.parse(over) < now - KEPT_MS
}
