// Which part of a log query a scanner can judge by itself: conditions that hold for every record that the pipeline
// keeps, and the stages that remain to be run on what the scanner yields.
import type { Condition, LineCondition } from '../record/scan-request.js'
import type { ChooseLabels, LabelFilterStage, LineFilter, LogQuery, Stage } from './ast.js'
import { type Pushed, isNoError, pushFilter } from './push-filter.js'
import { filterLabels } from './stages/index.js'

export interface PushedDown {
  readonly where: readonly Condition[]
  /** What the conditions do not answer exactly. Empty: the scanner yields what the query asks for, and no more. */
  readonly stages: readonly Stage[]
  /**
   * Present where the conditions are the whole query but for these choices of labels by name, so that a store may
   * count by itself; a number that cannot be read is then an error, as its condition says.
   */
  readonly choices: readonly ChooseLabels[] | undefined
  /**
   * Present where parsers stand among the stages: what they find is nothing to records that have all these names,
   * and whatever else is read of them, from the sender.
   */
  readonly sent: readonly string[] | undefined
  /** Which parsers these are, and whether what they cannot read falls behind them all. */
  readonly parsers: ReadonlySet<'json' | 'logfmt'>
  readonly dropsErrors: boolean
}

interface Progress {
  readonly where: Condition[]
  readonly stages: Stage[]
  readonly choices: ChooseLabels[]
  whole: boolean
  /** No stage so far has changed the line. */
  sameLine: boolean
  /** Labels that a sender gave and a stage may have changed since; undefined when that may be any. */
  changed: Set<string> | undefined
  /** Once a parser has run, the names that filters behind it ask for. */
  sent: string[] | undefined
  readonly parsers: Set<'json' | 'logfmt'>
  dropsErrors: boolean
}

export function pushDown({ matchers, stages }: LogQuery): PushedDown {
  const where: Condition[] = matchers.map(({ name, op, value }) => ({ kind: 'label', name, op, value }))
  const progress: Progress = {
    where,
    stages: [],
    choices: [],
    whole: true,
    sameLine: true,
    changed: new Set(),
    sent: undefined,
    parsers: new Set(),
    dropsErrors: false,
  }
  for (const stage of stages) pushStage(stage, progress)
  const { stages: left, whole, choices, sent, parsers, dropsErrors } = progress
  return { where, stages: left, choices: whole ? choices : undefined, sent, parsers, dropsErrors }
}

function pushStage(stage: Stage, progress: Progress): void {
  switch (stage.kind) {
    case 'line-filter':
      return pushLineFilter(stage, progress)
    case 'label-filter':
      return pushLabelFilter(stage, progress)
    case 'drop':
    case 'keep':
      progress.stages.push(stage)
      if (stage.labels.every((label) => typeof label === 'string')) progress.choices.push(stage)
      else progress.whole = false
      return changeLabels(stage, progress)
    case 'json':
    case 'logfmt':
      // Where all that is read was sent, neither reads the line; with expressions they always do.
      if (stage.extract.length > 0 || progress.choices.length > 0) progress.whole = false
      progress.sent ??= []
      progress.parsers.add(stage.kind)
      progress.stages.push(stage)
      return
    default:
      progress.whole = false
      progress.stages.push(stage)
      if (CHANGES_LINE.has(stage.kind)) progress.sameLine = false
      changeLabels(stage, progress)
  }
}

function pushLabelFilter(stage: LabelFilterStage, progress: Progress): void {
  const names = filterLabels(stage.filter)
  const noErrors = isNoError(stage.filter)
  const { changed, sent, where } = progress
  const same = changed !== undefined && !names.some((name) => changed.has(name))
  const pushed: Pushed = same ? pushFilter(stage.filter, where, sent !== undefined) : 'superset'
  if (pushed !== 'exact') progress.stages.push(stage)
  if (pushed === 'superset') progress.whole = false
  if (noErrors && pushed === 'checked') progress.dropsErrors = sent !== undefined
  else sent?.push(...names)
}

function changeLabels(stage: Stage, progress: Progress): void {
  const { changed } = progress
  switch (stage.kind) {
    case 'line_format':
    case 'decolorize':
      return
    case 'pattern':
    case 'regexp':
      progress.sent ??= []
      return
    case 'drop':
      for (const label of stage.labels) changed?.add(typeof label === 'string' ? label : label.name)
      return
    case 'label_format':
      for (const one of stage.assignments) {
        changed?.add(one.name)
        if (one.kind === 'rename') changed?.add(one.from)
      }
      return
    default:
      progress.changed = undefined
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
