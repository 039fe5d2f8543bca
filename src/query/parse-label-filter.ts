// Reads conditions on labels: `status >= 500 and (method="GET" or took > 1s), addr = ip("10.0.0.0/8")`.
import { COMPARISON_OPS, MATCHER_OPS } from './ast.js'
import type { ComparisonOp, LabelFilter, MatcherOp, Position } from './ast.js'
import type { Sign } from './lex.js'
import type { TokenStream } from './token-stream.js'
import {
  isSign,
  isWord,
  nest,
  peek,
  skipSign,
  takeName,
  takeSign,
  takeString,
  unexpected,
} from './token-stream.js'

const OPS = ['=', '==', '!=', '=~', '!~', '>', '>=', '<', '<='] as const satisfies readonly Sign[]
type Op = (typeof OPS)[number]
interface Subject {
  readonly name: string
  readonly op: Op
  readonly at: Position
}

const FILTER_HINT = 'a label filter looks like | status >= 500 and method="GET"'
const STRENGTH = { or: 1, and: 2 } as const

/**
 * `and` binds stronger than `or`; a comma, or nothing at all, is an `and` that takes everything to its right:
 * `a or b, c or d` is `a or (b and (c or d))`.
 */
export function parseLabelFilter(stream: TokenStream, least: number = STRENGTH.or): LabelFilter {
  let left = parseTerm(stream)
  for (;;) {
    const token = peek(stream)
    const kind = isWord(token, 'and') ? 'and' : isWord(token, 'or') ? 'or' : undefined
    if (kind !== undefined && STRENGTH[kind] < least) return left
    if (kind !== undefined || isSign(token, ',')) stream.index++
    else if (token.kind !== 'word' && !isSign(token, '(')) return left
    nest(stream)
    const right = parseLabelFilter(stream, kind === undefined ? STRENGTH.or : STRENGTH[kind] + 1)
    left = { kind: kind ?? 'and', left, right }
  }
}

function parseTerm(stream: TokenStream): LabelFilter {
  if (skipSign(stream, '(')) {
    nest(stream)
    const inner = parseLabelFilter(stream)
    takeSign(stream, [')'], FILTER_HINT)
    return inner
  }
  const { text: name, at } = takeName(stream, FILTER_HINT)
  const subject = { name, op: takeSign(stream, OPS, FILTER_HINT), at }
  return parseValue(stream, subject) ?? unexpected(stream, expectedAfter(subject.op), FILTER_HINT)
}

function parseValue(stream: TokenStream, { name, op, at }: Subject): LabelFilter | undefined {
  const token = peek(stream)
  if (token.kind === 'string' && isMatcherOp(op))
    return { kind: 'matcher', name, op, value: takeString(stream), at }
  if (isWord(token, 'ip') && (op === '=' || op === '!='))
    return { kind: 'ip', name, op, value: takeIp(stream), at }
  const comparison = op === '=' ? '==' : op
  return isComparisonOp(comparison) ? parseAmount(stream, { name, op: comparison, at }) : undefined
}

function parseAmount(
  stream: TokenStream,
  compared: { readonly name: string; readonly op: ComparisonOp; readonly at: Position },
): LabelFilter | undefined {
  const first = peek(stream)
  const sign = isSign(first, '+', '-') ? first.text : ''
  const amount = peek(stream, sign === '' ? 0 : 1)
  if (amount.kind !== 'number' && amount.kind !== 'duration' && amount.kind !== 'bytes') return undefined
  stream.index += sign === '' ? 1 : 2
  const value = sign === '-' ? -amount.value : amount.value
  return { kind: amount.kind, ...compared, value, text: sign + amount.text }
}

/** `ip("10.0.0.0/8")` */
export function takeIp(stream: TokenStream): string {
  stream.index++
  takeSign(stream, ['('])
  const pattern = takeString(stream)
  takeSign(stream, [')'])
  return pattern
}

function isMatcherOp(op: string): op is MatcherOp {
  return (MATCHER_OPS as readonly string[]).includes(op)
}

function isComparisonOp(op: string): op is ComparisonOp {
  return (COMPARISON_OPS as readonly string[]).includes(op)
}

function expectedAfter(op: Op): string {
  if (op === '=' || op === '!=') return 'a string, a number, a duration, a size or ip("…")'
  return isMatcherOp(op) ? 'a string' : 'a number, a duration or a size'
}
