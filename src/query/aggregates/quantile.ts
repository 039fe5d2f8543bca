// quantile_over_time: no part sums answer it exactly, so its windows keep the values themselves.
import { quantileOf } from '../../record/fold.js'
import type { Window } from './aggregate.js'

interface Pane {
  readonly last: number
  readonly values: number[]
}

/** `hold` is told how many values more or less are kept. */
export function quantileWindow(quantile: number, hold: (values: number) => void): Window {
  let panes: Pane[] = []
  return {
    add(last, value) {
      const newest = panes.at(-1)
      if (newest?.last === last) newest.values.push(value)
      else panes.push({ last, values: [value] })
      hold(1)
    },
    read(step) {
      const kept = panes.filter(({ last }) => last >= step)
      if (kept.length < panes.length) {
        for (const { last, values } of panes) if (last < step) hold(-values.length)
        panes = kept
      }
      return panes.length === 0
        ? undefined
        : quantileOf(
            panes.flatMap(({ values }) => values),
            quantile,
          )
    },
  }
}
