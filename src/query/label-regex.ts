// A quirk of Loki that queries rely on: in a filter on labels `foo.*`, `.*foo` and `.*foo.*` ask whether the label
// contains `foo`, while every other pattern must match the whole label (as all do in a selector).
import type { Regex } from '../record/regex.js'
import type { RegexNode } from '../record/regex-syntax.js'
import { readRegex } from '../record/regex-syntax.js'

/** Undefined for a pattern that is none of the three. */
export function containedText(pattern: string): Regex | undefined {
  const tree = readRegex(pattern, false)
  if (!tree || tree.ignoreCase || tree.root.kind !== 'concat') return undefined
  const parts = [...tree.root.parts]
  const open = isAnything(parts[0])
  if (open) parts.shift()
  const close = isAnything(parts.at(-1))
  if (close) parts.pop()
  if (!open && !close) return undefined
  let text = ''
  for (const part of parts) {
    if (part.kind !== 'char') return undefined
    text += String.fromCodePoint(part.code)
  }
  return text === '' ? undefined : { test: (label) => label.includes(text) }
}

/** `.*` */
function isAnything(node: RegexNode | undefined): boolean {
  return (
    node?.kind === 'repeat' &&
    node.min === 0 &&
    node.max === Infinity &&
    node.of.kind === 'class' &&
    node.of.negated
  )
}
