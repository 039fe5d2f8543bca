// Reads log queries, and range aggregations over them: `rate({app="web"} | json [5m] offset 1h)`.
import { RANGE_OPS, UNWRAP_CONVERSIONS } from './ast.js'
import type {
  Duration,
  Grouping,
  LabelFilterStage,
  LogQuery,
  RangeAggregation,
  RangeOp,
  Unwrap,
} from './ast.js'
import { readRange } from './amount.js'
import { checkRangeAggregation } from './check-aggregation.js'
import { parseLabelFilter } from './parse-label-filter.js'
import { parseMatchers, parseStages, refuseUnwrap } from './parse-stages.js'
import { isStageWord } from './stage-words.js'
import type { TokenStream } from './token-stream.js'
import {
  isSign,
  isWord,
  nest,
  peek,
  skipSign,
  skipWord,
  takeName,
  takeNames,
  takeSign,
  unexpected,
} from './token-stream.js'

/** The inside of a range aggregation while it is read. */
interface RangeParts {
  log: LogQuery
  unwrap: Unwrap | undefined
  range: Duration | undefined
  offset: Duration | undefined
}

const RANGE_HINT = 'a range looks like [5m], with the units y, w, d, h, m, s and ms, as in [1h30m]'
const VARIABLE_HINT = 'Grafana puts a range for such a variable before it sends a query'
const AFTER_UNWRAP_HINT = 'parsers and line filters stand before unwrap'
const OFFSET_HINT = 'an offset looks like offset 5m'

export function parseLogQuery(stream: TokenStream): LogQuery {
  const { at } = peek(stream)
  const matchers = parseMatchers(stream)
  const stages = parseStages(stream)
  refuseUnwrap(stream)
  return { kind: 'log', matchers, stages, at }
}

export function isRangeOp(word: string): word is RangeOp {
  return (RANGE_OPS as readonly string[]).includes(word)
}

/** From behind the name of the operation, which the caller has taken. */
export function parseRangeAggregation(
  stream: TokenStream,
  op: RangeOp,
  at: RangeAggregation['at'],
): RangeAggregation {
  takeSign(stream, ['('])
  const parameter = takeParameter(stream)
  const { log, unwrap, range, offset } = parseRangeParts(stream)
  if (!range) return unexpected(stream, 'a range', RANGE_HINT)
  takeSign(stream, [')'])
  const grouping = takeGrouping(stream)
  const aggregation = {
    kind: 'range-aggregation',
    op,
    parameter,
    log,
    unwrap,
    range,
    offset,
    grouping,
    at,
  } as const
  checkRangeAggregation(aggregation)
  return aggregation
}

/** A number before a comma. */
export function takeParameter(stream: TokenStream): number | undefined {
  const token = peek(stream)
  if (token.kind !== 'number' || !isSign(peek(stream, 1), ',')) return undefined
  stream.index += 2
  return token.value
}

export function takeGrouping(stream: TokenStream): Grouping | undefined {
  if (skipWord(stream, 'by')) return { without: false, names: takeNames(stream) }
  return skipWord(stream, 'without') ? { without: true, names: takeNames(stream) } : undefined
}

/** The range stands behind the pipeline or before all of it; brackets may hold both, or all but the range. */
function parseRangeParts(stream: TokenStream): RangeParts {
  const inBrackets = skipSign(stream, '(')
  const parts = inBrackets ? parseBracketedParts(stream) : parseSelectorParts(stream)
  if (parts.range) return parts
  if (!inBrackets) parsePipeline(stream, parts)
  if (!takeRange(stream, parts)) return parts
  if (parts.log.stages.length === 0 && !parts.unwrap) parsePipeline(stream, parts)
  return parts
}

function parseBracketedParts(stream: TokenStream): RangeParts {
  nest(stream)
  const parts = parseRangeParts(stream)
  takeSign(stream, [')'])
  return parts
}

function parseSelectorParts(stream: TokenStream): RangeParts {
  const { at } = peek(stream)
  const log: LogQuery = { kind: 'log', matchers: parseMatchers(stream), stages: [], at }
  return { log, unwrap: undefined, range: undefined, offset: undefined }
}

function parsePipeline(stream: TokenStream, parts: RangeParts): void {
  parts.log = { ...parts.log, stages: parseStages(stream) }
  parts.unwrap = parseUnwrap(stream)
}

function parseUnwrap(stream: TokenStream): Unwrap | undefined {
  const { at } = peek(stream)
  // Stages end before nothing else that begins with a bar.
  if (!skipSign(stream, '|')) return undefined
  stream.index++
  const conversion = UNWRAP_CONVERSIONS.find(
    (one) => isWord(peek(stream), one) && isSign(peek(stream, 1), '('),
  )
  if (conversion) stream.index += 2
  const { text: name } = takeName(stream)
  if (conversion) takeSign(stream, [')'])
  const filters: LabelFilterStage[] = []
  for (let { at } = peek(stream); skipSign(stream, '|'); { at } = peek(stream)) {
    if (isStageWord(peek(stream).text)) unexpected(stream, 'a label filter', AFTER_UNWRAP_HINT)
    filters.push({ kind: 'label-filter', filter: parseLabelFilter(stream), at })
  }
  return { name, conversion, filters, at }
}

function takeRange(stream: TokenStream, parts: RangeParts): boolean {
  const token = peek(stream)
  if (token.kind !== 'range') return false
  const isVariable = token.text.startsWith('[$')
  parts.range =
    readRange(token.text.slice(1, -1)) ??
    unexpected(stream, 'a range', isVariable ? VARIABLE_HINT : RANGE_HINT)
  stream.index++
  if (skipWord(stream, 'offset')) parts.offset = takeOffset(stream)
  return true
}

function takeOffset(stream: TokenStream): Duration {
  const negative = skipSign(stream, '-')
  const token = peek(stream)
  if (token.kind !== 'duration') return unexpected(stream, 'a duration', OFFSET_HINT)
  stream.index++
  return negative ? { text: `-${token.text}`, ns: -token.ns } : { text: token.text, ns: token.ns }
}
