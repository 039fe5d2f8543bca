// Paths into JSON such as `user.roles[0]["first name"]`, and what stands there in a line. Grammar: Loki's
// documentation, "JSON parser", expressions.
import { skipBlock, stringEnd, tokenEnd, unescapeJson } from './json-text.js'
import { withoutReplacements } from './key-names.js'

/** A key, or the place in an array. */
export type PathStep = string | number

type Token =
  | { readonly kind: 'FIELD' | 'STRING'; readonly step: string }
  | { readonly kind: 'INDEX'; readonly step: number }
  | { readonly kind: 'DOT' | 'LSB' | 'RSB' | '$end' }

const TOKEN = /\s*(?:([\p{L}_][\p{L}\p{Nd}_]*)|"((?:[^"\\]|\\.)*)"|(\d+)|([.[\]]))/uy
const SYMBOLS: Readonly<Record<string, 'DOT' | 'LSB' | 'RSB'>> = { '.': 'DOT', '[': 'LSB', ']': 'RSB' }

/** Deeper paths are refused. */
const STEPS = 100

export function readJsonPath(expression: string): PathStep[] | { readonly reason: string } {
  const refused = (why: string): { reason: string } => ({
    reason: `cannot parse expression [${expression}]: syntax error: ${why}`,
  })
  const tokens = tokensOf(expression)
  if (!tokens) return refused('unexpected character')
  const steps: PathStep[] = []
  for (let at = 0; ;) {
    const token = tokens[at] as Token
    if (token.kind === '$end' && at > 0) return steps.length > STEPS ? refused('too many steps') : steps
    const dotted = token.kind === 'DOT' && at > 0
    const field = dotted ? (tokens[at + 1] as Token) : token
    if (field.kind === 'FIELD' && (dotted || at === 0)) {
      steps.push(field.step)
      at += dotted ? 2 : 1
      continue
    }
    if (dotted) return refused(`unexpected ${field.kind}, expecting FIELD`)
    if (token.kind !== 'LSB')
      return refused(`unexpected ${token.kind}${at === 0 ? ', expecting LSB or FIELD' : ''}`)
    const key = tokens[at + 1] as Token
    if (key.kind !== 'STRING' && key.kind !== 'INDEX')
      return refused(`unexpected ${key.kind}, expecting STRING or INDEX`)
    const close = tokens[at + 2] as Token
    if (close.kind !== 'RSB') return refused(`unexpected ${close.kind}, expecting RSB`)
    steps.push(key.step)
    at += 3
  }
}

function tokensOf(expression: string): Token[] | undefined {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const text = expression.trimEnd()
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text)
    if (!match) return undefined
    const [, field, string, index, symbol = ''] = match
    const unescaped = string === undefined ? undefined : unescapeJson(string)
    if (field !== undefined) tokens.push({ kind: 'FIELD', step: field })
    else if (unescaped !== undefined) tokens.push({ kind: 'STRING', step: unescaped })
    else if (index !== undefined) tokens.push({ kind: 'INDEX', step: Number(index) })
    else if (SYMBOLS[symbol]) tokens.push({ kind: SYMBOLS[symbol] })
    else return undefined
  }
  tokens.push({ kind: '$end' })
  return tokens
}

/** Places that are looked for; `ends` names the paths that end here. */
export interface PathTree {
  readonly ends: number[]
  readonly steps: Map<PathStep, PathTree>
}

export function pathTree(paths: readonly (readonly PathStep[])[]): PathTree {
  const root: PathTree = { ends: [], steps: new Map() }
  for (const [i, path] of paths.entries()) {
    let node = root
    for (const step of path) {
      let next = node.steps.get(step)
      if (!next) node.steps.set(step, (next = { ends: [], steps: new Map() }))
      node = next
    }
    node.ends.push(i)
  }
  return root
}

interface Search {
  readonly line: string
  at: number
  readonly found: (path: number, text: string) => void
}

/** Tells what stands at each path, texts unescaped, objects and arrays as written; a broken line ends the search. */
export function findPaths(line: string, tree: PathTree, found: Search['found']): void {
  const search = { line, at: 0, found }
  value(search, tree)
}

/** False where the line is broken. */
function value(search: Search, tree: PathTree | undefined): boolean {
  const code = space(search)
  const from = search.at
  const descends = tree !== undefined && tree.steps.size > 0
  if (code === 123 && descends) {
    if (tree.ends.length > 0 && !whole(search, from, tree)) return false
    return members(search, tree)
  }
  if (code === 91 && descends) {
    if (tree.ends.length > 0 && !whole(search, from, tree)) return false
    return items(search, tree)
  }
  return whole(search, undefined, tree)
}

/** Reads over a value and tells it where a path ends here; `from` where it is read again for what is inside. */
function whole(search: Search, back: number | undefined, tree: PathTree | undefined): boolean {
  const { line, at } = search
  const code = line.charCodeAt(at)
  const end = valueEnd(line, at, code)
  if (end < 0) return false
  if (tree && tree.ends.length > 0) {
    const text = shown(line.slice(at, end), code)
    for (const path of tree.ends) search.found(path, text)
  }
  search.at = back ?? end
  return true
}

function valueEnd(line: string, at: number, code: number): number {
  if (code === 34) {
    const end = stringEnd(line, at + 1)
    return end < 0 ? -1 : end + 1
  }
  if (code === 123) return skipBlock(line, at, '{', '}')
  return code === 91 ? skipBlock(line, at, '[', ']') : tokenEnd(line, at)
}

function shown(raw: string, code: number): string {
  if (code === 34) return withoutReplacements(unescapeJson(raw.slice(1, -1)) ?? '')
  if (raw === 'null') return ''
  return withoutReplacements(raw)
}

function members(search: Search, tree: PathTree): boolean {
  const { line } = search
  const seen = new Set<PathTree>()
  do {
    search.at++
    const first = space(search)
    if (first === 125) break
    const end = first === 34 ? stringEnd(line, search.at + 1) : -1
    if (end < 0) return false
    const raw = line.slice(search.at + 1, end)
    const next = tree.steps.get(raw.includes('\\') ? (unescapeJson(raw) ?? raw) : raw)
    search.at = end + 1
    if (space(search) !== 58) return false
    search.at++
    // Of equal keys the first counts.
    const fresh = next && !seen.has(next)
    if (next) seen.add(next)
    if (!value(search, fresh ? next : undefined)) return false
  } while (space(search) === 44)
  return closes(search, 125)
}

function items(search: Search, tree: PathTree): boolean {
  let index = 0
  do {
    search.at++
    if (space(search) === 93) break
    if (!value(search, tree.steps.get(index++))) return false
  } while (space(search) === 44)
  return closes(search, 93)
}

function closes(search: Search, code: number): boolean {
  if (search.line.charCodeAt(search.at) !== code) return false
  search.at++
  return true
}

function space(search: Search): number {
  for (;;) {
    const code = search.line.charCodeAt(search.at)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code
    search.at++
  }
}
