// What the keys of a flat event mean: time, line, level, tenant, label. One look-up a key; every other key is a field.
import { LEVEL_KEYS } from './event-level.js'
import { TIME_KEYS } from './event-time.js'

/** Keys that may hold the line of an event, in the order in which they are tried. */
export const LINE_KEYS: readonly string[] = ['message', 'msg', '_msg', 'log', 'line', 'body']
export const TENANT_KEY = 'tenant'

// A role is a set of these bits; the low byte is the index in TIME_KEYS, LINE_KEYS or LEVEL_KEYS.
export const INDEX = 0xff
export const IS_TIME = 0x100
export const IS_LINE = 0x200
export const IS_LEVEL = 0x400
export const IS_LABEL = 0x800
export const IS_TENANT = 0x1000

export type KeyRoles = ReadonlyMap<string, number>

const known = new WeakMap<ReadonlySet<string>, KeyRoles>()

/** The roles for a configured set of label keys. A key for time or line is never a label. */
export function keyRoles(labelKeys: ReadonlySet<string>): KeyRoles {
  let roles = known.get(labelKeys)
  if (roles === undefined) known.set(labelKeys, (roles = build(labelKeys)))
  return roles
}

function build(labelKeys: ReadonlySet<string>): KeyRoles {
  const roles = new Map<string, number>()
  for (const key of labelKeys) roles.set(key, IS_LABEL)
  for (const [index, key] of LEVEL_KEYS.entries()) roles.set(key, (roles.get(key) ?? 0) | IS_LEVEL | index)
  roles.set(TENANT_KEY, (roles.get(TENANT_KEY) ?? 0) | IS_TENANT)
  for (const [index, key] of TIME_KEYS.entries()) roles.set(key, IS_TIME | index)
  for (const [index, key] of LINE_KEYS.entries()) roles.set(key, IS_LINE | index)
  return roles
}
