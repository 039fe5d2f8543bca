// Says in text what a query asks of the scanner and what is left to the pipeline: what `--explain` prints.
import type { Measure } from '../record/aggregate-request.js'
import { quote } from '../record/go-string.js'
import type { Condition, Missing } from '../record/scan-request.js'
import type { LogQuery, Query, Stage, Unwrap } from './ast.js'
import type { RangePlan } from './plan.js'
import { planMetric } from './plan.js'
import { print } from './print.js'
import { printStage } from './print-stage.js'
import { pushDown } from './push-down.js'
import type { StoreMeasure } from './store-measure.js'

/** Lines of text, each ended. */
export function explain(query: Query): string {
  const lines = query.kind === 'log' ? explainLog(query) : planMetric(query).ranges.flatMap(explainRange)
  return lines.map((line) => `${line}\n`).join('')
}

function explainLog(query: LogQuery): string[] {
  const { where, stages } = pushDown(query)
  return [print(query), scanned(where), pipeline(stages)]
}

function explainRange({ log, unwrap, windows, store, pushed }: RangePlan): string[] {
  const { op, rangeNs, grouping } = windows
  const groups = grouping && ` ${grouping.without ? 'without' : 'by'} (${grouping.names.join(', ')})`
  const head = `${op}${groups ?? ''} over ${Number(rangeNs) / 1e9} s of ${print(log)}${unwrapText(unwrap)}`
  if (store) return [head, scanned(store.where), `  store calculates: ${storeText(store)}`]
  return [head, scanned(pushed.where), pipeline(pushed.stages), `  windows: ${op} of each series`]
}

function scanned(where: readonly Condition[]): string {
  return `  store selects: ${where.length === 0 ? 'everything' : where.map(conditionText).join(', ')}`
}

function pipeline(stages: readonly Stage[]): string {
  return `  pipeline: ${stages.length === 0 ? 'nothing' : stages.map(printStage).join(' ')}`
}

function storeText({ measure, group, sent = [], lines }: StoreMeasure): string {
  const where =
    (lines === undefined ? '' : ', of lines that are JSON') +
    (sent.length === 0 ? '' : `, if all records have ${sent.join(', ')}`)
  if ('without' in group) {
    const without = group.without.length === 0 ? '' : ` without ${group.without.join(', ')}`
    return `${measureText(measure)} by all labels${without}${where}`
  }
  const names = group.by.map(({ name }) => name)
  const by = names.length === 0 ? '' : ` by ${names.join(', ')}`
  return `${measureText(measure)}${by}, in each window${where}`
}

function measureText(measure: Measure): string {
  if (!('of' in measure)) return measure.kind
  const { name, reading } = measure.of
  const kind = measure.kind === 'quantile' ? `quantile ${measure.q}` : measure.kind
  return `${kind} of ${reading === 'number' ? name : `${reading}(${name})`}`
}

function unwrapText(unwrap: Unwrap | undefined): string {
  if (!unwrap) return ''
  const { conversion, name, filters } = unwrap
  const value = conversion ? `${conversion}(${name})` : name
  return [` | unwrap ${value}`, ...filters.map(printStage)].join(' ')
}

function missingText({ missing }: { readonly missing?: Missing }): string {
  return missing === 'kept' ? ' where sent' : ''
}

function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'label':
      return `stream ${condition.name}${condition.op}${quote(condition.value)}`
    case 'field':
      return `${condition.name}${condition.op}${quote(condition.value)}${missingText(condition)}`
    case 'number':
      return `${condition.name} ${condition.op} ${condition.value}${missingText(condition)}`
    case 'any':
      return `(${condition.of.map(conditionText).join(' or ')})`
    case 'line':
      return `line ${condition.op} ${condition.values.map(quote).join(' or ')}`
    case 'level':
      return `level ${condition.anyOf.join(' or ')}`
    case 'text':
      return `text ${quote(condition.pattern)}`
  }
}
