// The one interface of range aggregates: a state that takes values in the order of time and joins with later states.
import type { Timestamp } from '../../record/time.js'

export interface Aggregate<S> {
  start(): S
  /** May change the state it is given; values come in the order of time. */
  add(state: S, value: number, timestamp?: Timestamp): S
  /** A new state of both; changes neither. */
  join(earlier: S, later: S): S
  /** Of a state that has at least one value. */
  read(state: S): number
}

/** The values of one series as they pass through the windows of the steps. */
export interface Window {
  /** `last` is the last step whose window holds the value; it never falls. */
  add(last: number, value: number, timestamp: Timestamp): void
  /** Of the values that this step's window holds; undefined when there is none. Steps never go back. */
  read(step: number): number | undefined
}
