// Who a client is by the certificate that it presented in the handshake: good for sending, or why not.
import { X509Certificate } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { isTenant } from '../../config/sections/ingest.js'
import type { Key } from '../keys.js'
import type { ClientRing } from './client-ring.js'

/** A certificate as a key that only sends, or why it is none. */
export type Presented =
  { readonly key: Key; readonly why?: undefined } | { readonly key?: undefined; readonly why: string }

export interface Believing {
  /** Of the folder's authority, PEM. */
  readonly authority: string
  readonly clients: ClientRing
  /** Whether the name of a certificate of another authority is its tenant. */
  readonly isNameTenant: boolean
  readonly nowMs: number
}

/** What does not change while the connection is open. */
interface Seen {
  readonly fingerprint: string
  readonly notAfterMs: number
  readonly commonName: string | undefined
  readonly isOwn: boolean
  /** Of the handshake; undefined where the chain is good. */
  readonly problem: string | undefined
}

const seen = new WeakMap<Duplex, Seen | 'none'>()

const PROBLEMS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the client certificate has expired',
  CERT_NOT_YET_VALID: 'the client certificate is not valid yet',
  INVALID_PURPOSE: 'the certificate is not for clients',
}

/** Undefined where the connection has no TLS, or its client presented nothing. */
export function presentedCertificate(socket: Duplex, believing: Believing): Presented | undefined {
  const known = seen.get(socket) ?? look(socket, believing)
  return known === 'none' ? undefined : judged(known, believing)
}

function look(socket: Duplex, { authority }: Believing): Seen | 'none' {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
  const found = certificate ? seenOf(certificate, socket as TLSSocket, authority) : 'none'
  seen.set(socket, found)
  return found
}

function seenOf(certificate: X509Certificate, socket: TLSSocket, authority: string): Seen {
  const { CN: name } = (certificate.toLegacyObject().subject ?? {}) as { CN?: unknown }
  const code = socket.authorized ? undefined : String(socket.authorizationError)
  return {
    fingerprint: certificate.fingerprint256,
    notAfterMs: Date.parse(certificate.validTo),
    commonName: typeof name === 'string' ? name : undefined,
    isOwn: certificate.verify(new X509Certificate(authority).publicKey),
    problem:
      code === undefined
        ? undefined
        : (PROBLEMS[code] ?? 'the client certificate comes from an authority unknown here'),
  }
}

function judged(certificate: Seen, { clients, isNameTenant, nowMs }: Believing): Presented {
  if (certificate.problem !== undefined) return { why: certificate.problem }
  if (certificate.notAfterMs <= nowMs) return { why: 'the client certificate has expired' }
  const { fingerprint, commonName: name } = certificate
  if (certificate.isOwn) {
    const client = clients.find(fingerprint)
    if (!client) return { why: 'the client certificate is not known' }
    if (client.revoked !== undefined) return { why: 'the client certificate was revoked' }
    return { key: keyOf('own', client.name, client.tenant) }
  }
  if (name === undefined || !isTenant(name))
    return { why: 'the client certificate has no usable common name' }
  return { key: keyOf('other', name, isNameTenant ? name : undefined) }
}

/** A renewed certificate is the same sender. */
function keyOf(authority: 'own' | 'other', name: string, tenant: string | undefined): Key {
  return { id: `certificate:${authority}:${name}`, name, tenant, scopes: new Set(['ingest']), limits: {} }
}
