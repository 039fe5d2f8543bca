// Scans a view: hot segments and sealed parts as one stream of records in order, judged exactly.
import { compileConditions, needlesOf, tenantsAllow } from '../../record/condition.js'
import { type LogRecord, type StoredRecord, compareRecords, withSortedFields } from '../../record/record.js'
import type { ScanOptions } from '../../record/scanner.js'
import type { ScanRequest } from '../../record/scan-request.js'
import { type Day, dayOf } from '../../record/time.js'
import { turns } from '../../record/turns.js'
import { isVanished } from './duck.js'
import type { Part } from './part.js'
import type { Cursor } from './part-query.js'
import type { PartSource, ViewedParts } from './readable-parts.js'
import { scanParts } from './scan-parts.js'
import { type Segment, recordsOf } from './segment.js'
import { type View, type ViewSource, isNewest, lostFile } from './view.js'

/** How often a scan starts over because files were merged or pruned under it. */
const MAX_RESTARTS = 10

/** Yields what the request asks for, in pieces of bounded size. See `Scanner.scan`. */
export async function* scan(
  views: ViewSource,
  source: PartSource,
  request: ScanRequest,
  options: ScanOptions = {},
): AsyncGenerator<readonly StoredRecord[]> {
  const { signal } = options
  signal?.throwIfAborted()
  const judge = compileConditions(request.where)
  const wants = (record: LogRecord): boolean => tenantsAllow(request.tenants, record) && judge(record)
  let left = request.limit ?? Number.POSITIVE_INFINITY
  let cursor: Cursor | undefined
  let generation = -1
  for (let restarts = 0; left > 0; restarts++) {
    const view = await views.current()
    if (restarts === 0) for (const warning of view.warnings) options.warn?.(warning)
    try {
      const viewed = { ...source, isNewest: () => isNewest(views, view) }
      for await (const records of scanView(
        view,
        viewed,
        { request: behind(request, cursor), wants },
        options,
      )) {
        const piece = records.filter((record) => isBehind(record, cursor, request.direction)).slice(0, left)
        if (piece.length === 0) continue
        cursor = piece.at(-1)
        left -= piece.length
        yield piece
        signal?.throwIfAborted()
        if (left === 0) return
      }
      return
    } catch (error) {
      // Every record behind the cursor is in the next view as well, wherever merging has put it.
      if (!isVanished(error) || restarts >= MAX_RESTARTS) throw error
      if (view.manifest.generation === generation) lostFile(error)
      generation = view.manifest.generation
    }
  }
}

/** The request from the cursor on; the records at the cursor's own moment are told apart by `isBehind`. */
function behind(request: ScanRequest, cursor: Cursor | undefined): ScanRequest {
  if (!cursor || request.direction === 'backward') return request
  return { ...request, from: cursor.timestamp }
}

function isBehind(
  record: StoredRecord,
  cursor: Cursor | undefined,
  direction: ScanRequest['direction'],
): boolean {
  if (!cursor) return true
  const order =
    record.timestamp === cursor.timestamp
      ? record.sequence - cursor.sequence
      : record.timestamp < cursor.timestamp
        ? -1
        : 1
  return direction === 'forward' ? order > 0 : order < 0
}

interface Wanted {
  readonly request: ScanRequest
  readonly wants: (record: LogRecord) => boolean
}

async function* scanView(
  view: View,
  source: ViewedParts,
  { request, wants }: Wanted,
  options: ScanOptions,
): AsyncGenerator<readonly StoredRecord[]> {
  const hot = await scanHot(view.segments, request, wants, options.signal)
  let next = 0
  const sign = request.direction === 'forward' ? 1 : -1
  const giveWay = turns(options.signal)
  for await (const records of scanDays(view, source, request, options)) {
    const merged: StoredRecord[] = []
    for (const record of records) {
      const turn = giveWay()
      if (turn) await turn
      if (!wants(record)) continue
      while (next < hot.length && sign * compareRecords(hot[next] as StoredRecord, record) < 0)
        merged.push(hot[next++] as StoredRecord)
      merged.push(record)
    }
    if (merged.length > 0) yield merged
  }
  if (next < hot.length) yield hot.slice(next)
}

/** Day after day, so that only one day's manifest is needed at a time. */
async function* scanDays(
  view: View,
  source: ViewedParts,
  request: ScanRequest,
  options: ScanOptions,
): AsyncGenerator<readonly StoredRecord[]> {
  const days = (Object.keys(view.manifest.days) as Day[]).filter((day) => inRange(day, request)).sort()
  for (const day of request.direction === 'forward' ? days : days.toReversed()) {
    const entry = view.manifest.days[day]
    if (entry)
      yield* scanParts(source, (await source.cache.day(entry)).parts as readonly Part[], request, options)
  }
}

export function inRange(day: Day, { from, to }: ScanRequest): boolean {
  return (from === undefined || day >= dayOf(from)) && (to === undefined || day <= dayOf(to))
}

/** All wanted hot records in order. Bounded by the size of the hot log. */
async function scanHot(
  segments: readonly Segment[],
  request: ScanRequest,
  wants: (record: LogRecord) => boolean,
  signal: AbortSignal | undefined,
): Promise<StoredRecord[]> {
  const needles = needlesOf(request.where)
  const found: StoredRecord[] = []
  const giveWay = turns(signal)
  for (const segment of segments) {
    if (request.sequenceAbove !== undefined && segment.lastSequence <= request.sequenceAbove) continue
    if (request.sequenceUpTo !== undefined && segment.firstSequence > request.sequenceUpTo) continue
    for (const batch of segment.batches)
      for (const record of recordsOf(batch, needles)) {
        if (inStretch(record, request) && wants(record)) found.push(withSortedFields(record))
        const turn = giveWay()
        if (turn) await turn
      }
  }
  found.sort(request.direction === 'forward' ? compareRecords : (a, b) => compareRecords(b, a))
  return found
}

export function inStretch({ timestamp, sequence }: StoredRecord, request: ScanRequest): boolean {
  const { from, to, sequenceAbove, sequenceUpTo } = request
  if ((from !== undefined && timestamp < from) || (to !== undefined && timestamp >= to)) return false
  return (
    (sequenceAbove === undefined || sequence > sequenceAbove) &&
    (sequenceUpTo === undefined || sequence <= sequenceUpTo)
  )
}
