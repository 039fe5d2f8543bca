// Samples: the numbers that a metric query works with at one step, each with the labels of its series.
import { Dictionary } from '../record/dictionary.js'
import type { Labels } from '../record/labels.js'
import { labelsKey } from '../record/labels.js'
import type { Grouping } from './ast.js'
import { quote } from '../record/go-string.js'

/** Made once for a series and shared by its samples. */
export interface SampleLabels {
  /** In the order of their names, none empty. */
  readonly labels: Labels
  /** Two series have the same key exactly when their labels are equal. */
  readonly key: string
}

export interface Sample {
  readonly of: SampleLabels
  readonly value: number
}

export const NO_LABELS: SampleLabels = sampleLabels(new Dictionary<string>())

/** The labels must be in the order of their names, and none empty. */
export function sampleLabels(labels: Labels): SampleLabels {
  return { labels, key: labelsKey(labels) }
}

/** The labels with these names, or those without. */
export function chooseLabels(labels: Labels, { without, names }: Grouping): SampleLabels {
  const chosen = new Dictionary<string>()
  for (const name in labels) if (names.includes(name) !== without) chosen[name] = labels[name] ?? ''
  return sampleLabels(chosen)
}

/** With other values for some labels; the empty text removes one. */
export function withLabels(labels: Labels, changes: Labels): SampleLabels {
  const all: Labels = { ...labels, ...changes }
  const changed = new Dictionary<string>()
  for (const name of Object.keys(all).sort()) if (all[name]) changed[name] = all[name]
  return sampleLabels(changed)
}

/** The choice of labels, remembered for each series; the number of series bounds the memory. */
export function chooser(grouping: Grouping): (of: SampleLabels) => SampleLabels {
  const known = new Map<string, SampleLabels>()
  return ({ labels, key }) => {
    let chosen = known.get(key)
    if (chosen === undefined) known.set(key, (chosen = chooseLabels(labels, grouping)))
    return chosen
  }
}

/** Name by name and value by value; of two that begin alike the shorter is first. */
export function compareLabels(a: Labels, b: Labels): number {
  const left = Object.entries(a)
  const right = Object.entries(b)
  for (const [i, [name, value]] of left.entries()) {
    const other = right[i]
    if (other === undefined) return 1
    if (name !== other[0]) return name < other[0] ? -1 : 1
    if (value !== other[1]) return value < other[1] ? -1 : 1
  }
  return left.length - right.length
}

/** `{app="web", host="a"}` */
export function labelsText(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}=${quote(value)}`)
  return `{${parts.join(', ')}}`
}
