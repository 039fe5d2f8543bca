// What a data folder looks like from outside, for `status` and health checks.
import type { StoreStatus } from '../../record/store-status.js'
import { diskSpace } from './free-space.js'
import { listDamaged } from './tidy.js'
import { type View, newestSequenceOf } from './view.js'

export async function statusOf(
  path: string,
  view: View,
  known: Pick<StoreStatus, 'state' | 'detail' | 'damaged'>,
): Promise<StoreStatus> {
  const days = Object.values(view.manifest.days)
  const { freeBytes, totalBytes } = await diskSpace(path)
  const arrivals = [view.manifest.newestArrival, ...view.segments.map((segment) => segment.newestArrival)]
  const newestArrival = arrivals.reduce((a, b) => (a > b ? a : b))
  return {
    kind: 'embedded',
    path,
    state: known.state,
    detail: known.detail,
    days: days.length,
    parts: days.reduce((sum, day) => sum + day.parts, 0),
    segments: view.segments.length,
    hot_bytes: view.segments.reduce((sum, segment) => sum + segment.bytes, 0),
    stored_bytes: days.reduce((sum, day) => sum + day.storedBytes, 0),
    newest_sequence: newestSequenceOf(view),
    ...(newestArrival !== '' && { newest_arrival: newestArrival }),
    disk_free_bytes: freeBytes,
    disk_total_bytes: totalBytes,
    damaged: [...(await listDamaged(path)), ...known.damaged],
  }
}
