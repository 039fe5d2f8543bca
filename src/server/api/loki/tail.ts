// /loki/api/v1/tail: lines over a WebSocket (RFC 6455), the newest of the past and then those that arrive, without
// gap or repeat between the two.
import { LogctlError, fail, messageOf } from '../../../errors.js'
import type { LogQuery } from '../../../query/ast.js'
import { compilePipeline } from '../../../query/pipeline.js'
import { parseLog } from '../../../query/parse.js'
import { pushDown } from '../../../query/push-down.js'
import { requireSelective } from '../../../query/require-selective.js'
import type { LogEntry } from '../../../query/run-log.js'
import { runLog } from '../../../query/run-log.js'
import { runLive } from '../../../query/run-live.js'
import { nearestTimestamp } from '../../../query/steps.js'
import { compileConditions } from '../../../record/condition.js'
import type { Scanner } from '../../../record/scanner.js'
import { tenantsForRead } from '../../access.js'
import type { Exchange } from '../../exchange.js'
import { goneSignal } from '../../exchange.js'
import type { Route, Service } from '../../service.js'
import { WEB_SOCKET_PATHS, upgradeHead } from '../../upgrade.js'
import { timeLimit } from '../time-limit.js'
import { delayed } from './delayed.js'
import { encodingFlags } from './encoding-flags.js'
import { checkEntryLimit } from './entry-limit.js'
import { HOUR_NS, limit, moment } from './parameters.js'
import { CATEGORIZE } from './streams.js'
import type { TailSocket } from './tail-socket.js'
import { acceptTail } from './tail-socket.js'
import { tenantScanner } from './tenant-scanner.js'

/** Seconds. */
const MAX_DELAY_S = 5

export const tailRoutes: readonly Route[] = WEB_SOCKET_PATHS.map((path) => ({
  method: 'GET',
  path,
  scope: 'read',
  errors: 'text',
  handle: tail,
}))

interface TailRequest {
  readonly query: LogQuery
  readonly limit: number
  readonly fromNs: bigint
  readonly delayMs: number
  readonly categorized: boolean
  readonly scanner: Scanner
}

async function tail(exchange: Exchange, service: Service): Promise<void> {
  const head = upgradeHead(exchange.request)
  if (!head) fail('QUERY_INVALID', 'this path speaks WebSocket: the request has no "Upgrade: websocket"')
  refuseForeignPages(exchange)
  const request = tailRequest(exchange, service)
  const most = service.settings.config.query.max_tails
  if (service.tails >= most)
    throw new LogctlError(
      'RATE_LIMITED',
      `max concurrent tail requests limit exceeded, count > limit (${service.tails + 1} > ${most})`,
      { retryAfterS: 5, hints: ['query.max_tails in the configuration sets the limit'] },
    )
  service.tails += 1
  try {
    const socket = await acceptTail(exchange, head, request.categorized)
    await run(socket, request, { exchange, service })
  } finally {
    service.tails -= 1
  }
}

/** Where no key is needed, a page that a browser shows could open a WebSocket to this machine and read along. */
function refuseForeignPages({ request: { headers }, caller }: Exchange): void {
  const { origin } = headers
  if (caller.key || origin === undefined) return
  if (!URL.canParse(origin) || new URL(origin).host !== headers.host)
    fail('FORBIDDEN', 'a page of another origin may not tail without a key')
}

function tailRequest(exchange: Exchange, service: Service): TailRequest {
  const { query: parameters, request, caller } = exchange
  const query = parseLog(parameters.get('query') ?? '')
  requireSelective(query)
  const { where, stages } = pushDown(query)
  compilePipeline(stages)
  compileConditions(where)
  const entries = limit(parameters)
  checkEntryLimit(entries, service.settings.config)
  const nowNs = BigInt(Math.trunc(service.clock())) * 1_000_000n
  return {
    query,
    limit: entries,
    fromNs: moment('start', parameters, nowNs - HOUR_NS),
    delayMs: delayS(parameters.get('delay_for')) * 1000,
    categorized: encodingFlags(exchange).includes(CATEGORIZE),
    scanner: tenantScanner(service.store, tenantsForRead(request, caller)),
  }
}

function delayS(text: string | null): number {
  if (!text) return 0
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (seconds <= MAX_DELAY_S) return seconds
  return fail('QUERY_INVALID', `delay_for can't be greater than ${MAX_DELAY_S}`)
}

async function run(
  socket: TailSocket,
  request: TailRequest,
  { exchange, service }: { readonly exchange: Exchange; readonly service: Service },
): Promise<void> {
  const gone = goneSignal(exchange)
  const signal = AbortSignal.any([gone, socket.closing, service.stopping])
  try {
    // Taken before the history is read: what is stored meanwhile is left to the follower.
    const newest = await request.scanner.newestSequence()
    const time = timeLimit(service.settings.config.query.timeout, signal)
    await socket.send(
      await time.run(() =>
        service.queries.heavy.run(() => history(request, newest, time.signal), time.signal),
      ),
    )
    const live = runLive(request.scanner, request.query, { sequenceAbove: newest }, { signal })
    for await (const entries of delayed(live, request.delayMs, signal)) await socket.send(entries)
    await socket.close(1001, 'the server is stopping')
  } catch (error) {
    if (service.stopping.aborted) return await socket.close(1001, 'the server is stopping')
    if (signal.aborted) return await socket.close(1000, '')
    if (!(error instanceof LogctlError)) service.log.error({ err: error }, 'a tail failed')
    await socket.close(1011, error instanceof LogctlError ? messageOf(error) : 'a mistake in logctl')
  }
}

/** The newest entries stored up to and with a sequence, oldest first. */
async function history(
  { query, limit, fromNs, scanner }: TailRequest,
  sequenceUpTo: number,
  signal: AbortSignal,
): Promise<LogEntry[]> {
  const request = { from: nearestTimestamp(fromNs), direction: 'backward', limit, sequenceUpTo } as const
  const entries: LogEntry[] = []
  for await (const piece of runLog(scanner, query, request, { signal })) entries.push(...piece)
  return entries.toReversed()
}
