// What a store can calculate of a range aggregation by itself: where conditions are the whole pipeline, and the
// store has a word for the number and for the labels.
import type { Grouping as StoreGrouping, Measure } from '../record/aggregate-request.js'
import type { Condition, NumberReading } from '../record/scan-request.js'
import type { ChooseLabels, Grouping, RangeOp, Unwrap } from './ast.js'
import { ERROR } from './entry.js'
import type { PushedDown } from './push-down.js'
import { isNoError, isSentName, withoutUnreadable } from './push-filter.js'
import type { WindowsPlan } from './range-windows.js'

export interface StoreMeasure {
  readonly measure: Measure
  readonly group: StoreGrouping
  readonly where: readonly Condition[]
  /** See `AggregateRequest`. */
  readonly sent?: readonly string[] | undefined
  readonly lines?: 'json' | undefined
}

const MEASURES: Partial<Record<RangeOp, Exclude<Measure['kind'], 'quantile'>>> = {
  avg_over_time: 'avg',
  min_over_time: 'min',
  max_over_time: 'max',
  stddev_over_time: 'stddev',
  stdvar_over_time: 'stdvar',
  first_over_time: 'first',
  last_over_time: 'last',
  sum_over_time: 'sum',
  count_over_time: 'count',
  bytes_over_time: 'bytes',
  bytes_rate: 'bytes',
}

/** Undefined where the pipeline has to do it. */
export function storeMeasure(
  windows: WindowsPlan,
  { where, choices, sent, parsers, dropsErrors }: PushedDown,
  {
    unwrap,
    needed,
  }: { readonly unwrap: Unwrap | undefined; readonly needed: ReadonlySet<string> | undefined },
): StoreMeasure | undefined {
  if (choices === undefined || windows.op === 'rate_counter') return undefined
  const measure = unwrap === undefined ? lineMeasure(windows.op) : numberMeasure(windows, unwrap)
  if (measure === undefined || (unwrap && choices.length > 0)) return undefined
  const group = storeGrouping(windows, choices)
  if (group === undefined) return undefined
  const fallsLast = unwrap?.filters.length === 1
  const selected = fallsLast ? withoutUnreadable(where) : where
  if (selected === undefined) return undefined
  if (sent === undefined) return { measure, group, where: selected }
  const read = needed && new Set([...sent, ...needed])
  const noErrors = fallsLast || dropsErrors
  // Of logfmt nobody asks whether it reads a line.
  if (!read || (noErrors && parsers.has('logfmt'))) return undefined
  if (fallsLast) read.delete(ERROR)
  if (![...read].every((name) => isSentName(name, true))) return undefined
  const lines = noErrors ? ({ lines: 'json' } as const) : {}
  return { measure, group, where: selected, sent: [...read].sort(), ...lines }
}

function lineMeasure(op: RangeOp): Measure | undefined {
  if (op === 'rate' || op === 'absent_over_time') return { kind: 'count' }
  const kind = MEASURES[op]
  return kind === 'count' || kind === 'bytes' ? { kind } : undefined
}

function numberMeasure({ op, parameter }: WindowsPlan, unwrap: Unwrap): Measure | undefined {
  const dropped = unwrap.filters.length === 1 && isNoError(unwrap.filters[0]?.filter)
  if (unwrap.filters.length > 0 && !dropped) return undefined
  const of = {
    name: unwrap.name,
    reading: readingOf(unwrap),
    unreadable: dropped ? 'dropped' : 'kept',
  } as const
  if (op === 'quantile_over_time') return { kind: 'quantile', q: parameter ?? Number.NaN, of }
  const kind = op === 'rate' ? 'sum' : MEASURES[op]
  return kind === undefined || kind === 'count' || kind === 'bytes' ? undefined : { kind, of }
}

function readingOf({ conversion }: Unwrap): NumberReading {
  if (conversion === undefined) return 'number'
  return conversion === 'bytes' ? 'bytes' : 'duration'
}

/** Undefined where the store has no word for it: of labels that were kept by name, those without some. */
function storeGrouping(
  { op, grouping, unwrapped }: WindowsPlan,
  choices: readonly ChooseLabels[],
): StoreGrouping | undefined {
  if (op === 'absent_over_time') return { by: [] }
  const own = unwrapped === undefined ? [] : [unwrapped]
  let group: Grouping =
    grouping && !grouping.without ? grouping : { without: true, names: [...(grouping?.names ?? []), ...own] }
  for (const { kind, labels } of choices) {
    const names = labels.filter((label) => typeof label === 'string')
    if (group.without && kind === 'keep') {
      const { names: gone } = group
      group = { without: false, names: names.filter((name) => !gone.includes(name)) }
    } else if (group.without) group = { without: true, names: [...group.names, ...names] }
    else
      group = {
        without: false,
        names: group.names.filter((name) => names.includes(name) === (kind === 'keep')),
      }
  }
  const names = [...new Set(group.names)]
  // What the scanner knows as `__error__` is not what the pipeline would have written.
  if (!group.without && names.includes(ERROR)) return undefined
  return group.without ? { without: names } : { by: names.map((name) => ({ view: 'entry', name })) }
}
