// GET /api/v1/tail: live records as server-sent events (WHATWG HTML §9.2). The id of an event is its record's
// sequence; a client that comes back with `Last-Event-ID`, or `after`, goes on there without gap or repeat. One that
// reads too slowly gets the event `behind`, and its answer ends.
import { LogctlError } from '../../errors.js'
import type { StoredRecord } from '../../record/record.js'
import { tenantsForRead } from '../access.js'
import { writePiece } from '../answer.js'
import type { Exchange } from '../exchange.js'
import { goneSignal } from '../exchange.js'
import type { Route, Service } from '../service.js'
import { conditions, truth, wholeNumber } from './parameters.js'
import { storedRecordToJson } from './record-text.js'

/** Proxies and clients end connections that are silent for longer. Milliseconds. */
const PING_MS = 15_000
const DEFAULT_LAST = 10
const MAX_LAST = 10_000
/** To a client that reads too slowly: its answer ends, and it comes back with the last id that it has. */
const BEHIND = 'event: behind\ndata: {}\n\n'

export const tailRoute: Route = {
  method: 'GET',
  path: '/api/v1/tail',
  scope: 'read',
  errors: 'json',
  handle: tail,
}

interface TailRequest {
  readonly tenants: readonly string[] | undefined
  readonly where: ReturnType<typeof conditions>
  readonly last: number
  readonly follow: boolean
  readonly after: number | undefined
}

async function tail(exchange: Exchange, service: Service): Promise<void> {
  const request = tailRequest(exchange)
  if (service.tails >= service.settings.config.query.max_tails)
    throw new LogctlError('RATE_LIMITED', `${service.tails} tails are open already`, {
      retryAfterS: 5,
      hints: ['query.max_tails in the configuration sets the limit'],
    })
  service.tails += 1
  try {
    await stream(exchange, request, service)
  } finally {
    service.tails -= 1
  }
}

function tailRequest({ request, query, caller }: Exchange): TailRequest {
  const resumed = request.headers['last-event-id']
  const { MAX_SAFE_INTEGER } = Number
  return {
    tenants: tenantsForRead(request, caller),
    where: conditions(query),
    last: wholeNumber('last', query.get('last'), MAX_LAST) ?? DEFAULT_LAST,
    follow: truth('follow', query.get('follow'), true),
    after:
      wholeNumber('Last-Event-ID', resumed === undefined ? null : String(resumed), MAX_SAFE_INTEGER) ??
      wholeNumber('after', query.get('after'), MAX_SAFE_INTEGER),
  }
}

async function stream(exchange: Exchange, request: TailRequest, service: Service): Promise<void> {
  const { response } = exchange
  const signal = AbortSignal.any([goneSignal(exchange), service.stopping])
  const from = request.after ?? (await service.store.newestSequence())
  const history = request.after === undefined ? await lastRecords(request, from, signal, service) : []
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  if (exchange.request.method === 'HEAD') {
    response.end()
    return
  }
  await writePiece(exchange, `: tail\n\n${historyEvents(history)}`, service)
  if (request.follow) await follow(exchange, { ...request, from }, signal, service)
  if (service.stopping.aborted && !response.destroyed) response.write('event: bye\ndata: {}\n\n')
  response.end()
}

/** The newest records stored up to and with a sequence, oldest first. */
async function lastRecords(
  { tenants, where, last }: TailRequest,
  sequenceUpTo: number,
  signal: AbortSignal,
  service: Service,
): Promise<StoredRecord[]> {
  if (last === 0) return []
  const records: StoredRecord[] = []
  const request = { tenants, where, direction: 'backward' as const, limit: last, sequenceUpTo }
  for await (const piece of service.store.scan(request, { signal })) records.push(...piece)
  return records.toReversed()
}

async function follow(
  exchange: Exchange,
  { tenants, where, from }: TailRequest & { readonly from: number },
  signal: AbortSignal,
  service: Service,
): Promise<void> {
  const { response } = exchange
  const ping = setInterval(() => {
    if (!response.writableNeedDrain && !response.destroyed) response.write(': ping\n\n')
  }, PING_MS)
  const reader = service.feeds.join({ tenants, where, sequenceAbove: from })
  try {
    for (;;) {
      const taken = await reader.take(signal)
      if (signal.aborted || taken === 'end') break
      if (taken === 'behind') {
        await writePiece(exchange, BEHIND, service)
        break
      }
      await writePiece(exchange, taken.bytes, service)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    reader.leave()
    clearInterval(ping)
  }
}

/**
 * History is in order of time, resuming in order of arrival: an event carries an id only where everything sent so
 * far arrived before everything still to send, so that a client cut off in between neither misses nor repeats.
 */
function historyEvents(records: readonly StoredRecord[]): string {
  const lowestAfter: number[] = []
  let lowest = Number.POSITIVE_INFINITY
  for (const [at, { sequence }] of [...records.entries()].toReversed()) {
    lowestAfter[at] = lowest
    lowest = Math.min(lowest, sequence)
  }
  let highest = 0
  let text = ''
  for (const [at, record] of records.entries()) {
    highest = Math.max(highest, record.sequence)
    text += event(record, highest < (lowestAfter[at] ?? 0) ? highest : undefined)
  }
  return text
}

/** The event of a live record. */
export function liveEvent(record: StoredRecord): string {
  return event(record, record.sequence)
}

function event(record: StoredRecord, id: number | undefined): string {
  return `${id === undefined ? '' : `id: ${id}\n`}data: ${storedRecordToJson(record)}\n\n`
}
