// What a person or program selects, by a selector and by flags, as the conditions that a scanner is given.
import { fail } from '../errors.js'
import { LEVELS, isLevel, levelOfWord } from '../record/level.js'
import type { Level } from '../record/level.js'
import type { Condition, LineCondition, TextCondition } from '../record/scan-request.js'
import type { LogQuery, Stage } from './ast.js'
import { parseLog } from './parse.js'
import { printStage } from './print-stage.js'
import { queryError } from './query-error.js'
import { inRunOrder } from './run-order.js'

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
  const where = selector === undefined ? [] : conditionsOf(selector)
  const levels = (level ?? []).flatMap(levelsOf)
  if (levels.length > 0) where.push({ kind: 'level', anyOf: [...new Set(levels)] })
  if (source !== undefined) where.push({ kind: 'label', name: 'source', op: '=', value: source })
  if (line !== undefined) where.push({ kind: 'line', op: '|~', values: [line] })
  if (grep !== undefined) where.push(grepCondition(grep))
  return where
}

/** Of a selector alone: what no scanner can do is refused, not left out. */
function conditionsOf(selector: string): Condition[] {
  const { conditions, restStages } = splitQuery(parseLog(selector))
  const [stage] = restStages
  if (stage)
    queryError(
      stage.at,
      `a selector ends before ${printStage(stage)}`,
      'a selector looks like {app="web", level=~"err.*"} |= "text"; {} selects everything',
    )
  return [...conditions]
}

export interface SplitQuery {
  /** What a scanner can be asked. */
  readonly conditions: readonly Condition[]
  /** What remains to be done with every record that it finds, in the order to run. */
  readonly restStages: readonly Stage[]
}

/** Line filters move into the scan unless a stage runs before them that changes or drops lines. */
export function splitQuery({ matchers, stages }: LogQuery): SplitQuery {
  const conditions = matchers.map(({ name, op, value }): Condition => ({ kind: 'label', name, op, value }))
  const ordered = inRunOrder(stages)
  const first = ordered.findIndex(({ kind }) => kind !== 'line-filter')
  const leading = first < 0 ? ordered.length : first
  const restStages: Stage[] = []
  for (const [index, stage] of ordered.entries()) {
    const condition = index < leading ? lineCondition(stage) : undefined
    if (condition) conditions.push(condition)
    else restStages.push(stage)
  }
  return { conditions, restStages }
}

/** Undefined where a scanner has no such condition: patterns and addresses. */
function lineCondition(stage: Stage): LineCondition | undefined {
  if (stage.kind !== 'line-filter') return undefined
  const { op, values } = stage
  if (op === '|>' || op === '!>' || values.some(({ ip }) => ip)) return undefined
  return { kind: 'line', op, values: values.map(({ text }) => text) }
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
