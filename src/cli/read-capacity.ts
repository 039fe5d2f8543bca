// What `plan capacity` works with: what flags state, else what the store that is meant has measured.
import type { Scanner } from '../record/scanner.js'
import { fail } from '../errors.js'
import { type Statements, statedLoad } from '../upkeep/capacity/loads.js'
import { measuredLoad } from '../upkeep/capacity/measured-load.js'
import type { CapacityWish } from '../upkeep/capacity/plan-capacity.js'
import type { Session } from './session.js'
import { chooseTarget, openFilesAt, openFolder, openServerAt } from './target.js'

export interface CapacityFlags extends Statements, Omit<CapacityWish, 'load' | 'ratio' | 'storedBytes'> {
  readonly ratio?: number | undefined
}

/** As logs packed that were measured: access lines pack twice as well. */
const USUAL_RATIO = 6

/** Throws NO_LOGS when neither flags nor history tell how much comes in. */
export async function readCapacity(session: Session, flags: CapacityFlags): Promise<CapacityWish> {
  const load = statedLoad(flags)
  if (load) return { ...flags, load, ratio: flags.ratio ?? USUAL_RATIO }
  const measured = await measure(session)
  if (!measured)
    return fail('NO_LOGS', 'nothing was stored yet, so nothing can be measured', {
      hints: ['say how much comes in: --per-day 10GB, --events-per-second 200 or --services 55x1MB'],
    })
  const { status } = measured
  return {
    ...flags,
    load: measured.load,
    ratio: flags.ratio ?? measured.ratio ?? USUAL_RATIO,
    freeBytes: flags.freeBytes ?? status.disk_free_bytes,
    storedBytes: status.stored_bytes + status.hot_bytes,
  }
}

async function measure(session: Session) {
  const target = await chooseTarget(session.loaded)
  if (target.kind === 'folder' || target.kind === 'files') {
    const reader = await (target.kind === 'files'
      ? openFilesAt(target.path, session)
      : openFolder(target.path))
    return measuredLoad(reader, session.world.nowMs()).finally(() => reader.close())
  }
  const client = await openServerAt(target, session)
  const store = {
    days: bound(client, 'days'),
    stats: bound(client, 'stats'),
    status: async () => (await client.status()).store,
  }
  return measuredLoad(store, session.world.nowMs()).finally(() => client.close())
}

function bound<Name extends 'days' | 'stats'>(scanner: Scanner, name: Name): Scanner[Name] {
  return scanner[name].bind(scanner) as Scanner[Name]
}
