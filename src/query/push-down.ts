// Which part of a log query a scanner can judge by itself: conditions that hold for every record that the pipeline
// keeps, and the stages that remain to be run on what the scanner yields.
import type { Condition, LineCondition } from '../record/scan-request.js'
import type { LineFilter, LogQuery, Stage } from './ast.js'

export interface PushedDown {
  readonly where: readonly Condition[]
  /** What the conditions do not answer exactly. Empty: the scanner yields what the query asks for, and no more. */
  readonly stages: readonly Stage[]
}

/**
 * Line filters are taken out from anywhere before the first stage that changes the line: no stage between reads what
 * they drop, and parsers do not see it in Loki either.
 */
export function pushDown({ matchers, stages }: LogQuery): PushedDown {
  const where: Condition[] = matchers.map(({ name, op, value }) => ({ kind: 'label', name, op, value }))
  const remaining: Stage[] = []
  let sameLine = true
  for (const stage of stages) {
    if (CHANGES_LINE.has(stage.kind)) sameLine = false
    if (stage.kind !== 'line-filter' || !sameLine) remaining.push(stage)
    else {
      const { conditions, exact } = lineConditions(stage)
      where.push(...conditions)
      if (!exact) remaining.push(stage)
    }
  }
  return { where, stages: remaining }
}

const CHANGES_LINE: ReadonlySet<Stage['kind']> = new Set(['line_format', 'unpack', 'decolorize'])

interface LineConditions {
  readonly conditions: readonly Condition[]
  /** The conditions are the filter; else they only keep every line that it keeps. */
  readonly exact: boolean
}

const INEXACT: LineConditions = { conditions: [], exact: false }

function lineConditions({ op, values }: LineFilter): LineConditions {
  const texts = values.filter(({ ip }) => !ip).map(({ text }) => text)
  const exact = texts.length === values.length
  switch (op) {
    case '|=':
    case '|~':
      return exact ? { conditions: [line(op, texts)], exact } : INEXACT
    case '!=':
    case '!~':
      return { conditions: texts.length > 0 ? [line(op, texts)] : [], exact }
    case '|>':
      return texts.length === 1 ? { conditions: literalsOf(texts[0] ?? ''), exact: false } : INEXACT
    case '!>':
      return INEXACT
  }
}

function line(op: LineCondition['op'], values: readonly string[]): LineCondition {
  return { kind: 'line', op, values }
}

/** A line that a pattern matches holds all its literal parts. */
function literalsOf(pattern: string): Condition[] {
  const literals = pattern.split('<_>').filter((literal) => literal !== '')
  return literals.map((literal) => line('|=', [literal]))
}
