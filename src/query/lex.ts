// Cuts the text of a query into tokens; white space and `#` comments fall away.
import { fail } from '../errors.js'
import type { Position } from './ast.js'
import { syntaxError } from './syntax-error.js'
import { unquote } from './unquote.js'

/** Every sign of the language, longer ones before their beginnings. */
const SIGNS = ['|=', '|~', '!=', '!~', '=~', '=', '{', '}', ','] as const
export type Sign = (typeof SIGNS)[number]

export type Token =
  | { readonly kind: 'sign'; readonly text: Sign; readonly at: Position }
  | { readonly kind: 'word'; readonly text: string; readonly at: Position }
  /** `value` is what the literal stands for. */
  | { readonly kind: 'string'; readonly text: string; readonly value: string; readonly at: Position }
  /** A number or a character that has no meaning here; the parser knows what should have stood there. */
  | { readonly kind: 'other'; readonly text: string; readonly at: Position }
  | { readonly kind: 'end'; readonly text: ''; readonly at: Position }

/** Longest query, in UTF-16 units (Loki's limit). */
const QUERY_LENGTH = 131_072

const BLANK = /(?:[ \t\r\n]|#[^\n]*)+/y
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y
const NUMBER = /[0-9][0-9A-Za-z_.]*/y
const STRING = /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y

const QUOTES_HINT = 'write text as "text" or, to keep backslashes as they are, as `text`'
const ESCAPES_HINT = 'write a backslash as \\\\, or put the text in backticks'

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
  return offset + (matchAt(BLANK, text, offset)?.length ?? 0)
}

function tokenAt(text: string, offset: number, at: Position): Token {
  const word = matchAt(WORD, text, offset)
  if (word !== undefined) return { kind: 'word', text: word, at }
  const literal = matchAt(STRING, text, offset)
  if (literal !== undefined) {
    const value = unquote(literal)
    if (value === undefined) return syntaxError(at, `unknown escape in ${literal}`, ESCAPES_HINT)
    return { kind: 'string', text: literal, value, at }
  }
  const sign = SIGNS.find((sign) => text.startsWith(sign, offset))
  if (sign !== undefined) return { kind: 'sign', text: sign, at }
  const other = matchAt(NUMBER, text, offset) ?? String.fromCodePoint(text.codePointAt(offset) ?? 0)
  if (other === '"' || other === '`') return syntaxError(at, 'a string that does not end', QUOTES_HINT)
  return { kind: 'other', text: other, at }
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0]
}

/** Offsets, asked in rising order, to positions. */
function placer(text: string): (offset: number) => Position {
  let line = 1
  let lineStart = 0
  return (offset) => {
    for (
      let end = text.indexOf('\n', lineStart);
      end >= 0 && end < offset;
      end = text.indexOf('\n', lineStart)
    ) {
      line++
      lineStart = end + 1
    }
    return { line, column: offset - lineStart + 1 }
  }
}
