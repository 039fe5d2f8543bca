// A scanner that is asked for a day at most at a time, and for a bounded number of records: an answer of any size is
// then many short questions, none of which meets the time limit of a server.
import type { StoredRecord } from '../record/record.js'
import type { ScanRequest } from '../record/scan-request.js'
import { advanced, behind, NOTHING_READ, type Progress, remaining } from '../record/scan-progress.js'
import type { ScanOptions, Scanner } from '../record/scanner.js'
import { addDays, type Day, dayOf, startOfDay, type Timestamp } from '../record/time.js'

/** Records of one question. */
const PAGE_RECORDS = 50_000

/**
 * Days are listed when a scan begins: records of further days are missed unless `sequenceUpTo` says that they are
 * not wanted.
 */
export function pagedScanner(scanner: Scanner, pageRecords = PAGE_RECORDS): Scanner {
  return { ...scanner, scan: (request, options) => scanDays(scanner, request, pageRecords, options) }
}

async function* scanDays(
  scanner: Scanner,
  request: ScanRequest,
  pageRecords: number,
  options: ScanOptions | undefined,
): AsyncGenerator<readonly StoredRecord[]> {
  let left = request.limit ?? Infinity
  const days = (await scanner.days()).filter((day) => isWithin(day, request))
  for (const day of request.direction === 'forward' ? days : days.toReversed()) {
    if (left <= 0) return
    const ofDay = { ...request, ...overlap(day, request), ...(left < Infinity ? { limit: left } : {}) }
    for await (const piece of scanPages(scanner, ofDay, pageRecords, options)) {
      left -= piece.length
      yield piece
    }
  }
}

async function* scanPages(
  scanner: Scanner,
  request: ScanRequest,
  pageRecords: number,
  options: ScanOptions | undefined,
): AsyncGenerator<readonly StoredRecord[]> {
  const most = request.limit ?? Infinity
  let progress: Progress = NOTHING_READ
  for (let before = -1; progress.given < most && progress.given > before;) {
    before = progress.given
    const limit = Math.min(most, before + pageRecords)
    const { last } = progress
    for await (const piece of scanner.scan(remaining({ ...request, limit }, progress), options)) {
      const fresh = last === undefined ? piece : behind(piece, last, request.direction)
      if (fresh.length === 0) continue
      progress = advanced(progress, fresh)
      yield fresh
    }
    if (progress.given < limit) return
  }
}

function isWithin(day: Day, { from, to }: ScanRequest): boolean {
  return (from === undefined || day >= dayOf(from)) && (to === undefined || startOfDay(day) < to)
}

function overlap(day: Day, { from, to }: ScanRequest): { from: Timestamp; to: Timestamp } {
  const first = startOfDay(day)
  const end = startOfDay(addDays(day, 1))
  return {
    from: from !== undefined && from > first ? from : first,
    to: to !== undefined && to < end ? to : end,
  }
}
