// How a scan that ended too soon is gone on with: behind its last record, by a new request that meets the records of
// the same moment again, and without those.
import type { StoredRecord } from './record.js'
import { compareRecords } from './record.js'
import type { ScanRequest } from './scan-request.js'
import { nsOf, timestampOfNs } from './time.js'

/** A place in the order of (timestamp, sequence). */
export type Place = Pick<StoredRecord, 'timestamp' | 'sequence'>

/** What was read so far. */
export interface Progress {
  readonly given: number
  readonly last: Place | undefined
  /** How many of the given have the timestamp of the last: a new request meets them again. */
  readonly atLastTime: number
}

export const NOTHING_READ: Progress = { given: 0, last: undefined, atLastTime: 0 }

/** Behind a piece that is not empty. */
export function advanced({ given, last, atLastTime }: Progress, piece: readonly StoredRecord[]): Progress {
  const newest = piece.at(-1)
  const same = piece.filter(({ timestamp }) => timestamp === newest?.timestamp).length
  const goesOn = last?.timestamp === newest?.timestamp
  return { given: given + piece.length, last: newest, atLastTime: goesOn ? atLastTime + same : same }
}

/** The request for what is missing; `behind` leaves out what it repeats. */
export function remaining(request: ScanRequest, { given, last, atLastTime }: Progress): ScanRequest {
  if (!last) return request
  const limit = request.limit === undefined ? undefined : request.limit - given + atLastTime
  if (request.direction === 'forward') return { ...request, limit, from: last.timestamp }
  return { ...request, limit, to: timestampOfNs(nsOf(last.timestamp) + 1n) ?? request.to }
}

export function behind(
  piece: readonly StoredRecord[],
  last: Place,
  direction: ScanRequest['direction'],
): readonly StoredRecord[] {
  const sign = direction === 'forward' ? 1 : -1
  return piece.filter((record) => sign * compareRecords(record, last) > 0)
}
