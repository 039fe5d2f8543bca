// Writes a tree as the one text that stands for it: `parse(print(tree))` is the tree again.
import type { LineFilter, Matcher, Selector } from './ast.js'
import { quote } from './unquote.js'

export function print(selector: Selector): string {
  const streams = `{${selector.matchers.map(printMatcher).join(', ')}}`
  return [streams, ...selector.stages.map(printLineFilter)].join(' ')
}

function printMatcher({ name, op, value }: Matcher): string {
  return `${name}${op}${quote(value)}`
}

function printLineFilter({ op, values }: LineFilter): string {
  return `${op} ${values.map(quote).join(' or ')}`
}
