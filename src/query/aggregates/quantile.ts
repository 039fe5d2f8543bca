// quantile_over_time: no part sums answer it exactly, so its windows keep the values themselves.
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
      for (const { last, values } of panes) if (last < step) hold(-values.length)
      panes = kept
      return panes.length === 0 ? undefined : quantileOf(panes, quantile)
    },
  }
}

/** Linear between the two values around it, as Prometheus has it; what is no number stands before all numbers. */
function quantileOf(panes: readonly Pane[], quantile: number): number {
  if (Number.isNaN(quantile)) return Number.NaN
  if (quantile < 0) return -Infinity
  if (quantile > 1) return Infinity
  const size = panes.reduce((sum, { values }) => sum + values.length, 0)
  const room = new Float64Array(size)
  let count = 0
  for (const { values } of panes) for (const value of values) if (!Number.isNaN(value)) room[count++] = value
  const numbers = room.subarray(0, count)
  const at = (rank: number): number =>
    rank < size - count ? Number.NaN : select(numbers, rank - (size - count))
  const rank = quantile * (size - 1)
  const lower = Math.floor(rank)
  const weight = rank - lower
  return at(lower) * (1 - weight) + at(Math.min(size - 1, lower + 1)) * weight
}

/**
 * The value that would stand at `index` if the values were sorted (Hoare's selection); reorders them. Sorting two
 * million values would keep the event loop for a fifth of a second, this keeps it for a tenth of that.
 */
function select(values: Float64Array, index: number): number {
  let from = 0
  let to = values.length - 1
  while (from < to) {
    const [left, right] = partition(values, from, to)
    if (index <= right) to = right
    else if (index >= left) from = left
    else break
  }
  return values[index] ?? Number.NaN
}

/** Afterwards nothing up to `right` is greater, and nothing from `left` on is less, than what was in the middle. */
function partition(values: Float64Array, from: number, to: number): [left: number, right: number] {
  const pivot = values[(from + to) >> 1] ?? 0
  let left = from
  let right = to
  while (left <= right) {
    while ((values[left] ?? pivot) < pivot) left++
    while ((values[right] ?? pivot) > pivot) right--
    if (left > right) break
    const swapped = values[left] ?? 0
    values[left++] = values[right] ?? 0
    values[right--] = swapped
  }
  return [left, right]
}
