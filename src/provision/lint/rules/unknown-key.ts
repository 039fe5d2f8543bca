// What is said of a key that a program does not know, with the key that was probably meant.
import { nearest } from '../../../config/nearest.js'
import type { Remark } from '../finding.js'
import type { Entry } from '../tree.js'

export interface KnownKeys {
  /** Of whom: `the vector source`. */
  readonly owner: string
  readonly known: readonly string[]
  /** What to write instead of keys that are often tried. */
  readonly instead?: Readonly<Record<string, string>>
}

/** Completes the sentence: what the program does with such a key. */
export function* unknownKeys(
  entries: readonly Entry[],
  { owner, known, instead = {} }: KnownKeys,
  fate: string,
): Generator<Remark> {
  for (const { key, at } of entries) {
    if (known.includes(key)) continue
    const meant = nearest(key, known)
    const guess = meant === undefined ? `remove it; ${owner} takes ${known.join(', ')}` : meant
    const advice = Object.hasOwn(instead, key) ? instead[key] : undefined
    yield { at, says: `${owner} has no key "${key}": ${fate}`, instead: advice ?? guess }
  }
}
