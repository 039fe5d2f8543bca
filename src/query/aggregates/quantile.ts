// quantile_over_time: keeps the values themselves, and picks without sorting all of them.
import type { Window } from './aggregate.js'

interface Pane {
  readonly last: number
  readonly values: number[]
}

/** `hold` is told how many values more or less are kept. */
export function quantileWindow(quantile: number, hold: (values: number) => void): Window {
  let panes: Pane[] = []
  let size = 0
  return {
    add(last, value) {
      const newest = panes.at(-1)
      if (newest?.last === last) newest.values.push(value)
      else panes.push({ last, values: [value] })
      size++
      hold(1)
    },
    read(step) {
      const gone = panes.findIndex(({ last }) => last >= step)
      const dropped = gone < 0 ? panes : panes.slice(0, gone)
      panes = gone < 0 ? [] : panes.slice(gone)
      const values = dropped.reduce((total, pane) => total + pane.values.length, 0)
      size -= values
      if (values > 0) hold(-values)
      return size === 0 ? undefined : quantileOf(quantile, panes, size)
    },
  }
}

/** Between two values, in proportion; what is no number counts as smaller than every number. */
function quantileOf(quantile: number, panes: readonly Pane[], size: number): number {
  if (Number.isNaN(quantile)) return Number.NaN
  if (quantile < 0) return -Infinity
  if (quantile > 1) return Infinity
  const numbers = new Float64Array(size)
  let count = 0
  for (const { values } of panes) for (const value of values) if (value === value) numbers[count++] = value
  const nans = size - count
  const rank = quantile * (size - 1)
  const lower = Math.floor(rank)
  const upper = Math.min(size - 1, lower + 1)
  const at = (index: number): number =>
    index < nans ? Number.NaN : select(numbers.subarray(0, count), index - nans)
  const weight = rank - lower
  return at(lower) * (1 - weight) + at(upper) * weight
}

/** The value that would stand at `index` if the values were sorted (Hoare's selection); reorders them. */
function select(values: Float64Array, index: number): number {
  let from = 0
  let to = values.length - 1
  while (from < to) {
    const pivot = values[(from + to) >> 1] as number
    let left = from
    let right = to
    while (left <= right) {
      while ((values[left] as number) < pivot) left++
      while ((values[right] as number) > pivot) right--
      if (left > right) break
      const swapped = values[left] as number
      values[left++] = values[right] as number
      values[right--] = swapped
    }
    if (index <= right) to = right
    else if (index >= left) from = left
    else break
  }
  return values[index] as number
}
