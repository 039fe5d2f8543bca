// A step of a setup: it asks the machine and says what would have to change. It changes nothing itself.
import type { Change } from './change.js'
import type { Witness } from './host.js'

export interface Step {
  /** Names the step in reports; unique within a plan. */
  readonly id: string
  /** What is so when it is settled, for people. */
  readonly title: string
  /** Nothing means settled. Throws where the machine cannot be brought there at all. */
  propose(host: Witness): Promise<readonly Change[]>
}

export type Outcome =
  /** Nothing to do. */
  | 'settled'
  | 'changed'
  /** It would change; a rehearsal. */
  | 'would-change'
  /** What is left is what the machine does not allow. */
  | 'refused'
  /** What is left is what the machine cannot reach. */
  | 'unavailable'

export interface StepReport {
  readonly host: string
  readonly step: string
  readonly title: string
  readonly outcome: Outcome
  readonly changes: readonly Change[]
  /** What the machine said where it refused. */
  readonly notes: readonly string[]
  readonly ms: number
}

/** A settled or changed machine is as it should be, as far as it can be. */
export const isDrift = (outcome: Outcome): boolean => outcome === 'would-change'
