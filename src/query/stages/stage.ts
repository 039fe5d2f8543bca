// The one shape of every file of this folder: a function that compiles a stage of the tree once, for all entries.
import { LogctlError, fail, messageOf } from '../../errors.js'
import type { Stage } from '../ast.js'
import type { RunStage } from '../entry.js'
import type { Needed } from '../lines/key-names.js'
import { printStage } from '../print-stage.js'

/** What runs after a stage and so bounds what it must find out. */
export interface Demand {
  /** Labels that anybody looks at; undefined where all are. */
  readonly labels: Needed
  /** Somebody looks at `__error__`, so a parser reads to the end for errors. */
  readonly errors: boolean
  readonly nowMs: () => number
}

export type CompileStage<T extends Stage> = (stage: T, demand: Demand) => RunStage

/** Refuses a stage that can be read but not run, in Loki's words. */
export function refuse(stage: Stage, reason: string): never {
  return fail('QUERY_INVALID', `parse error : stage '${printStage(stage)}' : ${reason}`)
}

/** Runs what may throw PATTERN_INVALID, and refuses the stage then. */
export function pattern<T>(stage: Stage, compile: () => T): T {
  try {
    return compile()
  } catch (thrown) {
    if (!(thrown instanceof LogctlError)) throw thrown
    const reason =
      thrown.cause === undefined ? `error parsing regexp: ${thrown.message}` : messageOf(thrown.cause)
    return fail('PATTERN_INVALID', `parse error : stage '${printStage(stage)}' : ${reason}`, {
      hints: thrown.hints,
      cause: thrown,
    })
  }
}
