// Which part of a log query a scanner can judge by itself: conditions that hold for every record that the pipeline
// keeps, and the stages that remain to be run on what the scanner yields.
import type { Condition, FieldCondition, LineCondition } from '../record/scan-request.js'
import type { ChooseLabels, LabelFilter, LineFilter, LogQuery, Matcher, Stage } from './ast.js'
import { ERROR, ERROR_DETAILS } from './entry.js'
import { containedText } from './label-regex.js'

export interface PushedDown {
  readonly where: readonly Condition[]
  /** What the conditions do not answer exactly. Empty: the scanner yields what the query asks for, and no more. */
  readonly stages: readonly Stage[]
  /**
   * Present where the conditions are the whole query but for these choices of labels by name, so that a store may
   * count by itself; a number that cannot be read is then an error, as its condition says.
   */
  readonly choices: readonly ChooseLabels[] | undefined
}

interface Progress {
  readonly where: Condition[]
  readonly stages: Stage[]
  readonly choices: ChooseLabels[]
  whole: boolean
  /** No stage so far has changed the line, or the labels. */
  sameLine: boolean
  sameLabels: boolean
}

export function pushDown({ matchers, stages }: LogQuery): PushedDown {
  const where: Condition[] = matchers.map(({ name, op, value }) => ({ kind: 'label', name, op, value }))
  const progress: Progress = { where, stages: [], choices: [], whole: true, sameLine: true, sameLabels: true }
  for (const stage of stages) pushStage(stage, progress)
  return { where, stages: progress.stages, choices: progress.whole ? progress.choices : undefined }
}

function pushStage(stage: Stage, progress: Progress): void {
  switch (stage.kind) {
    case 'line-filter':
      return pushLineFilter(stage, progress)
    case 'label-filter': {
      const pushed = progress.sameLabels ? pushFilter(stage.filter, progress.where) : 'superset'
      if (pushed !== 'exact') progress.stages.push(stage)
      if (pushed === 'superset') progress.whole = false
      return
    }
    case 'drop':
    case 'keep':
      progress.sameLabels = false
      progress.stages.push(stage)
      if (stage.labels.every((label) => typeof label === 'string')) progress.choices.push(stage)
      else progress.whole = false
      return
    default:
      progress.whole = false
      progress.stages.push(stage)
      if (CHANGES_LINE.has(stage.kind)) progress.sameLine = false
      if (stage.kind !== 'line_format' && stage.kind !== 'decolorize') progress.sameLabels = false
  }
}

const CHANGES_LINE: ReadonlySet<Stage['kind']> = new Set(['line_format', 'unpack', 'decolorize'])

/**
 * Taken out from anywhere before the first stage that changes the line: no stage between reads what a line filter
 * drops, and parsers do not see it in Loki either.
 */
function pushLineFilter(stage: LineFilter, progress: Progress): void {
  const { conditions, exact } = progress.sameLine ? lineConditions(stage) : INEXACT
  progress.where.push(...conditions)
  if (exact) return
  progress.stages.push(stage)
  progress.whole = false
}

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

/**
 * `exact`: the conditions are the filter. `checked`: but for the error of a value that cannot be read, which the
 * pipeline has to write. `superset`: they keep more than the filter does.
 */
type Pushed = 'exact' | 'checked' | 'superset'

function pushFilter(filter: LabelFilter, where: Condition[]): Pushed {
  switch (filter.kind) {
    case 'and':
      return weaker(pushFilter(filter.left, where), pushFilter(filter.right, where))
    case 'or':
    case 'ip':
      return 'superset'
    case 'matcher':
      return pushMatcher(filter, where)
    default: {
      const { name, kind: reading, op, value } = filter
      where.push({ kind: 'number', name, reading, op, value, unreadable: 'kept' })
      return 'checked'
    }
  }
}

function pushMatcher({ name, op, value }: Matcher, where: Condition[]): Pushed {
  if (name === ERROR && op === '=' && value === '') {
    where.splice(0, where.length, ...withoutUnreadable(where))
    return 'checked'
  }
  if (name === ERROR || name === ERROR_DETAILS) return 'superset'
  if ((op === '=~' || op === '!~') && containedText(value)) return 'superset'
  const condition: FieldCondition = { kind: 'field', name, op, value }
  where.push(condition)
  return 'exact'
}

/** What filters could not read has an error, and a filter `__error__=""` after them lets it fall. */
export function withoutUnreadable(where: readonly Condition[]): Condition[] {
  return where.map((condition) =>
    condition.kind === 'number' ? { ...condition, unreadable: 'dropped' } : condition,
  )
}

function weaker(a: Pushed, b: Pushed): Pushed {
  if (a === 'superset' || b === 'superset') return 'superset'
  return a === 'checked' || b === 'checked' ? 'checked' : 'exact'
}
