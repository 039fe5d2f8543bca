// What a data folder looks like from outside, for `status` and health checks.
import type { StoreStatus } from '../store.js'
import { diskSpace } from './free-space.js'
import { listDamaged } from './tidy.js'
import { type View, newestSequenceOf } from './view.js'

export async function statusOf(
  path: string,
  view: View,
  state: { readonly state: StoreStatus['state']; readonly detail: string | undefined },
): Promise<StoreStatus> {
  const days = Object.values(view.manifest.days)
  const { freeBytes, totalBytes } = await diskSpace(path)
  const arrivals = [view.manifest.newestArrival, ...view.segments.map((segment) => segment.newestArrival)]
  const newestArrival = arrivals.reduce((a, b) => (a > b ? a : b))
  return {
    kind: 'embedded',
    path,
    ...state,
    days: days.length,
    parts: days.reduce((sum, day) => sum + day.parts, 0),
    segments: view.segments.length,
    hotBytes: view.segments.reduce((sum, segment) => sum + segment.bytes, 0),
    storedBytes: days.reduce((sum, day) => sum + day.storedBytes, 0),
    newestSequence: newestSequenceOf(view),
    ...(newestArrival !== '' && { newestArrival }),
    diskFreeBytes: freeBytes,
    diskTotalBytes: totalBytes,
    damaged: await listDamaged(path),
  }
}
