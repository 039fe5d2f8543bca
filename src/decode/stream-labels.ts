// Canonical label sets, shared: all records of one stream hold the same frozen object, which saves building it
// again and memory. The cache is bounded and holds nothing but what its key says.
import { canonicalLabels, type Labels } from '../record/labels.js'
import { Dictionary } from '../record/dictionary.js'

export type { Labels }

const MOST_SETS = 10_000
/** In UTF-16 units; a set with longer text is built each time. */
const LONGEST_KEY = 1024

const sets = new Map<string, Labels>()

/**
 * The labels of names and values that stand side by side. `key` is a text that tells one set from every other;
 * the callers here join names and values by NUL, which no repaired text contains.
 */
export function sharedLabels(key: string, names: readonly string[], values: readonly string[]): Labels {
  const known = sets.get(key)
  if (known !== undefined) return known
  const sent = new Dictionary<string>()
  for (let i = 0; i < names.length; i++) sent[names[i] as string] = values[i] as string
  const labels = Object.freeze(canonicalLabels(sent))
  if (key.length <= LONGEST_KEY) {
    if (sets.size >= MOST_SETS) sets.clear()
    sets.set(key, labels)
  }
  return labels
}

/** The same for labels that are an object already. */
export function canonicalText(labels: Labels): Labels {
  const names = Object.keys(labels)
  const values = names.map((name) => labels[name] ?? '')
  return sharedLabels(joined(names, values), names, values)
}

/** The key of `sharedLabels`. */
export function joined(names: readonly string[], values: readonly string[]): string {
  let key = ''
  for (let i = 0; i < names.length; i++) key += `${names[i]}\0${values[i]}\0`
  return key
}
