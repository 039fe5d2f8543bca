// Cuts the text of a query into tokens; white space and `#` comments fall away.
import { fail } from '../errors.js'
import { unquote } from '../record/go-string.js'
import { readAmount } from './amount.js'
import type { Position } from './ast.js'
import { queryError } from './query-error.js'

const PAIRS = ['|=', '|~', '|>', '!=', '!~', '!>', '=~', '==', '>=', '<='] as const
const SINGLES = ['=', '>', '<', '|', '{', '}', '(', ')', ',', '+', '-', '*', '/', '%', '^'] as const
export type Sign = (typeof PAIRS | typeof SINGLES)[number]
const SIGNS: ReadonlySet<string> = new Set([...PAIRS, ...SINGLES])

interface Placed {
  readonly text: string
  readonly at: Position
}

export type Token =
  | (Placed & { readonly kind: 'sign'; readonly text: Sign })
  | (Placed & { readonly kind: 'word' })
  /** `value` is what the literal stands for. */
  | (Placed & { readonly kind: 'string'; readonly value: string })
  | (Placed & { readonly kind: 'number'; readonly value: number })
  /** `value` in seconds. */
  | (Placed & { readonly kind: 'duration'; readonly value: number; readonly ns: bigint })
  /** `value` in bytes. */
  | (Placed & { readonly kind: 'bytes'; readonly value: number })
  /** `[5m]` */
  | (Placed & { readonly kind: 'range' })
  /** `--strict` */
  | (Placed & { readonly kind: 'flag' })
  /** No part of the language; the parser knows what should have stood there. */
  | (Placed & { readonly kind: 'other' })
  | (Placed & { readonly kind: 'end' })

/** Longest query, in UTF-16 units (Loki's limit). */
const QUERY_LENGTH = 131_072

const BLANK = /(?:[ \t\r\n]|#[^\n]*)*/y
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y
// An exponent's sign belongs to the number; what else follows without a gap may be a unit.
const AMOUNT = /(?:0[xX][0-9a-fA-F.]+[pP][+-]?\d+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)[0-9A-Za-z_.µμ]*/y
const STRING = /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y
const RANGE = /\[[^[\]{}"`\n]*\]/y
const FLAG = /--[A-Za-z][A-Za-z-]*/y

const QUOTES_HINT = 'write text as "text" or, to keep backslashes as they are, as `text`'
const ESCAPES_HINT = 'write a backslash as \\\\, or put the text in backticks'
const RANGE_HINT = 'a range looks like [5m]'

/** The last token is always `end`. Throws QUERY_INVALID. */
export function lex(text: string): Token[] {
  if (text.length > QUERY_LENGTH)
    fail('QUERY_INVALID', `the query is ${text.length} characters long; ${QUERY_LENGTH} is the most`)
  const tokens: Token[] = []
  const place = placer(text)
  let offset = skip(text, 0)
  while (offset < text.length) {
    const token = tokenAt(text, offset, place(offset))
    tokens.push(token)
    offset = skip(text, offset + token.text.length)
  }
  tokens.push({ kind: 'end', text: '', at: place(offset) })
  return tokens
}

function skip(text: string, offset: number): number {
  BLANK.lastIndex = offset
  BLANK.test(text)
  return BLANK.lastIndex
}

function tokenAt(text: string, offset: number, at: Position): Token {
  const word = matchAt(WORD, text, offset)
  if (word !== undefined) return { kind: 'word', text: word, at }
  const literal = matchAt(STRING, text, offset)
  if (literal !== undefined) return stringToken(literal, at)
  const flag = matchAt(FLAG, text, offset)
  if (flag !== undefined) return { kind: 'flag', text: flag, at }
  const sign = signAt(text, offset)
  if (sign !== undefined) return { kind: 'sign', text: sign, at }
  const amount = matchAt(AMOUNT, text, offset)
  if (amount !== undefined) return amountToken(amount, at)
  const range = matchAt(RANGE, text, offset)
  if (range !== undefined) return { kind: 'range', text: range, at }
  const other = String.fromCodePoint(text.codePointAt(offset) ?? 0)
  if (other === '"' || other === '`') return queryError(at, 'a string that does not end', QUOTES_HINT)
  if (other === '[') return queryError(at, 'a range that does not end: ] is missing', RANGE_HINT)
  return { kind: 'other', text: other, at }
}

function stringToken(text: string, at: Position): Token {
  const value = unquote(text)
  if (value === undefined) return queryError(at, `unknown escape in ${text}`, ESCAPES_HINT)
  return { kind: 'string', text, value, at }
}

function amountToken(text: string, at: Position): Token {
  const amount = readAmount(text)
  if (!amount) return { kind: 'other', text, at }
  // Not `...amount`: spreading takes five times as long as all the rest.
  if (amount.kind === 'duration') return { kind: 'duration', text, value: amount.value, ns: amount.ns, at }
  return { kind: amount.kind, text, value: amount.value, at }
}

/** The longer of two signs that begin alike. */
function signAt(text: string, offset: number): Sign | undefined {
  const pair = text.slice(offset, offset + 2)
  const sign = SIGNS.has(pair) ? pair : pair.charAt(0)
  return SIGNS.has(sign) ? (sign as Sign) : undefined
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset
  return pattern.test(text) ? text.slice(offset, pattern.lastIndex) : undefined
}

/** Offsets, asked in rising order, to positions. */
function placer(text: string): (offset: number) => Position {
  let line = 1
  let lineStart = 0
  let lineEnd = endOfLine(text, 0)
  return (offset) => {
    while (offset > lineEnd) {
      line++
      lineStart = lineEnd + 1
      lineEnd = endOfLine(text, lineStart)
    }
    return { line, column: offset - lineStart + 1 }
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
