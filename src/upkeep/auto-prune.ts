// Prunes by itself, from time to time, where the configuration says so.
import { messageOf } from '../errors.js'
import { type Prunable, prune, type PruneResult } from './prune.js'

export interface AutoPrune {
  readonly store: Prunable
  /** The age of the moment in milliseconds; undefined while it is off. */
  readonly ageMs: () => number | undefined
  readonly nowMs: () => number
  readonly everyMs: number
  readonly pruned: (result: PruneResult) => void
  /** Told of refusals and failures; the next turn tries again. */
  readonly failed: (message: string) => void
}

/** The first turn comes after `everyMs`. Returns how to stop, which waits for a turn that has begun. */
export function startAutoPrune({
  store,
  ageMs,
  nowMs,
  everyMs,
  pruned,
  failed,
}: AutoPrune): () => Promise<void> {
  let turn: Promise<void> | undefined
  const run = async (): Promise<void> => {
    const olderThanMs = ageMs()
    if (olderThanMs === undefined) return
    try {
      const result = await prune(store, { olderThanMs, nowMs: nowMs(), force: false })
      if (result.dropped.length > 0) pruned(result)
    } catch (error) {
      failed(messageOf(error))
    }
  }
  const timer = setInterval(() => {
    turn ??= run().finally(() => (turn = undefined))
  }, everyMs)
  return async () => {
    clearInterval(timer)
    await turn
  }
}
