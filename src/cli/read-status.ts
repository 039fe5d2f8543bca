// How the logs are kept right now: by a running server, or as a folder that lies there.
import type { ServerStatus } from '../client/answers.js'
import type { DayStats, Scanner } from '../record/scanner.js'
import { dayOf, timestampOfMs } from '../record/time.js'
import type { StoreStatus } from '../record/store-status.js'
import { runningServer } from './running-server.js'
import type { Session } from './session.js'
import { chooseTarget, openFilesAt, openFolder, openServerAt } from './target.js'

/** What `status --json` prints. */
export interface StatusReport {
  /** Null where a folder is read without a server. */
  readonly server: Omit<ServerStatus, 'doors' | 'keys' | 'store'> | null
  /** Counted since the server started. */
  readonly doors: ServerStatus['doors']
  readonly keys: ServerStatus['keys']
  readonly store: StoreStatus
  readonly today: Pick<DayStats, 'date' | 'total' | 'errors' | 'bytes'>
}

export async function readStatus(session: Session): Promise<StatusReport> {
  const chosen = await chooseTarget(session.loaded)
  // A folder that was named may still be held by a server, which knows more; who may use its socket needs no key.
  const holder = chosen.kind === 'folder' ? await runningServer(chosen.path) : undefined
  const target = holder?.kind === 'socket' ? holder : chosen
  if (target.kind === 'folder' || target.kind === 'files') {
    const reader = await (target.kind === 'files'
      ? openFilesAt(target.path, session)
      : openFolder(target.path))
    return closing(reader, async () => {
      return {
        server: null,
        doors: [],
        keys: [],
        store: await reader.status(),
        today: await countToday(reader, session),
      }
    })
  }
  const client = await openServerAt(target, session)
  return closing(client, async () => {
    const { doors, keys, store, ...server } = await client.status()
    return { server, doors, keys, store, today: await countToday(client, session) }
  })
}

function closing(scanner: Scanner, work: () => Promise<StatusReport>): Promise<StatusReport> {
  return work().finally(() => scanner.close())
}

async function countToday(scanner: Scanner, { world, tenants }: Session): Promise<StatusReport['today']> {
  const day = dayOf(timestampOfMs(world.nowMs()))
  const { total, errors, bytes } = (await scanner.stats({ day, tenants })) ?? {
    total: 0,
    errors: 0,
    bytes: 0,
  }
  return { date: day, total, errors, bytes }
}
