// What a person or program selects, by a selector and by flags, as the conditions that a scanner is given.
import { fail } from '../errors.js'
import { LEVELS, isLevel, levelOfWord } from '../record/level.js'
import type { Level } from '../record/level.js'
import type { Condition, TextCondition } from '../record/scan-request.js'
import { parseLog } from './parse.js'
import { printStage } from './print-stage.js'
import type { PushedDown } from './push-down.js'
import { pushDown } from './push-down.js'
import { queryError } from './query-error.js'

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

/** What is selected, and by whom: conditions for the scanner, and the stages that run on what it yields. */
export type Selection = Pick<PushedDown, 'where' | 'stages'>

/** The selector may be a whole pipeline. Throws QUERY_INVALID. */
export function select({ selector, level, source, line, grep }: Selected): Selection {
  const { where: selected, stages } = pushDown(parseLog(selector ?? '{}'))
  const where = [...selected]
  const levels = (level ?? []).flatMap(levelsOf)
  if (levels.length > 0) where.push({ kind: 'level', anyOf: [...new Set(levels)] })
  if (source !== undefined) where.push({ kind: 'label', name: 'source', op: '=', value: source })
  if (line !== undefined) where.push({ kind: 'line', op: '|~', values: [line] })
  if (grep !== undefined) where.push(grepCondition(grep))
  return { where, stages }
}

/** For those who run no stages: what no scanner can do is refused, not left out. Throws QUERY_INVALID. */
export function selection(selected: Selected): readonly Condition[] {
  const { where, stages } = select(selected)
  const [stage] = stages
  if (!stage) return where
  return queryError(
    stage.at,
    `a selector ends before ${printStage(stage)}`,
    'a selector looks like {app="web", level=~"err.*"} |= "text"; {} selects everything',
  )
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
