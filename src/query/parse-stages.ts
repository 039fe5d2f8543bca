// Reads what follows a selector: line filters and the stages behind a `|`.
import { LINE_FILTER_OPS, MATCHER_OPS } from './ast.js'
import type {
  ChooseLabels,
  Extraction,
  JsonParser,
  LabelAssignment,
  LabelFormat,
  LineFilter,
  LineFilterValue,
  LogfmtParser,
  Matcher,
  Position,
  Stage,
} from './ast.js'
import { parseLabelFilter, takeIp } from './parse-label-filter.js'
import { queryError } from './query-error.js'
import { STAGE_WORDS, stageWordOf } from './stage-words.js'
import type { StageWord } from './stage-words.js'
import type { TokenStream } from './token-stream.js'
import {
  isSign,
  isWord,
  peek,
  skipSign,
  skipWord,
  takeList,
  takeName,
  takeSign,
  takeString,
  unexpected,
} from './token-stream.js'

type ReadStage = (stream: TokenStream, at: Position) => Stage

const READ: Readonly<Record<StageWord, ReadStage>> = {
  json: parseJson,
  logfmt: parseLogfmt,
  pattern: (stream, at) => ({ kind: 'pattern', pattern: takeString(stream), at }),
  regexp: (stream, at) => ({ kind: 'regexp', pattern: takeString(stream), at }),
  unpack: (_, at) => ({ kind: 'unpack', at }),
  line_format: (stream, at) => ({ kind: 'line_format', template: takeString(stream), at }),
  label_format: parseLabelFormat,
  decolorize: (_, at) => ({ kind: 'decolorize', at }),
  drop: (stream, at) => parseChooseLabels(stream, 'drop', at),
  keep: (stream, at) => parseChooseLabels(stream, 'keep', at),
}

const SELECTOR_HINT = 'a selector looks like {app="web", level=~"err.*"} |= "text"; {} selects everything'
const UNWRAP_HINT = 'as in sum_over_time({app="web"} | json | unwrap bytes [5m])'

/** Up to what is no stage, such as a range, a bracket or `| unwrap`. */
export function parseStages(stream: TokenStream): Stage[] {
  const stages: Stage[] = []
  for (;;) {
    const token = peek(stream)
    if (isSign(token, ...LINE_FILTER_OPS)) stages.push(parseLineFilter(stream))
    else if (isSign(token, '|') && !isWord(peek(stream, 1), 'unwrap')) stages.push(parseStage(stream))
    else return stages
  }
}

/** Throws QUERY_INVALID where `| unwrap` follows a query for lines. */
export function refuseUnwrap(stream: TokenStream): void {
  if (isSign(peek(stream), '|'))
    queryError(peek(stream, 1).at, 'unwrap stands only inside of a range aggregation', UNWRAP_HINT)
}

export function parseMatchers(stream: TokenStream): Matcher[] {
  takeSign(stream, ['{'], SELECTOR_HINT)
  if (skipSign(stream, '}')) return []
  const matchers = [parseMatcher(stream)]
  while (takeSign(stream, [',', '}'], SELECTOR_HINT) === ',') matchers.push(parseMatcher(stream))
  return matchers
}

function parseMatcher(stream: TokenStream): Matcher {
  const { text: name, at } = takeName(stream, SELECTOR_HINT)
  const op = takeSign(stream, MATCHER_OPS, SELECTOR_HINT)
  return { kind: 'matcher', name, op, value: takeString(stream, SELECTOR_HINT), at }
}

function parseLineFilter(stream: TokenStream): LineFilter {
  const { at } = peek(stream)
  const op = takeSign(stream, LINE_FILTER_OPS)
  const values = [parseLineFilterValue(stream)]
  while (skipWord(stream, 'or')) values.push(parseLineFilterValue(stream))
  return { kind: 'line-filter', op, values, at }
}

function parseLineFilterValue(stream: TokenStream): LineFilterValue {
  const ip = isWord(peek(stream), 'ip')
  return { text: ip ? takeIp(stream) : takeString(stream, SELECTOR_HINT), ip }
}

function parseStage(stream: TokenStream): Stage {
  const { at } = peek(stream)
  takeSign(stream, ['|'])
  const token = peek(stream)
  const word = token.kind === 'word' ? stageWordOf(token.text) : undefined
  if (word) {
    stream.index++
    return READ[word](stream, at)
  }
  if (token.kind !== 'word' && !isSign(token, '('))
    return unexpected(stream, 'a stage', `the stages are ${STAGE_WORDS.join(', ')} and label filters`)
  return { kind: 'label-filter', filter: parseLabelFilter(stream), at }
}

function parseJson(stream: TokenStream, at: Position): JsonParser {
  return { kind: 'json', extract: parseExtractions(stream), at }
}

function parseLogfmt(stream: TokenStream, at: Position): LogfmtParser {
  let strict = false
  let keepEmpty = false
  for (let token = peek(stream); token.kind === 'flag'; token = peek(stream)) {
    if (token.text === '--strict') strict = true
    else if (token.text === '--keep-empty') keepEmpty = true
    else return unexpected(stream, '--strict or --keep-empty')
    stream.index++
  }
  return { kind: 'logfmt', strict, keepEmpty, extract: parseExtractions(stream), at }
}

function parseExtractions(stream: TokenStream): Extraction[] {
  return peek(stream).kind === 'word' ? takeList(stream, parseExtraction) : []
}

function parseExtraction(stream: TokenStream): Extraction {
  const { text: name } = takeName(stream)
  return { name, expression: skipSign(stream, '=') ? takeString(stream) : name }
}

function parseLabelFormat(stream: TokenStream, at: Position): LabelFormat {
  return { kind: 'label_format', assignments: takeList(stream, parseAssignment), at }
}

function parseAssignment(stream: TokenStream): LabelAssignment {
  const { text: name } = takeName(stream)
  takeSign(stream, ['='])
  const token = peek(stream)
  if (token.kind === 'string') return { kind: 'template', name, template: takeString(stream) }
  if (token.kind !== 'word') return unexpected(stream, 'the name of a label or a template in quotes')
  return { kind: 'rename', name, from: takeName(stream).text }
}

function parseChooseLabels(stream: TokenStream, kind: 'drop' | 'keep', at: Position): ChooseLabels {
  return { kind, labels: takeList(stream, parseChoice), at }
}

function parseChoice(stream: TokenStream): string | Matcher {
  return isSign(peek(stream, 1), ...MATCHER_OPS) ? parseMatcher(stream) : takeName(stream).text
}
