// The order in which stages run, which is not quite that of the text.
import type { LineFilter, Stage } from './ast.js'

/**
 * Line filters run before parsers and other stages that leave lines alone, so that fewer lines are parsed; none
 * moves across a label filter, line_format or unpack. Seen from outside: `| decolorize |= "x"` tests the coloured line, and
 * lines that `| json |= "x"` drops are no parser errors. Source: Loki's engine, which reorders so.
 */
export function inRunOrder(stages: readonly Stage[]): Stage[] {
  const ordered: Stage[] = []
  let filters: LineFilter[] = []
  let others: Stage[] = []
  for (const stage of stages) {
    if (stage.kind === 'line-filter') filters.push(stage)
    else others.push(stage)
    if (!isBarrier(stage)) continue
    ordered.push(...filters, ...others)
    filters = []
    others = []
  }
  return [...ordered, ...filters, ...others]
}

function isBarrier({ kind }: Stage): boolean {
  return kind === 'label-filter' || kind === 'line_format' || kind === 'unpack'
}
