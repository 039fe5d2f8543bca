// Who may do what: keys, the cases that need none, and the tenants that a caller writes and reads.
import { TLSSocket } from 'node:tls'
import { isLoopback } from '../config/address.js'
import type { Scope } from '../config/sections/ingest.js'
import { fail } from '../errors.js'
import { drainToken } from './drain-keys.js'
import type { Listener } from './exchange.js'
import type { Key } from './keys.js'
import { isForwarded, peerAddress, type Sent } from './peer.js'
import { presentedKey } from './presented-key.js'
import type { Route, Service } from './service.js'

const MAX_TENANT_LENGTH = 256
const MAX_TENANTS_READ = 100

export interface Caller {
  /** Undefined for callers who need none. */
  readonly key: Key | undefined
  /** The client's address; empty on a Unix socket. */
  readonly peer: string
  /** Callers without a key on this machine are not limited. */
  readonly local: boolean
}

const UNIX_SOCKET_CALLER: Caller = { key: undefined, peer: '', local: true }

/** Lets the caller pass or throws UNAUTHORIZED or FORBIDDEN. */
export function admit(
  request: Sent,
  listener: Listener,
  route: Pick<Route, 'scope'>,
  service: Service,
): Caller {
  // Whoever may open the socket's file owns the data folder.
  if (listener.kind === 'control') return UNIX_SOCKET_CALLER
  const peer = peerAddress(request, service.settings.isTrustedProxy)
  const keyless: Caller = { key: undefined, peer, local: listener.loopback }
  if (route.scope === 'open') return keyless
  if (route.scope === 'local') {
    const local = listener.kind === 'metrics' || (isLoopback(peer) && !isForwarded(request))
    return local
      ? keyless
      : fail('FORBIDDEN', 'this path answers to loopback and to server.metrics_listen only')
  }
  const presented = presentedKey(request.headers)
  const certificate = service.tls?.identify(request.socket)
  const key = known(presented, service) ?? known(drainToken(request.headers), service) ?? certificate?.key
  if (key) return demandScope({ key, peer, local: false }, key, route.scope)
  if (isKeyless(request, listener, peer, service)) return keyless
  if (presented === undefined && certificate?.why !== undefined)
    return fail('UNAUTHORIZED', certificate.why, { hints: ['logctl cert client NAME makes a new one'] })
  return fail('UNAUTHORIZED', presented === undefined ? 'this server wants a key' : 'the key is not known', {
    hints: ['send it as "Authorization: Bearer KEY"', 'logctl key create NAME makes one'],
  })
}

function known(presented: string | undefined, { keys }: Service): Key | undefined {
  return presented === undefined ? undefined : keys.find(presented)
}

function isKeyless(
  { socket }: Pick<Sent, 'socket'>,
  listener: Listener,
  peer: string,
  { settings, keys, tls }: Service,
): boolean {
  if (settings.config.server.auth === 'off' || settings.isOpenTo(peer)) return true
  // Where senders have certificates, TLS is not open to whoever has none.
  const wantsCertificate = socket instanceof TLSSocket && tls?.hasClients()
  return listener.loopback && keys.isEmpty() && !wantsCertificate
}

/** For messages. */
function called({ id, name }: Key): string {
  return `the ${id.startsWith('certificate:') ? 'certificate' : 'key'} "${name}"`
}

function demandScope(caller: Caller, key: Key, scope: Scope): Caller {
  if (key.scopes.has(scope)) return caller
  return fail('FORBIDDEN', `${called(key)} lacks the scope "${scope}"`)
}

/** The tenant that a request names, undefined where it names none. Header texts are bytes (RFC 9110 §5.5), here UTF-8. */
function namedTenant({ headers }: Pick<Sent, 'headers'>): string | undefined {
  const header = headers['x-scope-orgid']
  if (header === undefined || header === '') return undefined
  const name = Buffer.from(String(header), 'latin1').toString('utf8')
  if (name.length > MAX_TENANT_LENGTH * MAX_TENANTS_READ) fail('QUERY_INVALID', 'X-Scope-OrgID is too long')
  return name
}

/** The tenant that events are filed under, undefined where each event says its own. */
export function tenantForWrite(request: Pick<Sent, 'headers'>, { key }: Caller): string | undefined {
  const named = namedTenant(request)
  if (named === undefined) return key?.tenant
  if (named.includes('|')) fail('QUERY_INVALID', 'X-Scope-OrgID must name one tenant to write to')
  checkLength(named)
  return bound(named, key)
}

/** The tenants that may be read, undefined for all. `a|b` names both. */
export function tenantsForRead(
  request: Pick<Sent, 'headers'>,
  { key }: Caller,
): readonly string[] | undefined {
  const named = namedTenant(request)
  if (named === undefined) return key?.tenant === undefined ? undefined : [key.tenant]
  const tenants = [...new Set(named.split('|').filter((tenant) => tenant !== ''))]
  if (tenants.length === 0) fail('QUERY_INVALID', 'X-Scope-OrgID names no tenant')
  if (tenants.length > MAX_TENANTS_READ)
    fail('QUERY_INVALID', `X-Scope-OrgID names over ${MAX_TENANTS_READ} tenants`)
  for (const tenant of tenants) {
    checkLength(tenant)
    bound(tenant, key)
  }
  return tenants
}

/** What a request asks for within what its caller may see. Throws FORBIDDEN for anything beyond. */
export function narrowTenants(
  asked: readonly string[] | undefined,
  allowed: readonly string[] | undefined,
): readonly string[] | undefined {
  if (asked === undefined || allowed === undefined) return asked ?? allowed
  const beyond = asked.find((tenant) => !allowed.includes(tenant))
  return beyond === undefined
    ? asked
    : fail('FORBIDDEN', `the tenant "${beyond}" may not be read with this key or header`)
}

function bound(tenant: string, key: Key | undefined): string {
  if (key?.tenant === undefined || key.tenant === tenant) return tenant
  return fail('FORBIDDEN', `${called(key)} is bound to another tenant than "${tenant}"`)
}

function checkLength(tenant: string): void {
  if (tenant.length > MAX_TENANT_LENGTH)
    fail('QUERY_INVALID', `a tenant's name is longer than ${MAX_TENANT_LENGTH} characters`)
}
