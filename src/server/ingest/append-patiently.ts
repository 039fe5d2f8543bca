// Holds senders back while the store is behind: slow answers first, a refusal only when that does not help.
import { setTimeout as sleep } from 'node:timers/promises'
import { LogctlError } from '../../errors.js'
import type { AppendBatch, Appended, Store } from '../../store/store.js'

/** Shorter than the shortest request timeout of the senders known (Logplex, five seconds). Milliseconds. */
const PATIENCE_MS = 3000
const RETRY_MS = 50

/** Throws what the store throws; OVERLOADED only when it lasts. What waits is bounded by the bytes in flight. */
export async function appendPatiently(store: Store, batch: AppendBatch): Promise<Appended> {
  const untilMs = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await store.append(batch)
    } catch (error) {
      const isBehind = error instanceof LogctlError && error.code === 'OVERLOADED'
      if (!isBehind || performance.now() >= untilMs) throw error
    }
    await sleep(RETRY_MS)
  }
}
