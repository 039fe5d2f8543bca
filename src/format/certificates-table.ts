// Certificates as rows of a table, under a heading: those of senders, and the dates of all.
import type { Paint } from './paint.js'
import { printableCell } from './printable.js'

export interface ClientRow {
  readonly name: string
  readonly tenant?: string | undefined
  readonly fingerprint: string
  readonly state: string
  /** RFC 3339. */
  readonly created: string
  readonly expires: string
  readonly revoked?: string | undefined
}

/** Enough of a fingerprint to tell certificates apart. */
const SHOWN_FINGERPRINT = 11

/** No certificates give no rows. */
export function clientsTable(clients: readonly ClientRow[], paint: Paint): string[][] {
  if (clients.length === 0) return []
  const heading = ['NAME', 'FINGERPRINT', 'TENANT', 'CREATED', 'EXPIRES', 'STATE']
  const rows = clients.map(({ name, fingerprint, tenant, created, expires, state, revoked }) => [
    printableCell(name),
    `${fingerprint.slice(0, SHOWN_FINGERPRINT)}…`,
    tenant === undefined ? '-' : printableCell(tenant),
    minuteText(created),
    minuteText(expires),
    revoked === undefined ? state : `${state} ${minuteText(revoked)}`,
  ])
  return [heading.map((text) => paint('bold', text)), ...rows]
}

export interface CertificateRow {
  readonly kind: string
  readonly name: string
  /** RFC 3339. */
  readonly expires?: string | undefined
  readonly state: string
  readonly detail?: string | undefined
}

/** No certificates give no rows. */
export function certificatesTable(certificates: readonly CertificateRow[], paint: Paint): string[][] {
  if (certificates.length === 0) return []
  const rows = certificates.map(({ kind, name, expires, state, detail }) => [
    kind,
    printableCell(name),
    expires === undefined ? '-' : minuteText(expires),
    paint(state === 'valid' ? 'green' : 'red', state) +
      (detail === undefined ? '' : `: ${printableCell(detail)}`),
  ])
  return [['KIND', 'NAME', 'EXPIRES', 'STATE'].map((text) => paint('bold', text)), ...rows]
}

/** `2025-01-11 09:30Z` */
function minuteText(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}Z`
}
