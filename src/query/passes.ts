// Reading on from run to run: a pass is all that arrived between two moments, read in the order of time. A cursor
// remembers by sequence what is behind it, so that a late line (an old time, a new sequence) is in the next pass,
// and where in time an unfinished pass stands, so that no line of a moment is lost or repeated.
import { fail } from '../errors.js'
import type { StoredRecord } from '../record/record.js'
import type { ScanRequest } from '../record/scan-request.js'
import { behind, type Place } from '../record/scan-progress.js'
import type { ScanOptions, Scanner } from '../record/scanner.js'
import type { Timestamp } from '../record/time.js'

/** Everything that arrived up to and with `sequence` has been read, and of what came then, `pass` as far as it says. */
export interface ReadingCursor {
  readonly sequence: number
  readonly pass?: Pass | undefined
}

export interface Pass {
  readonly upTo: number
  readonly from?: Timestamp | undefined
  readonly to?: Timestamp | undefined
  readonly last?: Place | undefined
}

export interface PassRequest extends Pick<ScanRequest, 'tenants' | 'where' | 'from' | 'to' | 'limit'> {
  readonly cursor: ReadingCursor
}

export interface PassPiece {
  readonly records: readonly StoredRecord[]
  /** Where to go on once the records are safe. */
  readonly cursor: ReadingCursor
}

/**
 * Yields what arrived since the cursor: first the rest of an unfinished pass. The last piece may be without records.
 * Throws QUERY_INVALID where the cursor is not of this store.
 */
export async function* readOn(
  scanner: Scanner,
  request: PassRequest,
  options: ScanOptions = {},
): AsyncGenerator<PassPiece> {
  const newest = await scanner.newestSequence()
  let { cursor } = request
  let left = request.limit ?? Infinity
  if (cursor.sequence > newest)
    fail('QUERY_INVALID', `the cursor stands at ${cursor.sequence}, but the newest record is ${newest}`, {
      hints: ['it belongs to other logs: begin with another cursor file'],
    })
  const { from, to } = request
  for (const pass of [cursor.pass, { upTo: newest, from, to }]) {
    if (pass === undefined || pass.upTo <= cursor.sequence) continue
    for await (const piece of readPass(scanner, { ...request, cursor, limit: left }, pass, options)) {
      left -= piece.records.length
      cursor = piece.cursor
      yield piece
    }
    if (cursor.pass !== undefined) return
  }
}

async function* readPass(
  scanner: Scanner,
  { tenants, where, limit = Infinity, cursor }: PassRequest,
  pass: Pass,
  options: ScanOptions,
): AsyncGenerator<PassPiece> {
  const { upTo, last, from, to } = pass
  const { sequence } = cursor
  const asked = { tenants, where, from: last?.timestamp ?? from, to, direction: 'forward' as const }
  const found = scanner.scan({ ...asked, sequenceAbove: sequence, sequenceUpTo: upTo }, options)
  let left = limit
  if (left > 0)
    for await (const piece of found) {
      const fresh = last === undefined ? piece : behind(piece, last, 'forward')
      const records = fresh.slice(0, left)
      const newest = records.at(-1)
      if (newest === undefined) continue
      left -= records.length
      const place = { timestamp: newest.timestamp, sequence: newest.sequence }
      yield { records, cursor: { sequence, pass: { ...pass, last: place } } }
      if (left === 0) return
    }
  if (left > 0) yield { records: [], cursor: { sequence: upTo } }
}
