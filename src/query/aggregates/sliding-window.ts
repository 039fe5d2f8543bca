// A window over an aggregate in constant time per value and step: two stacks of part aggregates, so that nothing is
// ever subtracted and no error of rounding stays behind.
import type { Timestamp } from '../../record/time.js'
import type { Aggregate, Window } from './aggregate.js'

interface Pane<S> {
  /** The last step whose window holds what is in the pane. */
  readonly last: number
  state: S
}

/** `hold` is told how many states more or less are kept: at most one per step that a window spans. */
export function slidingWindow<S>(aggregate: Aggregate<S>, hold: (states: number) => void): Window {
  /** The newest panes, oldest first. */
  let back: Pane<S>[] = []
  /** All of `back`. */
  let total: S | undefined
  /** Older panes, oldest last; each is joined with all newer ones of this stack. */
  let front: Pane<S>[] = []

  function turnOver(): void {
    let joined: S | undefined
    for (const { last, state } of back.toReversed()) {
      joined = joined === undefined ? state : aggregate.join(state, joined)
      front.push({ last, state: joined })
    }
    back = []
    total = undefined
  }

  function dropBefore(step: number): void {
    const held = front.length + back.length
    while (front.length > 0 && (front.at(-1) as Pane<S>).last < step) front.pop()
    if (front.length === 0 && back[0] !== undefined && back[0].last < step) {
      turnOver()
      while (front.length > 0 && (front.at(-1) as Pane<S>).last < step) front.pop()
    }
    const dropped = held - front.length - back.length
    if (dropped > 0) hold(-dropped)
  }

  return {
    add(last: number, value: number, timestamp: Timestamp) {
      const newest = back.at(-1)
      if (newest?.last === last) newest.state = aggregate.add(newest.state, value, timestamp)
      else {
        back.push({ last, state: aggregate.add(aggregate.start(), value, timestamp) })
        hold(1)
      }
      total = aggregate.add(total ?? aggregate.start(), value, timestamp)
    },
    read(step) {
      dropBefore(step)
      const oldest = front.at(-1)
      if (oldest === undefined) return total === undefined ? undefined : aggregate.read(total)
      return aggregate.read(total === undefined ? oldest.state : aggregate.join(oldest.state, total))
    },
  }
}
