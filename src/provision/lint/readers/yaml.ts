// YAML to a tree with places. Tags of other programs (`!ENV`, `!reference`) are taken as plain values.
import { LineCounter, type Node, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import { SyntaxProblem } from '../finding.js'
import type { LintFile } from '../format.js'
import type { Entry, ScalarTree, Tree } from '../tree.js'

/** Deeper is no configuration; and aliases that hold each other would go on for ever. */
const DEEPEST = 50

/** More nodes than this are a bomb of aliases. */
const MOST_NODES = 20_000

interface Reading {
  readonly lines: LineCounter
  readonly resolve: (node: Node) => Node | undefined
  nodes: number
}

export function readYaml({ text }: Pick<LintFile, 'text'>): Tree {
  const lines = new LineCounter()
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' })
    const [broken] = document.errors
    if (broken) throw new SyntaxProblem(place(broken.pos[0]), broken.message)
    const resolve = (node: Node) => (isAlias(node) ? node.resolve(document) : node)
    return treeOf(document.contents, { lines, resolve, nodes: 0 }, 0)
  } catch (error) {
    // The parser recurses: it ends with a RangeError where a text is nested beyond all measure.
    if (error instanceof RangeError) throw new SyntaxProblem({ line: 1, column: 1 }, 'nested too deeply')
    throw error
  }
}

function treeOf(given: Node | null, reading: Reading, depth: number): Tree {
  const { lines, resolve } = reading
  const { line, col } = lines.linePos(given?.range?.[0] ?? 0)
  const at = { line: Math.max(1, line), column: Math.max(1, col) }
  if (depth > DEEPEST) throw new SyntaxProblem(at, `nested more than ${DEEPEST} deep`)
  if (++reading.nodes > MOST_NODES) throw new SyntaxProblem(at, 'its aliases make it too large')
  const node = given ? resolve(given) : undefined
  if (isSeq<Node>(node)) {
    return { kind: 'list', at, items: node.items.map((item) => treeOf(item, reading, depth + 1)) }
  }
  if (!isMap<Node, Node | null>(node)) return { kind: 'scalar', at, value: scalarOf(node) }
  const entries = node.items.flatMap(({ key, value }): Entry[] => {
    const inner = treeOf(value, reading, depth + 1)
    const where = lines.linePos(key.range?.[0] ?? 0)
    const isMerge = isScalar(key) && key.value === '<<'
    if (isMerge && inner.kind === 'map') return inner.entries
    const name = isScalar(key) ? String(key.value) : ''
    // A key without a value stands nowhere itself.
    const placed = value ? inner : { ...inner, at: { line: where.line, column: where.col } }
    return [{ key: name, at: { line: where.line, column: where.col }, value: placed }]
  })
  return { kind: 'map', at, entries }
}

function scalarOf(node: Node | undefined): ScalarTree['value'] {
  const value: unknown = isScalar(node) ? node.value : null
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
