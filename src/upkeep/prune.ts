// Drops the days that an age sends away, unless the clock looks wrong: a machine that wakes up years ahead must
// not delete everything it has.
import { fail } from '../errors.js'
import type { Timestamp } from '../record/time.js'
import type { Store } from '../store/store.js'
import { type DroppedDay, planPrune, type PruneAge, type PrunePlan } from './retention.js'

/** What a rehearsal needs: any reader can give it. */
export type PruneView = Pick<Store, 'daysOnDisk' | 'status'>

/** What pruning needs of a store, whichever it is. */
export type Prunable = PruneView & Pick<Store, 'drop'>

export interface PruneRequest extends PruneAge {
  /** Goes on although the clock is far ahead of the newest record. */
  readonly force: boolean
}

/** What `prune --json` prints. */
export interface PruneResult {
  readonly cutoff: Timestamp
  readonly dropped: readonly DroppedDay[]
  /** The sum of what the dropped days occupied. */
  readonly bytes: number
  readonly dry_run: boolean
}

/** How far the clock may be ahead of the newest arrival. */
const SILENCE_MS = 48 * 3_600_000

/** What `prune` would do, refusals included. Throws CLOCK_JUMPED. */
export async function rehearsePrune(store: PruneView, request: PruneRequest): Promise<PruneResult> {
  const { cutoff, drop } = await plan(store, request)
  return result(cutoff, drop, true)
}

/** Throws CLOCK_JUMPED. */
export async function prune(store: Prunable, request: PruneRequest): Promise<PruneResult> {
  const { cutoff, drop } = await plan(store, request)
  const freed = drop.length > 0 ? await store.drop(drop.map(({ day }) => day)) : []
  const dropped = drop.filter(({ day }) => freed.some((gone) => gone.day === day))
  return result(cutoff, dropped, false)
}

async function plan(store: PruneView, request: PruneRequest): Promise<PrunePlan> {
  const planned = planPrune(await store.daysOnDisk(), request)
  if (planned.drop.length > 0 && !request.force) await guardClock(store, request.nowMs)
  return planned
}

function result(cutoff: Timestamp, dropped: readonly DroppedDay[], dryRun: boolean): PruneResult {
  return { cutoff, dropped, bytes: dropped.reduce((sum, { bytes }) => sum + bytes, 0), dry_run: dryRun }
}

async function guardClock(store: PruneView, nowMs: number): Promise<void> {
  const { newest_arrival: newestArrival } = await store.status()
  if (newestArrival === undefined || nowMs - Date.parse(newestArrival) <= SILENCE_MS) return
  const now = new Date(nowMs).toISOString()
  fail(
    'CLOCK_JUMPED',
    `the clock says ${now}, but the newest log arrived at ${newestArrival}, more than 48 h before`,
    {
      hints: ['set the clock right', 'if the clock is right and nothing was sent since, repeat with --force'],
    },
  )
}
