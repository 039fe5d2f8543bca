// Reads whole queries: operators by their strength, functions, numbers, brackets, and log queries.
import { compileRegex } from '../record/regex.js'
import { BINARY_OPS, VECTOR_OPS } from './ast.js'
import type {
  BinaryOp,
  BinaryOperation,
  LabelReplace,
  Matching,
  MetricQuery,
  Position,
  Query,
  VectorAggregation,
  VectorFunction,
  VectorOp,
} from './ast.js'
import { bindingOf, isComparison, isSetOperation } from './binding.js'
import { checkVectorAggregation, isConstant } from './check-aggregation.js'
import {
  isRangeOp,
  parseLogQuery,
  parseRangeAggregation,
  takeGrouping,
  takeParameter,
} from './parse-range.js'
import { queryError } from './query-error.js'
import type { TokenStream } from './token-stream.js'
import {
  isSign,
  isWord,
  nest,
  peek,
  skipSign,
  skipWord,
  takeNames,
  takeSign,
  takeString,
  unexpected,
} from './token-stream.js'
import type { Token } from './lex.js'

export const QUERY_HINT =
  'a query looks like {app="web"} |= "text" for lines, or sum by (app) (rate({env="prod"} [5m])) for numbers'
const METRIC_HINT = 'lines become numbers in a range aggregation, such as rate({app="web"} [5m])'

/** Operators weaker than `least` are left to the caller. */
export function parseQuery(stream: TokenStream, least = 0): Query {
  let left = parseOperand(stream)
  for (;;) {
    const token = peek(stream)
    const op = binaryOpOf(token)
    if (op === undefined || bindingOf(op).strength < least) return left
    stream.index++
    nest(stream)
    const modifiers = parseModifiers(stream, op)
    const right = parseQuery(stream, bindingOf(op).leastOfRight)
    const legs = { left: legOf(left, 'left', op), right: legOf(right, 'right', op) }
    left = { kind: 'binary', op, ...legs, ...modifiers, at: token.at }
  }
}

function parseOperand(stream: TokenStream): Query {
  const token = peek(stream)
  if (isSign(token, '{')) return parseLogQuery(stream)
  if (isSign(token, '+', '-') || token.kind === 'number') return parseNumber(stream)
  if (skipSign(stream, '(')) {
    nest(stream)
    const inner = parseQuery(stream)
    takeSign(stream, [')'])
    return inner
  }
  const word = token.kind === 'word' ? token.text.toLowerCase() : ''
  if (isRangeOp(word)) return parseRangeAggregation(skipToken(stream), word, token.at)
  if (isVectorOp(word)) return parseVectorAggregation(skipToken(stream), word, token.at)
  if (word === 'label_replace') return parseLabelReplace(skipToken(stream), token.at)
  if (word === 'vector') return parseVector(skipToken(stream), token.at)
  return unexpected(stream, 'a selector, a function or a number', QUERY_HINT)
}

/** Signs belong to numbers alone. */
function parseNumber(stream: TokenStream): MetricQuery {
  const { at } = peek(stream)
  const negative = skipSign(stream, '-')
  if (!negative) skipSign(stream, '+')
  const value = takeNumber(stream)
  return { kind: 'number', value: negative ? -value : value, at }
}

function takeNumber(stream: TokenStream): number {
  const token = peek(stream)
  if (token.kind !== 'number') return unexpected(stream, 'a number')
  stream.index++
  return token.value
}

function skipToken(stream: TokenStream): TokenStream {
  stream.index++
  return stream
}

function parseVectorAggregation(stream: TokenStream, op: VectorOp, at: Position): VectorAggregation {
  const before = takeGrouping(stream)
  takeSign(stream, ['('])
  nest(stream)
  const parameter = takeParameter(stream)
  const of = parseMetricQuery(stream)
  takeSign(stream, [')'])
  const grouping = before ?? takeGrouping(stream)
  checkVectorAggregation({ kind: 'vector-aggregation', op, parameter, grouping, at })
  return { kind: 'vector-aggregation', op, parameter, of, grouping, at }
}

function parseLabelReplace(stream: TokenStream, at: Position): LabelReplace {
  takeSign(stream, ['('])
  nest(stream)
  const of = parseMetricQuery(stream)
  const [destination, replacement, source, pattern] = [1, 2, 3, 4].map(() => {
    takeSign(stream, [','])
    return takeString(stream)
  }) as [string, string, string, string]
  takeSign(stream, [')'])
  compileRegex(pattern, { whole: true })
  return { kind: 'label_replace', of, destination, replacement, source, pattern, at }
}

function parseVector(stream: TokenStream, at: Position): VectorFunction {
  takeSign(stream, ['('])
  const value = takeNumber(stream)
  takeSign(stream, [')'])
  return { kind: 'vector', value, at }
}

/** Throws QUERY_INVALID where it is a query for lines. */
export function parseMetricQuery(stream: TokenStream): MetricQuery {
  const { at } = peek(stream)
  const query = parseQuery(stream)
  return query.kind === 'log' ? queryError(at, 'lines where numbers are needed', METRIC_HINT) : query
}

function parseModifiers(stream: TokenStream, op: BinaryOp): Pick<BinaryOperation, 'bool' | 'matching'> {
  const { at } = peek(stream)
  const bool = skipWord(stream, 'bool')
  if (bool && !isComparison(op)) queryError(at, `bool stands only behind a comparison, not behind ${op}`)
  return { bool, matching: parseMatching(stream, op) }
}

function parseMatching(stream: TokenStream, op: BinaryOp): Matching | undefined {
  if (!isWord(peek(stream), 'on', 'ignoring')) return undefined
  const on = isWord(peek(stream), 'on')
  const names = takeNames(skipToken(stream))
  const { at } = peek(stream)
  const group = skipWord(stream, 'group_left')
    ? 'left'
    : skipWord(stream, 'group_right')
      ? 'right'
      : undefined
  if (group && isSetOperation(op)) queryError(at, `group_${group} has no meaning for ${op}`)
  const include = group && isSign(peek(stream), '(') ? takeNames(stream) : []
  return { on, names, group, include }
}

/** Throws QUERY_INVALID where the operator has no meaning for what stands at this side of it. */
function legOf(query: Query, side: 'left' | 'right', op: BinaryOp): MetricQuery {
  if (query.kind === 'log')
    return queryError(
      query.at,
      `unexpected lines for the ${side} leg of binary operation (${op})`,
      METRIC_HINT,
    )
  if (isSetOperation(op) && isConstant(query))
    queryError(
      query.at,
      `unexpected number for the ${side} leg of logical/set binary operation (${op})`,
      'vector(1) makes a series of a number',
    )
  return query
}

function binaryOpOf(token: Token): BinaryOp | undefined {
  if (token.kind !== 'sign' && token.kind !== 'word') return undefined
  return BINARY_OPS.find((op) => op === token.text.toLowerCase())
}

function isVectorOp(word: string): word is VectorOp {
  return (VECTOR_OPS as readonly string[]).includes(word)
}
