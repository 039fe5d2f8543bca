// YAML and TOML as one tree that remembers where everything stands.
import type { Place } from './finding.js'

export interface Entry {
  readonly key: string
  /** Of the key. */
  readonly at: Place
  value: Tree
}

export interface MapTree {
  readonly kind: 'map'
  readonly at: Place
  readonly entries: Entry[]
}

export interface ListTree {
  readonly kind: 'list'
  readonly at: Place
  readonly items: Tree[]
}

export interface ScalarTree {
  readonly kind: 'scalar'
  readonly at: Place
  readonly value: string | number | boolean | null
}

export type Tree = MapTree | ListTree | ScalarTree

/** The entry at a dotted path. */
export function entryAt(tree: Tree | undefined, path: string): Entry | undefined {
  let entry: Entry | undefined
  let here = tree
  for (const key of path.split('.')) {
    entry = entriesOf(here).find((one) => one.key === key)
    here = entry?.value
  }
  return entry
}

export function valueAt(tree: Tree | undefined, path: string): Tree | undefined {
  return entryAt(tree, path)?.value
}

/** The entries of a map; none of anything else. */
export function entriesOf(tree: Tree | undefined): readonly Entry[] {
  return tree?.kind === 'map' ? tree.entries : []
}

/** The items of a list; a single value counts as a list of one, as most programs take it. */
export function itemsOf(tree: Tree | undefined): readonly Tree[] {
  if (tree === undefined) return []
  return tree.kind === 'list' ? tree.items : [tree]
}

/** What stands at a dotted path, where that is a scalar. */
export function scalarAt(tree: Tree | undefined, path: string): ScalarTree['value'] | undefined {
  const found = valueAt(tree, path)
  return found?.kind === 'scalar' ? found.value : undefined
}

/** The text at a dotted path; '' where there is none. */
export function textAt(tree: Tree | undefined, path: string): string {
  return textOf(valueAt(tree, path))
}

export function textOf(tree: Tree | undefined): string {
  return tree?.kind === 'scalar' && tree.value !== null ? String(tree.value) : ''
}

/** Every scalar below, with the entry that names it. */
export function* scalarsIn(
  tree: Tree | undefined,
  entry?: Entry,
): Generator<[ScalarTree, Entry | undefined]> {
  if (tree?.kind === 'scalar') yield [tree, entry]
  else if (tree?.kind === 'list') for (const item of tree.items) yield* scalarsIn(item, entry)
  else for (const inner of entriesOf(tree)) yield* scalarsIn(inner.value, inner)
}
