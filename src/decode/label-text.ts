// Label sets as text, `{app="web", env="prod"}`: how Loki's protobuf push carries them and how its messages show them.
import { Dictionary } from '../record/dictionary.js'
import { unquote } from '../record/go-string.js'
import type { Labels } from '../record/labels.js'

// A name, `=`, and a value in double quotes with escapes or in backquotes without; a comma or the closing brace.
const PAIR = /\s*([^\s=,{}"`]+)\s*=\s*("(?:[^"\\\n]|\\[^\n])*"|`[^`]*`)\s*(,|\})/y
const EMPTY = /\s*\}/y
/** Loki refuses longer texts too. UTF-16 units. */
const LONGEST_TEXT = 1_048_576

/** Undefined when the text is no label set. Of a name that comes twice the first value counts. */
export function parseLabelText(text: string): Labels | undefined {
  if (text.length > LONGEST_TEXT) return undefined
  const open = /^\s*\{/.exec(text)
  if (open === null) return undefined
  const labels = new Dictionary<string>()
  for (let at = open[0].length; ;) {
    const end = matchAt(EMPTY, text, at)
    if (end !== null) return isBlank(text, EMPTY.lastIndex) ? labels : undefined
    const pair = matchAt(PAIR, text, at)
    if (pair === null) return undefined
    const [, name = '', literal = '', after] = pair
    at = PAIR.lastIndex
    const value = unquote(literal)
    if (value === undefined) return undefined
    if (!(name in labels)) labels[name] = value
    if (after === '}') return isBlank(text, at) ? labels : undefined
  }
}

/** As Loki's messages show a stream: names in order, values quoted. */
export function labelText(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
  return `{${pairs.join(', ')}}`
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function isBlank(text: string, from: number): boolean {
  return text.slice(from).trim() === ''
}
