// The keys of senders and readers as rows of a table, under a heading.
import type { Paint } from './paint.js'
import { printableCell } from './printable.js'

export interface KeyRow {
  readonly name: string
  /** How the key begins. */
  readonly prefix: string
  readonly tenant?: string | undefined
  readonly scopes: readonly string[]
  readonly state: string
  /** RFC 3339. */
  readonly created: string
  readonly expires?: string | undefined
  readonly revoked?: string | undefined
}

/** No keys give no rows. */
export function keysTable(keys: readonly KeyRow[], paint: Paint): string[][] {
  if (keys.length === 0) return []
  const heading = ['NAME', 'KEY', 'TENANT', 'SCOPES', 'CREATED', 'STATE'].map((text) => paint('bold', text))
  return [heading, ...keys.map(row)]
}

function row({ name, prefix, tenant, scopes, state, created, expires, revoked }: KeyRow): string[] {
  const until = revoked ?? expires
  return [
    printableCell(name),
    `${prefix}…`,
    tenant === undefined ? '-' : printableCell(tenant),
    scopes.join(','),
    minuteText(created),
    until === undefined ? state : `${state} ${minuteText(until)}`,
  ]
}

/** `2025-01-11 09:30Z` */
function minuteText(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}Z`
}
