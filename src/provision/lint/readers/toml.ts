// TOML to a tree with places: tables, dotted keys and inline tables become maps within maps.
import { ParseError, type AST, parseTOML } from 'toml-eslint-parser'
import { type Place, SyntaxProblem } from '../finding.js'
import type { LintFile } from '../format.js'
import { entriesOf, type MapTree, type ScalarTree, type Tree } from '../tree.js'

export function readToml({ text }: Pick<LintFile, 'text'>): Tree {
  const root: MapTree = { kind: 'map', at: { line: 1, column: 1 }, entries: [] }
  for (const node of parsed(text).body[0].body) {
    if (node.type === 'TOMLKeyValue') put(root, namesOf(node.key), valueOf(node.value))
    else {
      const table = open(root, node)
      for (const { key, value } of node.body) put(table, namesOf(key), valueOf(value))
    }
  }
  return root
}

function parsed(text: string): AST.TOMLProgram {
  try {
    return parseTOML(text)
  } catch (error) {
    if (error instanceof ParseError) {
      throw new SyntaxProblem({ line: error.lineNumber, column: error.column + 1 }, error.message)
    }
    // The parser recurses: it ends so where a text is nested beyond all measure.
    if (error instanceof RangeError) throw new SyntaxProblem({ line: 1, column: 1 }, 'nested too deeply')
    throw error
  }
}

interface Name {
  readonly key: string
  readonly at: Place
}

function placeOf({ loc: { start } }: { readonly loc: AST.SourceLocation }): Place {
  return { line: start.line, column: start.column + 1 }
}

function namesOf({ keys }: AST.TOMLKey): Name[] {
  return keys.map((key) => ({ key: key.type === 'TOMLBare' ? key.name : key.value, at: placeOf(key) }))
}

/** The map that `[a.b]` names; `[[a.b]]` adds one to a list. */
function open(root: MapTree, { key, kind }: AST.TOMLTable): MapTree {
  const names = namesOf(key)
  const last = names.pop()
  const parent = names.reduce(descend, root)
  if (!last) return parent
  if (kind === 'standard') return descend(parent, last)
  const item: MapTree = { kind: 'map', at: last.at, entries: [] }
  const list = parent.entries.find((entry) => entry.key === last.key)?.value
  if (list?.kind === 'list') list.items.push(item)
  else parent.entries.push({ ...last, value: { kind: 'list', at: last.at, items: [item] } })
  return item
}

/** The map below a name, made where there is none; of a list of tables it is the last. */
function descend(parent: MapTree, name: Name): MapTree {
  const found = entriesOf(parent).find((entry) => entry.key === name.key)?.value
  if (found?.kind === 'map') return found
  const last = found?.kind === 'list' ? found.items.at(-1) : undefined
  if (last?.kind === 'map') return last
  const made: MapTree = { kind: 'map', at: name.at, entries: [] }
  parent.entries.push({ ...name, value: made })
  return made
}

function put(table: MapTree, names: readonly Name[], value: Tree): void {
  const last = names.at(-1)
  if (last)
    names
      .slice(0, -1)
      .reduce(descend, table)
      .entries.push({ ...last, value })
}

function valueOf(node: AST.TOMLContentNode): Tree {
  const at = placeOf(node)
  if (node.type === 'TOMLArray') return { kind: 'list', at, items: node.elements.map(valueOf) }
  if (node.type !== 'TOMLInlineTable') return { kind: 'scalar', at, value: scalarOf(node.value) }
  const map: MapTree = { kind: 'map', at, entries: [] }
  for (const { key, value } of node.body) put(map, namesOf(key), valueOf(value))
  return map
}

function scalarOf(value: string | number | boolean | Date | bigint): ScalarTree['value'] {
  return value instanceof Date || typeof value === 'bigint' ? String(value) : value
}
