// Runs the stages of a query over records, those that are sure to fall before anything is parsed.
import type { StoredRecord } from '../record/record.js'
import type { LabelFilter, LabelFilterStage, Stage } from './ast.js'
import { Entry } from './entry.js'
import { isSentName } from './push-filter.js'
import { compileStages, filterLabels } from './stages/index.js'

/** The entry that comes out; undefined where it falls. */
export type Pipeline = (record: StoredRecord) => Entry | undefined

/** `needed` are the labels that are read of entries; absent: all. Throws QUERY_INVALID or PATTERN_INVALID. */
export function compilePipeline(stages: readonly Stage[], needed?: ReadonlySet<string>): Pipeline {
  const keeps = compileStages(stages, { needed })
  const early = earlyFilters(stages).map(compileEarly)
  return (record) => {
    if (early.some((falls) => falls(record))) return undefined
    const entry = new Entry(record)
    return keeps(entry) ? entry : undefined
  }
}

const PARSERS: ReadonlySet<Stage['kind']> = new Set(['json', 'logfmt', 'pattern', 'regexp'])

/**
 * A parser never overwrites what a sender gave: it names its own find `…_extracted`. So a filter behind parsers that
 * asks for labels or fields a record has can be judged before them. Access logs are stored like this: their fields
 * are what `| json` would find.
 */
function earlyFilters(stages: readonly Stage[]): LabelFilter[] {
  const found: LabelFilter[] = []
  let parsed = false
  for (const stage of stages) {
    if (PARSERS.has(stage.kind)) parsed = true
    else if (stage.kind === 'label-filter') {
      if (parsed) found.push(...conjuncts(stage.filter).filter(readsSentOnly))
    } else if (stage.kind !== 'line-filter') break
  }
  return found
}

function conjuncts(filter: LabelFilter): LabelFilter[] {
  return filter.kind === 'and' ? [...conjuncts(filter.left), ...conjuncts(filter.right)] : [filter]
}

/** Filters by address let an entry pass that has an error. */
function readsSentOnly(filter: LabelFilter): boolean {
  if ('left' in filter) return readsSentOnly(filter.left) && readsSentOnly(filter.right)
  return filter.kind !== 'ip' && isSentName(filter.name, true)
}

function compileEarly(filter: LabelFilter): (record: StoredRecord) => boolean {
  const stage: LabelFilterStage = { kind: 'label-filter', filter, at: { line: 1, column: 1 } }
  const keeps = compileStages([stage])
  const names = [...new Set(filterLabels(filter))]
  return (record) => {
    const entry = new Entry(record)
    return names.every((name) => entry.isSent(name)) && !keeps(entry)
  }
}
