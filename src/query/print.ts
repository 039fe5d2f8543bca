// Writes a tree as the one text that stands for it: `parse(print(tree))` is the tree again.
import type { LineFilter, LogQuery, Matcher, Stage } from './ast.js'
import { quote } from './unquote.js'

export function print(query: LogQuery): string {
  const streams = `{${query.matchers.map(printMatcher).join(', ')}}`
  return [streams, ...query.stages.map(printStage)].join(' ')
}

function printMatcher({ name, op, value }: Matcher): string {
  return `${name}${op}${quote(value)}`
}

function printStage(stage: Stage): string {
  return printLineFilter(stage as LineFilter)
}

function printLineFilter({ op, values }: LineFilter): string {
  return `${op} ${values.map(({ text }) => quote(text)).join(' or ')}`
}
