// Reads the text of a query into its tree.
import { MATCHER_OPS } from './ast.js'
import type { LineFilter, LogQuery, Matcher } from './ast.js'
import { lex } from './lex.js'
import type { Sign, Token } from './lex.js'
import { syntaxError } from './syntax-error.js'

const FORM_HINT = 'a selector looks like {app="web", level=~"err.*"} |= "text"; {} selects everything'
const QUOTES_HINT = 'put the value in quotes, as in {app="web"}'

const LINE_FILTERS = ['|=', '!=', '|~', '!~'] as const

interface Parser {
  readonly tokens: readonly Token[]
  index: number
}

/** Throws QUERY_INVALID. Regular expressions are checked when they are compiled. */
export function parse(text: string): LogQuery {
  const parser: Parser = { tokens: lex(text), index: 0 }
  const selector = parseSelector(parser)
  if (peek(parser).kind !== 'end')
    unexpected(parser, 'a line filter (|=, !=, |~ or !~) or the end', FORM_HINT)
  return selector
}

function parseSelector(parser: Parser): LogQuery {
  const { at } = peek(parser)
  takeSign(parser, ['{'])
  const matchers: Matcher[] = []
  if (isSign(peek(parser), ['}'])) takeSign(parser, ['}'])
  else
    do matchers.push(parseMatcher(parser))
    while (takeSign(parser, [',', '}']) === ',')
  return { kind: 'log', matchers, stages: parseStages(parser), at }
}

function parseMatcher(parser: Parser): Matcher {
  const name = peek(parser)
  if (name.kind !== 'word') return unexpected(parser, 'the name of a label', FORM_HINT)
  parser.index++
  const op = takeSign(parser, MATCHER_OPS)
  return { kind: 'matcher', name: name.text, op, value: takeString(parser), at: name.at }
}

function parseStages(parser: Parser): LineFilter[] {
  const stages: LineFilter[] = []
  while (isSign(peek(parser), LINE_FILTERS)) stages.push(parseLineFilter(parser))
  return stages
}

function parseLineFilter(parser: Parser): LineFilter {
  const { at } = peek(parser)
  const op = takeSign(parser, LINE_FILTERS)
  const values = [{ text: takeString(parser), ip: false }]
  while (takeWord(parser, 'or')) values.push({ text: takeString(parser), ip: false })
  return { kind: 'line-filter', op, values, at }
}

function peek(parser: Parser): Token {
  // The last token is the end, and nothing steps over it.
  return parser.tokens[parser.index] as Token
}

function isSign<S extends Sign>(token: Token, signs: readonly S[]): token is Token & { text: S } {
  return token.kind === 'sign' && (signs as readonly Sign[]).includes(token.text)
}

function takeSign<S extends Sign>(parser: Parser, signs: readonly S[]): S {
  const token = peek(parser)
  if (!isSign(token, signs)) return unexpected(parser, anyOf(signs), FORM_HINT)
  parser.index++
  return token.text
}

function takeString(parser: Parser): string {
  const token = peek(parser)
  if (token.kind !== 'string')
    return unexpected(parser, 'a string', token.kind === 'end' ? FORM_HINT : QUOTES_HINT)
  parser.index++
  return token.value
}

/** Keywords may be written in any case. */
function takeWord(parser: Parser, word: string): boolean {
  const token = peek(parser)
  if (token.kind !== 'word' || token.text.toLowerCase() !== word) return false
  parser.index++
  return true
}

function unexpected(parser: Parser, expected: string, hint: string): never {
  const { at, kind, text } = peek(parser)
  return syntaxError(at, `unexpected ${kind === 'end' ? 'end of input' : text}, expected ${expected}`, hint)
}

function anyOf(signs: readonly string[]): string {
  const last = signs.at(-1) ?? ''
  return signs.length < 2 ? last : `${signs.slice(0, -1).join(', ')} or ${last}`
}
