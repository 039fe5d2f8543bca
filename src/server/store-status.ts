// Asks the store how it is, once for all who ask at the same time, and not for ever.
import { LogctlError } from '../errors.js'
import type { StoreStatus } from '../record/store-status.js'
import type { Store } from '../store/store.js'

/** A store that does not answer within this is failed, as health checks give up after ten. Milliseconds. */
const PATIENCE_MS = 5000

/** Rejects with STORE_FAILED when the store does not answer. */
export function sharedStoreStatus(store: Store): () => Promise<StoreStatus> {
  let asking: Promise<StoreStatus> | undefined
  const ask = async (): Promise<StoreStatus> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new LogctlError('STORE_FAILED', 'the store does not answer')),
        PATIENCE_MS,
      )
    })
    try {
      return await Promise.race([store.status(), late])
    } finally {
      clearTimeout(timer)
      asking = undefined
    }
  }
  return () => (asking ??= ask())
}
