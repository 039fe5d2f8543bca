// The last records and then those that arrive: what `tail` shows, without gap or repeat between the two.
import { fail } from '../errors.js'
import type { StoredRecord } from '../record/record.js'
import type { ScanRequest } from '../record/scan-request.js'
import type { ScanOptions, Scanner } from '../record/scanner.js'

export interface TailRequest extends Pick<ScanRequest, 'tenants' | 'where'> {
  /** How many of the newest to begin with, whenever they were; not looked at with `after`. */
  readonly last: number
  /** Go on with what arrives, until the signal aborts. */
  readonly follow: boolean
  /** Go on behind the record of this sequence, as a reader does that was cut off. */
  readonly after?: number | undefined
}

/** The last records are held in memory in order to turn them round. */
const LAST_MOST = 100_000

/** Yields the last records oldest first, then what arrives in the order of arrival. Throws QUERY_INVALID. */
export async function* tail(
  scanner: Scanner,
  { tenants, where, last, follow, after }: TailRequest,
  options: ScanOptions = {},
): AsyncGenerator<readonly StoredRecord[]> {
  if (last > LAST_MOST)
    fail('QUERY_INVALID', `tail shows at most the last ${LAST_MOST} records`, {
      hints: ['grep and export read everything, oldest first'],
    })
  // Taken before the scan: what is stored while it runs is left to the follower.
  const newest = after ?? (await scanner.newestSequence())
  if (after === undefined && last > 0) {
    const request = { tenants, where, direction: 'backward', limit: last, sequenceUpTo: newest } as const
    const pieces: (readonly StoredRecord[])[] = []
    for await (const piece of scanner.scan(request, options)) pieces.push(piece.toReversed())
    yield* pieces.toReversed()
  }
  if (follow) yield* scanner.follow({ tenants, where, sequenceAbove: newest }, options)
}
