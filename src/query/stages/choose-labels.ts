// `| drop a, b="x"` and `| keep a, b=~"x"`: takes labels away by name, or by name and text.
import type { ChooseLabels, Matcher } from '../ast.js'
import type { Entry } from '../entry.js'
import { textTest } from './label-filter.js'
import { type CompileStage, pattern } from './stage.js'

/** What `keep` never takes: errors, and what guards them. */
const SPECIAL = new Set(['__error__', '__error_details__', '__preserve_error__'])

interface Choice {
  readonly name: string
  readonly means: (text: string) => boolean
}

export const compileChooseLabels: CompileStage<ChooseLabels> = (stage) => {
  const choices = stage.labels.map((label): Choice => {
    if (typeof label === 'string') return { name: label, means: () => true }
    return { name: label.name, means: pattern(stage, () => choiceTest(label)) }
  })
  return stage.kind === 'drop' ? (entry) => drop(entry, choices) : (entry) => keep(entry, choices)
}

function choiceTest({ op, value }: Matcher): (text: string) => boolean {
  const test = textTest(op, value)
  const keeps = op === '=' || op === '=~'
  return (text) => test(text) === keeps
}

function drop(entry: Entry, choices: readonly Choice[]): true {
  for (const { name, means } of choices) if (means(entry.get(name))) entry.delete(name)
  return true
}

function keep(entry: Entry, choices: readonly Choice[]): true {
  // A label that is deleted on the way does not come again.
  for (const name of entry.names()) {
    if (SPECIAL.has(name)) continue
    if (!choices.some((choice) => choice.name === name && choice.means(entry.get(name)))) entry.delete(name)
  }
  return true
}
