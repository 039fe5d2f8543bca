// Runs the stages of a log query over entries: each is compiled once, and line filters move to where Loki runs them.
import type { LabelFilter, Stage } from '../ast.js'
import type { Entry, RunStage } from '../entry.js'
import { ERROR, ERROR_DETAILS } from '../entry.js'
import { inRunOrder } from '../run-order.js'
import { templateLabels } from '../template/template.js'
import { compileChooseLabels } from './choose-labels.js'
import { compileDecolorize } from './decolorize.js'
import { compileJson } from './json.js'
import { compileLabelFilter } from './label-filter.js'
import { compileLabelFormat } from './label-format.js'
import { compileLineFilter } from './line-filter.js'
import { compileLineFormat } from './line-format.js'
import { compileLogfmt } from './logfmt.js'
import { compilePattern } from './pattern.js'
import { compileRegexp } from './regexp.js'
import type { CompileStage, Demand } from './stage.js'
import { compileUnpack } from './unpack.js'

const COMPILERS: { readonly [K in Stage['kind']]: CompileStage<Extract<Stage, { kind: K }>> } = {
  'line-filter': compileLineFilter,
  json: compileJson,
  logfmt: compileLogfmt,
  pattern: compilePattern,
  regexp: compileRegexp,
  unpack: compileUnpack,
  'label-filter': compileLabelFilter,
  line_format: compileLineFormat,
  label_format: compileLabelFormat,
  decolorize: compileDecolorize,
  drop: compileChooseLabels,
  keep: compileChooseLabels,
}

export interface StageOptions {
  /**
   * Labels that the caller reads from the entries; parsers may then leave others out, and errors that stand behind
   * the last of them unseen. Absent: all.
   */
  readonly needed?: ReadonlySet<string> | undefined
  /** The clock of `now` in templates. */
  readonly nowMs?: () => number
}

/** Throws QUERY_INVALID or PATTERN_INVALID for a stage that can be read but not run. */
export function compileStages(stages: readonly Stage[], options: StageOptions = {}): RunStage {
  const ordered = inRunOrder(stages)
  const demands = demandsOf(ordered, options)
  const steps = ordered.map((stage, i) => compileStage(stage, demands[i] as Demand))
  const [first, second] = steps
  if (!first) return () => true
  if (!second) return first
  return (entry: Entry) => {
    for (const step of steps) if (!step(entry)) return false
    return true
  }
}

function compileStage<S extends Stage>(stage: S, demand: Demand): RunStage {
  return (COMPILERS[stage.kind] as CompileStage<S>)(stage, demand)
}

/** For every stage, what those after it and the caller look at. */
function demandsOf(stages: readonly Stage[], { needed, nowMs = Date.now }: StageOptions): Demand[] {
  const demands: Demand[] = []
  let labels = needed
  for (const stage of stages.toReversed()) {
    demands.push({ labels, errors: !labels || labels.has(ERROR) || labels.has(ERROR_DETAILS), nowMs })
    const read = labelsRead(stage)
    labels = labels && read && new Set([...labels, ...read])
  }
  return demands.toReversed()
}

/** Undefined where a stage may look at any label. */
function labelsRead(stage: Stage): Iterable<string> | undefined {
  switch (stage.kind) {
    case 'label-filter':
      return filterLabels(stage.filter)
    case 'line_format':
      return templateLabels(stage.template)
    case 'label_format':
      return assignedLabels(stage.assignments)
    case 'drop':
    case 'keep':
      return stage.labels.flatMap((label) => (typeof label === 'string' ? [] : [label.name]))
    default:
      return []
  }
}

function assignedLabels(
  assignments: (Stage & { kind: 'label_format' })['assignments'],
): string[] | undefined {
  const names: string[] = []
  for (const assignment of assignments) {
    const read = assignment.kind === 'rename' ? [assignment.from] : templateLabels(assignment.template)
    if (!read) return undefined
    names.push(...read)
  }
  return names
}

/** The labels that a filter reads. */
export function filterLabels(filter: LabelFilter): string[] {
  return 'left' in filter ? [...filterLabels(filter.left), ...filterLabels(filter.right)] : [filter.name]
}
