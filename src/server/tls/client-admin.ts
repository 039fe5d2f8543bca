// Makes, lists and revokes the certificates of senders, whether a server runs or not.
import { nearest } from '../../config/nearest.js'
import { KEY_NAME, TENANT, isKeyName, isTenant } from '../../config/sections/ingest.js'
import { fail } from '../../errors.js'
import { withFileLock } from '../key-lock.js'
import { type Authority, issueCertificate, openAuthority } from './authority.js'
import { lifeState } from './certificate.js'
import { clientsFile, readClientFile, writeClientFile, type StoredClient } from './client-file.js'
import { makeTlsFolder } from './tls-folder.js'

/** Certificates that are over are listed for this long. */
const KEPT_MS = 30 * 86_400_000
const MAX_LIFETIME_MS = 10 * 365 * 86_400_000

export interface NewClient {
  readonly name: string
  /** The only tenant that it sends for; where absent each event may name its own. */
  readonly tenant?: string | undefined
  readonly lifetimeMs: number
  /** Milliseconds since the epoch. */
  readonly nowMs: number
}

/** Everything a sender needs; the key is kept nowhere. */
export interface MadeClient {
  readonly name: string
  readonly tenant: string | undefined
  readonly fingerprint: string
  /** RFC 3339. */
  readonly expires: string
  /** All three PEM. */
  readonly certificate: string
  readonly key: string
  readonly ca: string
}

export type ClientState = 'valid' | 'expiring' | 'expired' | 'revoked'

export interface ListedClient extends StoredClient {
  readonly state: ClientState
}

export function stateOfClient({ created, expires, revoked }: StoredClient, nowMs: number): ClientState {
  if (revoked !== undefined) return 'revoked'
  return lifeState({ notBeforeMs: Date.parse(created), notAfterMs: Date.parse(expires) }, nowMs)
}

const isLive = (client: StoredClient, nowMs: number): boolean =>
  client.revoked === undefined && Date.parse(client.expires) > nowMs

/**
 * Several may have the same name, so that one can replace the other while both are good. Throws USAGE where name or
 * tenant cannot be.
 */
export async function createClient(dataFolder: string, wanted: NewClient): Promise<MadeClient> {
  const { name, tenant, lifetimeMs, nowMs } = wanted
  if (!isKeyName(name))
    fail('USAGE', `"${name.slice(0, 80)}" cannot name a certificate`, { hints: [`give ${KEY_NAME}`] })
  if (tenant !== undefined && !isTenant(tenant))
    fail('USAGE', 'that cannot be a tenant', { hints: [`give ${TENANT}`] })
  if (lifetimeMs <= 0 || lifetimeMs > MAX_LIFETIME_MS)
    fail('TIME_INVALID', 'a certificate is valid for a while, ten years at most')
  const authority = await openAuthority(dataFolder, nowMs)
  const [stored, made] = await make(authority, wanted)
  await change(dataFolder, nowMs, (clients) => [...clients, stored])
  return made
}

async function make(
  authority: Authority,
  { name, tenant, lifetimeMs, nowMs }: NewClient,
): Promise<readonly [StoredClient, MadeClient]> {
  const issued = await issueCertificate(authority, {
    commonName: name,
    names: [],
    usage: 'client',
    nowMs,
    lifetimeMs,
  })
  const { fingerprint, certificate, key } = issued
  const expires = new Date(issued.notAfterMs).toISOString()
  const stored = {
    name,
    fingerprint,
    ...(tenant === undefined ? {} : { tenant }),
    created: new Date(nowMs).toISOString(),
    expires,
  }
  return [stored, { name, tenant, fingerprint, expires, certificate, key, ca: authority.certificate }]
}

/** Oldest first, with those that were revoked or ran out within the last thirty days. */
export function listClients(dataFolder: string, nowMs: number): readonly ListedClient[] {
  return readClientFile(dataFolder).clients.map((client) => listed(client, nowMs))
}

function listed(client: StoredClient, nowMs: number): ListedClient {
  return { ...client, state: stateOfClient(client, nowMs) }
}

/** Ends every living certificate of the name at once, and says how many. Throws CERTIFICATE_UNKNOWN. */
export async function revokeClient(dataFolder: string, name: string, nowMs: number): Promise<number> {
  let ended = 0
  await change(dataFolder, nowMs, (clients) => {
    const living = clients.filter((client) => client.name === name && isLive(client, nowMs))
    if (living.length === 0) unknown(clients, name, nowMs)
    ended = living.length
    const revoked = new Date(nowMs).toISOString()
    return clients.map((client) => (living.includes(client) ? { ...client, revoked } : client))
  })
  return ended
}

function unknown(clients: readonly StoredClient[], name: string, nowMs: number): never {
  const names = clients.filter((client) => isLive(client, nowMs)).map((client) => client.name)
  const meant = nearest(name, names)
  const hints = meant === undefined ? ['logctl cert list'] : [`did you mean ${meant}?`]
  return fail('CERTIFICATE_UNKNOWN', `no certificate has the name ${name.slice(0, 80)}`, { hints })
}

/** Reads, changes and writes under the lock; starts over where the lock was lost in between. */
async function change(
  dataFolder: string,
  nowMs: number,
  edit: (clients: readonly StoredClient[]) => readonly StoredClient[],
): Promise<void> {
  await makeTlsFolder(dataFolder)
  for (let attempt = 1; attempt <= 5; attempt++) {
    const done = await withFileLock(clientsFile(dataFolder), async (stillHeld) => {
      const clients = edit(readClientFile(dataFolder).clients)
      if (!(await stillHeld())) return false
      await writeClientFile(
        dataFolder,
        clients.filter((client) => !isForgotten(client, nowMs)),
      )
      return true
    })
    if (done) return
  }
  fail('DATA_LOCKED', 'other processes keep changing the certificates', { hints: ['try again'] })
}

function isForgotten({ expires, revoked }: StoredClient, nowMs: number): boolean {
  return Date.parse(revoked ?? expires) < nowMs - KEPT_MS
}
