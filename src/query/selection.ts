// What a person or program selects, by a selector and by flags, as the conditions that a scanner is given.
import { fail } from '../errors.js'
import { LEVELS, isLevel, levelOfWord } from '../record/level.js'
import type { Level } from '../record/level.js'
import type { Condition, LineCondition, TextCondition } from '../record/scan-request.js'
import type { LineFilter, LogQuery } from './ast.js'
import { parse } from './parse.js'

export interface Grep {
  /** RE2, or the text itself where `literal`. */
  readonly pattern: string
  readonly literal?: boolean | undefined
  readonly ignoreCase?: boolean | undefined
  readonly invert?: boolean | undefined
}

export interface Selected {
  readonly selector?: string | undefined
  /** Names of levels; one text may hold several, parted by commas. Any of them. */
  readonly level?: readonly string[] | undefined
  readonly source?: string | undefined
  /** RE2 over the line. */
  readonly line?: string | undefined
  /** Over the line and the values of fields. */
  readonly grep?: Grep | undefined
}

/** Throws QUERY_INVALID. */
export function selection({ selector, level, source, line, grep }: Selected): Condition[] {
  const where = selector === undefined ? [] : conditionsOf(parse(selector))
  const levels = (level ?? []).flatMap(levelsOf)
  if (levels.length > 0) where.push({ kind: 'level', anyOf: [...new Set(levels)] })
  if (source !== undefined) where.push({ kind: 'label', name: 'source', op: '=', value: source })
  if (line !== undefined) where.push({ kind: 'line', op: '|~', values: [line] })
  if (grep !== undefined) where.push(grepCondition(grep))
  return where
}

export function conditionsOf({ matchers, stages }: LogQuery): Condition[] {
  return [
    ...matchers.map(({ name, op, value }): Condition => ({ kind: 'label', name, op, value })),
    ...stages.map((stage) => lineCondition(stage as LineFilter)),
  ]
}

function lineCondition({ op, values }: LineFilter): Condition {
  return { kind: 'line', op: op as LineCondition['op'], values: values.map(({ text }) => text) }
}

export function grepCondition({ pattern, literal, ignoreCase, invert }: Grep): TextCondition {
  return {
    kind: 'text',
    pattern,
    literal: literal ?? false,
    ignoreCase: ignoreCase ?? false,
    invert: invert ?? false,
  }
}

function levelsOf(text: string): Level[] {
  return text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .map((name) => (isLevel(name) ? name : unknownLevel(name)))
}

function unknownLevel(name: string): never {
  const meant = levelOfWord(name)
  const hints = [`the levels are ${LEVELS.join(', ')}`]
  if (meant !== undefined) hints.unshift(`${name} is stored as ${meant}`)
  return fail('QUERY_INVALID', `"${name}" is not a level`, { hints })
}
