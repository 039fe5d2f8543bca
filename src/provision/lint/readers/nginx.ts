// nginx configurations: directives with their arguments, and those within their braces.
import { type Place, SyntaxProblem } from '../finding.js'
import type { LintFile } from '../format.js'

export interface NginxDirective {
  readonly name: string
  readonly args: readonly string[]
  readonly at: Place
  /** Undefined where it ends with a semicolon. */
  readonly block: readonly NginxDirective[] | undefined
}

interface Token {
  readonly text: string
  readonly at: Place
  readonly isQuoted: boolean
}

const TOKEN = /#[^\n]*|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|[{};]|(?:\$\{\w*\}|\\.|[^\s{};])+|\n/g

/** Deeper is no configuration. */
const DEEPEST = 30

export function readNginx({ text }: Pick<LintFile, 'text'>): readonly NginxDirective[] {
  const tokens = tokensOf(text)
  const found = directives(tokens, undefined, 0)
  const [extra] = tokens
  if (extra) throw new SyntaxProblem(extra.at, 'this } closes nothing')
  return found
}

/** Every directive, those within blocks too. */
export function* everyDirective(tree: readonly NginxDirective[]): Generator<NginxDirective> {
  for (const directive of tree) {
    yield directive
    if (directive.block) yield* everyDirective(directive.block)
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let [line, start] = [1, 0]
  for (const match of text.matchAll(TOKEN)) {
    const [whole, double, single] = match
    const at = { line, column: match.index - start + 1 }
    const quoted = double ?? single
    if (whole === '\n') [line, start] = [line + 1, match.index + 1]
    else if (!whole.startsWith('#'))
      tokens.push({ text: quoted ?? whole, at, isQuoted: quoted !== undefined })
    // A quoted text may hold several lines.
    const inside = whole === '\n' ? [] : [...whole.matchAll(/\n/g)]
    line += inside.length
    start = match.index + (inside.at(-1)?.index ?? start - match.index - 1) + 1
  }
  return tokens
}

function directives(tokens: Token[], opened: Place | undefined, depth: number): NginxDirective[] {
  const found: NginxDirective[] = []
  for (let token = tokens[0]; token; token = tokens[0]) {
    if (!token.isQuoted && token.text === '}') {
      if (opened) tokens.shift()
      return found
    }
    found.push(directive(tokens, token, depth))
  }
  if (opened) throw new SyntaxProblem(opened, 'this { is never closed')
  return found
}

function directive(tokens: Token[], first: Token, depth: number): NginxDirective {
  if (depth > DEEPEST) throw new SyntaxProblem(first.at, `nested more than ${DEEPEST} deep`)
  const words: string[] = []
  for (let token = tokens.shift(); token; token = tokens.shift()) {
    const mark = token.isQuoted ? '' : token.text
    const [name = '', ...args] = words
    if (mark === ';') return { name, args, at: first.at, block: undefined }
    if (mark === '{') return { name, args, at: first.at, block: directives(tokens, token.at, depth + 1) }
    if (mark === '}') break
    words.push(token.text)
  }
  throw new SyntaxProblem(first.at, `"${words.join(' ')}" does not end with a semicolon`)
}
