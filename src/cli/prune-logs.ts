// Prunes where the logs are: through the server that holds the data folder, or in the folder itself when nobody
// holds it.
import { removeMirrored } from '../upkeep/mirror/mirror-files.js'
import { prune, type PruneResult, rehearsePrune } from '../upkeep/prune.js'
import { type ServerAddress, runningServer } from './running-server.js'
import { prunable } from './open-mirror.js'
import type { Session } from './session.js'
import { machineSizes, storeOptions } from './store-options.js'
import { chooseTarget, openFilesAt, openFolder, openServerAt, targetText } from './target.js'

export interface PruneWish {
  /** Milliseconds; absent means the rules of whoever prunes. */
  readonly olderThanMs: number | undefined
  readonly force: boolean
  readonly dryRun: boolean
}

/** Throws CLOCK_JUMPED; DATA_LOCKED when a process holds the folder that cannot be asked. */
export async function pruneLogs(session: Session, wish: PruneWish): Promise<PruneResult> {
  const target = await chooseTarget(session.loaded)
  if (target.kind === 'files') return pruneFiles(target.path, session, wish)
  const server = target.kind === 'folder' ? await runningServer(target.path) : target
  session.detail(`pruning ${targetText(server ?? target)}`)
  return server ? pruneAt(server, session, wish) : pruneFolder(session, wish)
}

async function pruneAt(server: ServerAddress, session: Session, wish: PruneWish): Promise<PruneResult> {
  const client = await openServerAt(server, session)
  try {
    return await client.prune(wish)
  } finally {
    await client.close()
  }
}

async function pruneFiles(
  path: string,
  session: Session,
  { olderThanMs, force, dryRun }: PruneWish,
): Promise<PruneResult> {
  session.detail(`pruning the daily files of ${path}`)
  const age = olderThanMs ?? session.loaded.config.retention.age
  const request = { olderThanMs: age, force, nowMs: session.world.nowMs() }
  const files = await openFilesAt(path, session)
  if (dryRun) return rehearsePrune(files, request)
  return prune({ ...files, drop: (days) => files.drop(days, session.warn) }, request)
}

async function pruneFolder(
  session: Session,
  { olderThanMs, force, dryRun }: PruneWish,
): Promise<PruneResult> {
  const { config } = session.loaded
  const request = { olderThanMs: olderThanMs ?? config.retention.age, force, nowMs: session.world.nowMs() }
  const { openEmbeddedStore } = await import('../store/embedded/index.js')
  // First without the lock: a folder that is none is not made into one, and a refusal costs nothing.
  const reader = await openFolder(config.store.data)
  const rehearsed = await rehearsePrune(reader, request).finally(() => reader.close())
  if (dryRun) return rehearsed
  const store = await openEmbeddedStore(
    storeOptions(config, machineSizes(config), { log: session.detail, warn: session.say }),
  )
  return prune(
    prunable(store, (days) => removeMirrored(config.mirror, days)),
    request,
  ).finally(() => store.close())
}
