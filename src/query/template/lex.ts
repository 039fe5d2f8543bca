// Cuts a template into text and the tokens of its `{{actions}}`, as Go's text/template does.
import { unquote } from '../../record/go-string.js'

export type TokenKind =
  'word' | 'field' | 'variable' | 'number' | 'string' | 'dot' | '|' | '(' | ')' | ',' | ':=' | '=' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** As written. */
  readonly text: string
  /** What a string or character stands for. */
  readonly value: string
  readonly at: number
  /** White space stands before it. */
  readonly spaced: boolean
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly at: number }

/** Thrown here and in the parser: the template is not one. */
export class TemplateSyntax extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message)
  }
}

const TOKEN =
  /(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<char>'(?:[^'\\\n]|\\.)+')|(?<number>[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)(?![\p{L}_\d]))|(?<variable>\$[\p{L}_\d]*)|(?<field>\.[\p{L}_][\p{L}_\d]*)|(?<word>[\p{L}_][\p{L}_\d]*)|(?<dot>\.)|(?<sign>:=|[=|(),])/uy
const SPACE = /\s*/y

export function pieces(text: string): Piece[] {
  const found: Piece[] = []
  let at = 0
  let trim = false
  for (;;) {
    const open = text.indexOf('{{', at)
    const literal = text.slice(at, open < 0 ? text.length : open)
    const trimsBefore = open >= 0 && /^\{\{-\s/.test(text.slice(open, open + 4))
    const kept = trimsBefore ? literal.trimEnd() : literal
    const shown = trim ? kept.trimStart() : kept
    if (shown !== '') found.push({ kind: 'text', text: shown })
    if (open < 0) return found
    const action = readAction(text, open + (trimsBefore ? 3 : 2), open)
    if (action.tokens.length > 0) found.push({ kind: 'action', tokens: action.tokens, at: open + 2 })
    at = action.end
    trim = action.trims
  }
}

interface Action {
  readonly tokens: Token[]
  readonly end: number
  readonly trims: boolean
}

function readAction(text: string, from: number, open: number): Action {
  const comment = readComment(text, from)
  if (comment) return comment
  const tokens: Token[] = []
  let at = from
  for (;;) {
    const start = skipSpace(text, at)
    const spaced = start > at
    if (text.startsWith('}}', start)) return { tokens, end: start + 2, trims: false }
    if (spaced && text.startsWith('-}}', start)) return { tokens, end: start + 3, trims: true }
    if (start >= text.length) throw new TemplateSyntax('unclosed action', open)
    const token = readToken(text, start, spaced)
    tokens.push(token)
    at = start + token.text.length
  }
}

function readComment(text: string, from: number): Action | undefined {
  const start = skipSpace(text, from)
  if (!text.startsWith('/*', start)) return undefined
  const end = text.indexOf('*/', start)
  if (end < 0) throw new TemplateSyntax('unclosed comment', start)
  const close = skipSpace(text, end + 2)
  const trims = text.startsWith('-}}', close)
  if (!trims && !text.startsWith('}}', close))
    throw new TemplateSyntax('comment ends before closing delimiter', start)
  return { tokens: [], end: close + (trims ? 3 : 2), trims }
}

function skipSpace(text: string, from: number): number {
  SPACE.lastIndex = from
  SPACE.test(text)
  return Math.max(from, SPACE.lastIndex)
}

function readToken(text: string, at: number, spaced: boolean): Token {
  TOKEN.lastIndex = at
  const groups = TOKEN.exec(text)?.groups
  if (!groups) throw refusal(text, at)
  const { string, char, number, variable, field, word, dot, sign } = groups
  const made = (kind: TokenKind, written: string, value = written): Token => ({
    kind,
    text: written,
    value,
    at,
    spaced,
  })
  if (string !== undefined) return made('string', string, unquoted(string, at))
  if (char !== undefined) {
    const value = unquoted(`"${char.slice(1, -1).replace(/^"$/, '\\"').replace(/^\\'$/, "'")}"`, at)
    return made('number', char, String(value.codePointAt(0) ?? 0))
  }
  if (number !== undefined) return made('number', number, number.replaceAll('_', ''))
  if (variable !== undefined) return made('variable', variable)
  if (field !== undefined) return made('field', field)
  if (word !== undefined) return made('word', word)
  return dot !== undefined ? made('dot', dot) : made(sign as TokenKind, sign as string)
}

function refusal(text: string, at: number): TemplateSyntax {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0)
  if (char === '"') return new TemplateSyntax('unterminated quoted string', at)
  if (char === '`') return new TemplateSyntax('unterminated raw quoted string', at)
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return new TemplateSyntax(`unexpected U+${code} '${char}' in action`, at)
}

function unquoted(quoted: string, at: number): string {
  const value = unquote(quoted)
  if (value === undefined) throw new TemplateSyntax('invalid syntax', at)
  return value
}
