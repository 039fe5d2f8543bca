// The keys of senders and readers as rows of a table, under a heading.
import { bytesText, countOf, countText } from './amounts.js'
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
  /** RFC 3339. */
  readonly last_seen?: string | undefined
  /** What came with it since the server started. */
  readonly doors?: readonly DoorUse[] | undefined
}

interface DoorUse {
  readonly door: string
  readonly lines: number
  readonly bytes: number
  readonly refused: Readonly<Record<string, number>>
}

/** No keys give no rows. */
export function keysTable(keys: readonly KeyRow[], paint: Paint): string[][] {
  if (keys.length === 0) return []
  const heading = ['NAME', 'KEY', 'TENANT', 'SCOPES', 'CREATED', 'STATE', 'LAST SEEN', 'SENT'].map((text) =>
    paint('bold', text),
  )
  return [heading, ...keys.map(row)]
}

function row({ name, prefix, tenant, scopes, state, created, expires, revoked, ...use }: KeyRow): string[] {
  const until = revoked ?? expires
  return [
    printableCell(name),
    `${prefix}…`,
    tenant === undefined ? '-' : printableCell(tenant),
    scopes.join(','),
    minuteText(created),
    until === undefined ? state : `${state} ${minuteText(until)}`,
    use.last_seen === undefined ? '-' : minuteText(use.last_seen),
    (use.doors ?? []).map(doorUseText).join('; ') || '-',
  ]
}

/** `json 12 lines, 3.4 KiB, 2 refused (not_json)` */
export function doorUseText({ door, lines, bytes, refused }: DoorUse): string {
  const reasons = Object.keys(refused)
  const total = Object.values(refused).reduce((sum, count) => sum + count, 0)
  const refusedText = total > 0 ? `, ${countText(total)} refused (${reasons.join(', ')})` : ''
  return `${door} ${countOf(lines, 'line')}, ${bytesText(bytes)}${refusedText}`
}

/** `2025-01-11 09:30Z` */
function minuteText(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}Z`
}
