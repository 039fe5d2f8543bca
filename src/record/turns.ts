// Long work in JavaScript gives way to other work now and then, so that no query holds up requests that are cheap.
import { setImmediate } from 'node:timers/promises'

/** How long work may keep the event loop to itself. Milliseconds. */
const TURN_MS = 8
/** Node's event loop takes one waiting connection in each round, and a dashboard opens many at once. */
const ROUNDS = 4

/**
 * To be called often: resolves when other work had its turn, undefined where none is due. Rejects when the signal
 * has aborted.
 */
export function turns(signal?: AbortSignal): () => Promise<void> | undefined {
  let ends = performance.now() + TURN_MS
  const next = async (): Promise<void> => {
    await letOthersWork()
    signal?.throwIfAborted()
    ends = performance.now() + TURN_MS
  }
  return () => (performance.now() < ends ? undefined : next())
}

/** Resolves when whatever waits has had its turn. */
export async function letOthersWork(): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) await setImmediate()
}
