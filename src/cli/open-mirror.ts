// The mirror of a server, as the configuration wants it, and a store whose days go together with their files in it.
import { mirrorFile } from '../config/paths.js'
import type { Config } from '../config/schema.js'
import { flatEvent } from '../decode/flat-event.js'
import type { Day } from '../record/time.js'
import type { Store } from '../store/store.js'
import { type Mirror, startMirror } from '../upkeep/mirror/mirror.js'
import type { Prunable } from '../upkeep/prune.js'
import { readingRules } from './reading-rules.js'

interface Told {
  readonly failed: (message: string) => void
  readonly recovered: () => void
  readonly nowMs: () => number
}

/** Undefined where none is wanted. */
export async function openMirror(config: Config, store: Store, told: Told): Promise<Mirror | undefined> {
  const { path, errors } = config.mirror
  if (path === undefined && errors === undefined) return undefined
  const { labelKeys, limits } = readingRules(config)
  const context = {
    nowMs: 0,
    labelKeys,
    limits: { ...limits, days: Infinity, aheadMs: Infinity, maxAgeMs: undefined },
  }
  return startMirror({
    ...told,
    store,
    paths: { path, errors },
    positionPath: mirrorFile(config.store.data),
    textOf: (record) => flatEvent(record, context),
  })
}

/** Pruning the store removes the days from the mirror too. */
export function prunable(
  store: Store,
  dropMirrored: ((days: readonly Day[]) => Promise<void>) | undefined,
): Prunable {
  if (dropMirrored === undefined) return store
  return {
    daysOnDisk: () => store.daysOnDisk(),
    status: () => store.status(),
    async drop(days) {
      const dropped = await store.drop(days)
      await dropMirrored(dropped.map(({ day }) => day))
      return dropped
    },
  }
}
