// Writes a tree as the one line that stands for it: `parse(print(tree))` is the tree again.
import { quote } from '../record/go-string.js'
import type {
  BinaryOperation,
  Grouping,
  LabelReplace,
  LogQuery,
  MetricQuery,
  Query,
  RangeAggregation,
  VectorAggregation,
} from './ast.js'
import { bindingOf } from './binding.js'
import { printMatcher, printStage } from './print-stage.js'

export function print(query: Query): string {
  switch (query.kind) {
    case 'log':
      return [printSelector(query), ...query.stages.map(printStage)].join(' ')
    case 'range-aggregation':
      return `${query.op}(${printParameter(query)}${printRangeLines(query).join(' ')})${printTail(query)}`
    case 'vector-aggregation':
      return `${printHead(query)}(${printParameter(query)}${print(query.of)})`
    case 'binary':
      return printBinary(query)
    case 'label_replace':
      return `label_replace(${[print(query.of), ...printTexts(query)].join(', ')})`
    case 'vector':
      return `vector(${printNumber(query.value)})`
    case 'number':
      return printNumber(query.value)
  }
}

export function printSelector({ matchers }: LogQuery): string {
  return `{${matchers.map(printMatcher).join(', ')}}`
}

/** A selector and its stages, one text each; the last ends with the range. */
export function printRangeLines({ log, unwrap, range, offset }: RangeAggregation): string[] {
  const lines = [printSelector(log), ...log.stages.map(printStage)]
  if (unwrap) {
    const { name, conversion, filters } = unwrap
    lines.push(`| unwrap ${conversion ? `${conversion}(${name})` : name}`, ...filters.map(printStage))
  }
  const last = lines.pop() ?? ''
  return [...lines, `${last} [${range.text}]${offset ? ` offset ${offset.text}` : ''}`]
}

/** What stands before the bracket of a vector aggregation. */
export function printHead({ op, grouping }: VectorAggregation): string {
  return grouping ? `${op} ${printGrouping(grouping)}` : op
}

/** What stands behind the bracket of a range aggregation. */
export function printTail({ grouping }: RangeAggregation): string {
  return grouping ? ` ${printGrouping(grouping)}` : ''
}

export function printTexts({ destination, replacement, source, pattern }: LabelReplace): string[] {
  return [destination, replacement, source, pattern].map(quote)
}

/** The operator with what modifies it. */
export function printOperator({ op, bool, matching }: BinaryOperation): string {
  const parts: string[] = [op]
  if (bool) parts.push('bool')
  if (matching) parts.push(matching.on ? 'on' : 'ignoring', printNames(matching.names))
  // With its brackets always: those of an operand would be taken for them.
  if (matching?.group) parts.push(`group_${matching.group}`, printNames(matching.include))
  return parts.join(' ')
}

/** Whether the operand has to stand in brackets to be read as one. */
export function needsBrackets(
  operand: MetricQuery,
  { op }: BinaryOperation,
  side: 'left' | 'right',
): boolean {
  const { leastOfLeft, leastOfRight } = bindingOf(op)
  return (
    operand.kind === 'binary' &&
    bindingOf(operand.op).strength < (side === 'left' ? leastOfLeft : leastOfRight)
  )
}

/** Shortest text that reads as the number; never one that would be a sum or a name. */
export function printNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function printBinary(operation: BinaryOperation): string {
  const left = print(operation.left)
  const right = print(operation.right)
  return [
    needsBrackets(operation.left, operation, 'left') ? `(${left})` : left,
    printOperator(operation),
    needsBrackets(operation.right, operation, 'right') ? `(${right})` : right,
  ].join(' ')
}

function printParameter({ parameter }: { readonly parameter: number | undefined }): string {
  return parameter === undefined ? '' : `${printNumber(parameter)}, `
}

function printGrouping({ without, names }: Grouping): string {
  return `${without ? 'without' : 'by'} ${printNames(names)}`
}

function printNames(names: readonly string[]): string {
  return `(${names.join(', ')})`
}
