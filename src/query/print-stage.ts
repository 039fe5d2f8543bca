// Writes single stages of a pipeline.
import { quote } from '../record/go-string.js'
import type { Extraction, LabelAssignment, LabelFilter, LineFilterValue, Matcher, Stage } from './ast.js'
import { isStageWord } from './stage-words.js'

export function printStage(stage: Stage): string {
  switch (stage.kind) {
    case 'line-filter':
      return `${stage.op} ${stage.values.map(printLineFilterValue).join(' or ')}`
    case 'json':
      return ['| json', ...printExtractions(stage.extract)].join(' ')
    case 'logfmt': {
      const flags = [...(stage.strict ? ['--strict'] : []), ...(stage.keepEmpty ? ['--keep-empty'] : [])]
      return ['| logfmt', ...flags, ...printExtractions(stage.extract)].join(' ')
    }
    case 'pattern':
    case 'regexp':
      return `| ${stage.kind} ${quote(stage.pattern)}`
    case 'label-filter':
      return `| ${printWholeFilter(stage.filter)}`
    case 'line_format':
      return `| line_format ${quote(stage.template)}`
    case 'label_format':
      return `| label_format ${stage.assignments.map(printAssignment).join(',')}`
    case 'drop':
    case 'keep':
      return `| ${stage.kind} ${stage.labels.map((one) => (typeof one === 'string' ? one : printMatcher(one))).join(',')}`
    case 'unpack':
    case 'decolorize':
      return `| ${stage.kind}`
  }
}

export function printMatcher({ name, op, value }: Matcher): string {
  return `${name}${op}${quote(value)}`
}

function printLineFilterValue({ text, ip }: LineFilterValue): string {
  return ip ? `ip(${quote(text)})` : quote(text)
}

function printExtractions(extract: readonly Extraction[]): string[] {
  const all = extract.map(({ name, expression }) => `${name}=${quote(expression)}`).join(',')
  return all === '' ? [] : [all]
}

function printAssignment(assignment: LabelAssignment): string {
  const { name } = assignment
  return `${name}=${assignment.kind === 'rename' ? assignment.from : quote(assignment.template)}`
}

/** In brackets where its first name would be taken for the keyword of a stage. */
function printWholeFilter(filter: LabelFilter): string {
  const text = printFilter(filter)
  const first = /^\w+/.exec(text)?.[0]
  return first !== undefined && isStageWord(first) ? `(${text})` : text
}

/** `and` and `or` group from the left; `and` binds stronger. */
function printFilter(filter: LabelFilter): string {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const { kind, left, right } = filter
      const leftText = kind === 'and' && left.kind === 'or' ? `(${printFilter(left)})` : printFilter(left)
      const bracketed = right.kind === 'or' || (right.kind === 'and' && kind === 'and')
      return `${leftText} ${kind} ${bracketed ? `(${printFilter(right)})` : printFilter(right)}`
    }
    case 'matcher':
      return printMatcher(filter)
    case 'ip':
      return `${filter.name}${filter.op}ip(${quote(filter.value)})`
    default:
      return `${filter.name}${filter.op}${filter.text}`
  }
}
