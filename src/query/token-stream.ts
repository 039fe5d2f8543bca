// The tokens of a query as the parser steps through them, and what it says where one does not fit.
import type { Position } from './ast.js'
import { lex } from './lex.js'
import type { Sign, Token } from './lex.js'
import { queryError } from './query-error.js'

export interface TokenStream {
  readonly tokens: readonly Token[]
  index: number
  /** Operators and brackets so far. */
  nested: number
}

/**
 * Most operators and brackets in a query. No branch of its tree is longer, so that whoever walks the tree by
 * recursion has stack enough.
 */
const NESTED_MOST = 500
/** Of a token that did not fit, so many characters are shown. */
const SHOWN = 40

const QUOTES_HINT = 'put the value in quotes, as in {app="web"}'

export function tokenStream(text: string): TokenStream {
  return { tokens: lex(text), index: 0, nested: 0 }
}

export function peek({ tokens, index }: TokenStream, ahead = 0): Token {
  // The last token is the end, and nothing steps over it.
  return tokens[Math.min(index + ahead, tokens.length - 1)] as Token
}

/** Throws QUERY_INVALID where the query has become too deep. */
export function nest(stream: TokenStream): void {
  if (++stream.nested > NESTED_MOST)
    queryError(peek(stream).at, `a query may have at most ${NESTED_MOST} operators and brackets`)
}

export function isSign<S extends Sign>(token: Token, ...signs: readonly S[]): token is Token & { text: S } {
  return token.kind === 'sign' && (signs as readonly Sign[]).includes(token.text)
}

/** Keywords may be written in any case. */
export function isWord(token: Token, ...words: readonly string[]): boolean {
  return token.kind === 'word' && words.includes(token.text.toLowerCase())
}

/** Steps over the sign if it is there. */
export function skipSign(stream: TokenStream, sign: Sign): boolean {
  const found = isSign(peek(stream), sign)
  if (found) stream.index++
  return found
}

/** Steps over the keyword if it is there. */
export function skipWord(stream: TokenStream, word: string): boolean {
  const found = isWord(peek(stream), word)
  if (found) stream.index++
  return found
}

export function takeSign<S extends Sign>(stream: TokenStream, signs: readonly S[], ...hints: string[]): S {
  const token = peek(stream)
  if (!isSign(token, ...signs)) return unexpected(stream, anyOf(signs), ...hints)
  stream.index++
  return token.text
}

/** The hints are for a query that ends here; of anything else in its place, quotes are what is missing. */
export function takeString(stream: TokenStream, ...hints: string[]): string {
  const token = peek(stream)
  if (token.kind !== 'string')
    return unexpected(stream, 'a string', ...(token.kind === 'end' ? hints : [QUOTES_HINT]))
  stream.index++
  return token.value
}

/** Keywords are names too where only a name can stand. */
export function takeName(stream: TokenStream, ...hints: string[]): { text: string; at: Position } {
  const token = peek(stream)
  if (token.kind !== 'word') return unexpected(stream, 'the name of a label', ...hints)
  stream.index++
  return token
}

/** What `read` reads, as often as commas follow. */
export function takeList<T>(stream: TokenStream, read: (stream: TokenStream) => T): T[] {
  const list = [read(stream)]
  while (skipSign(stream, ',')) list.push(read(stream))
  return list
}

/** `(a, b)`, which may be empty. */
export function takeNames(stream: TokenStream): string[] {
  takeSign(stream, ['('])
  if (skipSign(stream, ')')) return []
  const names = takeList(stream, (stream) => takeName(stream).text)
  takeSign(stream, [',', ')'])
  return names
}

/** Throws QUERY_INVALID with what stands there. */
export function unexpected(stream: TokenStream, expected: string, ...hints: string[]): never {
  const { at, kind, text } = peek(stream)
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
  const found = kind === 'end' ? 'end of input' : shown
  return queryError(at, `syntax error: unexpected ${found}, expecting ${expected}`, ...hints)
}

function anyOf(signs: readonly string[]): string {
  const last = signs.at(-1) ?? ''
  return signs.length < 2 ? last : `${signs.slice(0, -1).join(', ')} or ${last}`
}
