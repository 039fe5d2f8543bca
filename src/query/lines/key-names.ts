// Turns the keys that lines hold into names of labels, once for each key: lines of one query repeat their keys.
// Rules: Loki's documentation, "Parser expression".
import type { Entry } from '../entry.js'
import { EXTRACTED } from '../entry.js'

/** Which labels of a parser somebody looks at; undefined means all. */
export type Needed = ReadonlySet<string> | undefined

/** A label that a parser may give. */
export interface KeyName {
  /** Empty where the key has nothing that a name may hold. */
  readonly name: string
  /** Under which it stands where a sender's label has the name already. */
  readonly suffixed: string
  /** Whether anybody looks at the name, or at the suffixed one. */
  readonly wanted: boolean
  readonly wantedSuffixed: boolean
}

/** Keys kept; beyond, all are forgotten, because keys that never repeat would fill the memory. */
const KEPT = 10_000

export function keyNameOf(name: string, needed: Needed): KeyName {
  const suffixed = name + EXTRACTED
  return {
    name: internal(name),
    suffixed: internal(suffixed),
    wanted: needed === undefined || needed.has(name),
    wantedSuffixed: needed === undefined || needed.has(suffixed),
  }
}

/** The same text as V8 keeps it for names of properties: looking up with it takes a third of the time. */
function internal(name: string): string {
  return Object.keys({ [name]: 0 })[0] ?? name
}

/** Names of keys by their text. */
export function keyNames(needed: Needed): (key: string) => KeyName {
  const known = new Map<string, KeyName>()
  return (key) => {
    const found = known.get(key)
    if (found) return found
    const made = keyNameOf(labelName(key), needed)
    if (known.size >= KEPT) known.clear()
    if (key.length <= 256) known.set(key, made)
    return made
  }
}

/** The name under which the entry takes the label; undefined where nobody looks at it. */
export function targetName(entry: Entry, key: KeyName): string | undefined {
  if (!key.wanted && !key.wantedSuffixed) return undefined
  if (entry.isSent(key.name)) return key.wantedSuffixed ? key.suffixed : undefined
  return key.wanted ? key.name : undefined
}

/** `user-id` is `user_id`, `2xx` is `_2xx`; a key of spaces is empty. */
export function labelName(key: string): string {
  const name = labelPart(key)
  return /^\d/.test(name) ? `_${name}` : name
}

/** The same for a key inside another, where a digit may come first. */
export function labelPart(key: string): string {
  return key.trim().replace(/[^A-Za-z0-9_]/gu, '_')
}

/** Go's parsers of Loki put a space for what is no character. */
export function withoutReplacements(text: string): string {
  return text.includes('\ufffd') ? text.replaceAll('\ufffd', ' ') : text
}
