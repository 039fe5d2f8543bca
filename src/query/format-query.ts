// Writes a query on several lines where one would be too long, as Loki's formatter lays it out.
import type {
  BinaryOperation,
  LabelReplace,
  LogQuery,
  MetricQuery,
  Query,
  RangeAggregation,
  VectorAggregation,
} from './ast.js'
import {
  needsBrackets,
  print,
  printHead,
  printNumber,
  printOperator,
  printRangeLines,
  printSelector,
  printTail,
  printTexts,
} from './print.js'
import { printStage } from './print-stage.js'

/** Columns of a line, as far as they go without breaking a stage. */
const WIDTH = 100
const STEP = '  '

/** Lines without an end of the last. Comments are not kept: the tree has none. */
export function formatQuery(query: Query, width = WIDTH): string {
  return linesOf(query, width).join('\n')
}

function linesOf(query: Query, width: number): string[] {
  const line = print(query)
  if (line.length <= width) return [line]
  const inner = width - STEP.length
  switch (query.kind) {
    case 'log':
      return logLines(query)
    case 'range-aggregation':
      return rangeLines(query)
    case 'vector-aggregation':
      return vectorLines(query, inner)
    case 'label_replace':
      return replaceLines(query, inner)
    case 'binary':
      return binaryLines(query, inner)
    default:
      return [line]
  }
}

function logLines(query: LogQuery): string[] {
  return [printSelector(query), ...indented(query.stages.map(printStage))]
}

function rangeLines(query: RangeAggregation): string[] {
  const [selector = '', ...stages] = printRangeLines(query)
  const inside = [...parameterLine(query), selector, ...indented(stages)]
  return [`${query.op}(`, ...indented(inside), `)${printTail(query)}`]
}

function vectorLines(query: VectorAggregation, inner: number): string[] {
  const inside = [...parameterLine(query), ...linesOf(query.of, inner)]
  return [`${printHead(query)}(`, ...indented(inside), ')']
}

function replaceLines(query: LabelReplace, inner: number): string[] {
  const of = linesOf(query.of, inner)
  const inside = [...of, ...printTexts(query)]
  const last = inside.length - 1
  const lines = inside.map((line, index) => (index >= of.length - 1 && index < last ? `${line},` : line))
  return ['label_replace(', ...indented(lines), ')']
}

function binaryLines(query: BinaryOperation, inner: number): string[] {
  const left = operandLines(query.left, needsBrackets(query.left, query, 'left'), inner)
  const right = operandLines(query.right, needsBrackets(query.right, query, 'right'), inner)
  return [...indented(left), printOperator(query), ...indented(right)]
}

function operandLines(operand: MetricQuery, bracketed: boolean, inner: number): string[] {
  if (!bracketed) return linesOf(operand, inner)
  const line = `(${print(operand)})`
  return line.length <= inner ? [line] : ['(', ...indented(linesOf(operand, inner - STEP.length)), ')']
}

function parameterLine({ parameter }: { readonly parameter: number | undefined }): string[] {
  return parameter === undefined ? [] : [`${printNumber(parameter)},`]
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => STEP + line)
}
