// What the scanner is told of a key that it meets: its role, what it says of access lines and of levels.
import type { Level } from '../../record/level.js'
import { IS_LABEL, IS_LEVEL, IS_LINE, IS_TENANT, IS_TIME, keyRoles } from '../event-keys.js'
import { LEVEL_KEYS, levelOfKey } from '../event-level.js'
import { mayTellLevel } from './kernel.js'

/** As in `kernel/keys.ts`. */
export const ROLE = { field: 0, label: 1, time: 2, line: 3, foreign: 4 } as const

/** What `isAccess` looks at, by the number that the scanner knows it by. */
const ACCESS_KEYS = ['', 'method', 'status', 'uri', 'path', 'url']
const SOURCE = 6

/** The role, from bit 8 the number of an access key, from bit 16 whether a line with it may say its level by it. */
export function meaningOf(name: string, labelKeys: ReadonlySet<string>): number {
  const access = name === 'source' && !labelKeys.has(name) ? SOURCE : Math.max(0, ACCESS_KEYS.indexOf(name))
  return roleOf(name, labelKeys) | (access << 8) | (mayTellLevel(name) ? 0x10000 : 0)
}

function roleOf(name: string, labelKeys: ReadonlySet<string>): number {
  // JavaScript puts such names first in an object, or means something else by them.
  if (name === '' || name === '__proto__' || /^\d+$/.test(name)) return ROLE.foreign
  const role = keyRoles(labelKeys).get(name) ?? 0
  if (role & IS_TIME) return ROLE.time
  if (role & IS_LINE) return ROLE.line
  // A tenant that is no label is a field as well.
  if (role & IS_TENANT && !(role & IS_LABEL)) return ROLE.foreign
  return role & (IS_LABEL | IS_LEVEL) ? ROLE.label : ROLE.field
}

/** The level that a key says. */
export function levelOfEvent(event: object): Level | undefined {
  const values = event as Readonly<Record<string, unknown>>
  for (const [index, key] of LEVEL_KEYS.entries()) {
    const value = Object.hasOwn(values, key) ? values[key] : undefined
    const level = value === null || value === undefined ? undefined : levelOfKey(index, value)
    if (level !== undefined) return level
  }
  return undefined
}
