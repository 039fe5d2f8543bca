// What all answers of Loki's API share: GET and POST with the same parameters, the caller's tenants, the limits of
// time and of how many run at once, and refusals as plain text.
import { LogctlError, fail } from '../../../errors.js'
import type { Scanner } from '../../../record/scanner.js'
import { tenantsForRead } from '../../access.js'
import { sendText } from '../../answer.js'
import { readBody } from '../../body.js'
import type { Exchange } from '../../exchange.js'
import { goneSignal } from '../../exchange.js'
import type { Route, Service } from '../../service.js'
import type { TimeLimit } from '../time-limit.js'
import { timeLimit } from '../time-limit.js'
import { gatherWarnings } from '../whole-answer.js'
import { tenantScanner } from './tenant-scanner.js'
import type { Used } from './used.js'
import { countingScanner, statsOf } from './used.js'

/** Form bodies hold parameters; a query has no more than 131,072 characters, up to three times as many escaped. */
const MAX_FORM_BYTES = 1024 * 1024
/** Loki's words. */
const TOO_LATE =
  'request timed out, decrease the duration of the request or add more label matchers (prefer exact match over ' +
  'regex match) to reduce the amount of data processed'

/** What an answer is made from. */
export interface Asked {
  readonly exchange: Exchange
  readonly service: Service
  /** Of the body, then of the URL: the first of a name counts. */
  readonly parameters: URLSearchParams
  /** Shows what the caller may read. */
  readonly scanner: Scanner
  /** Nanoseconds since the epoch. */
  readonly nowNs: bigint
  readonly warnings: readonly string[]
  readonly options: { readonly signal: AbortSignal; readonly warn: (message: string) => void }
  /** Runs when its turn comes; `light` work is told from counts and does not wait behind what reads lines. */
  inTurn<Result>(weight: 'light' | 'heavy', work: () => Promise<Result>): Promise<Result>
  /** The object `stats`, of an answer with so many entries. */
  stats(entries: number): object
}

export type Answer = (asked: Asked) => Promise<void>

export function lokiRoutes(paths: readonly string[], answer: Answer): Route[] {
  return paths.flatMap((path) =>
    (['GET', 'POST'] as const).map((method) => ({
      method,
      path,
      scope: 'read' as const,
      errors: 'text' as const,
      handle: (exchange: Exchange, service: Service) => handle(answer, exchange, service),
    })),
  )
}

async function handle(answer: Answer, exchange: Exchange, service: Service): Promise<void> {
  const parameters = await readParameters(exchange, service)
  const limit = timeLimit(service.settings.config.query.timeout, goneSignal(exchange))
  try {
    await answer(askedOf(exchange, service, { parameters, limit }))
  } catch (error) {
    if (!limit.isOver() || exchange.response.headersSent) throw error
    sendText(exchange, 504, TOO_LATE)
  }
}

async function readParameters(exchange: Exchange, service: Service): Promise<URLSearchParams> {
  const { request, query } = exchange
  if (request.method !== 'POST') return query
  const lease = service.budget.lease()
  try {
    const body = await readBody(exchange, {
      limitBytes: MAX_FORM_BYTES,
      pauseMs: service.settings.config.server.read_timeout,
      budget: service.budget,
      lease,
    })
    const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '')
    const form = new URLSearchParams(isForm ? body.toString('utf8') : '')
    for (const [name, value] of query) form.append(name, value)
    return form
  } finally {
    lease.release()
  }
}

function askedOf(
  exchange: Exchange,
  service: Service,
  { parameters, limit }: { readonly parameters: URLSearchParams; readonly limit: TimeLimit },
): Asked {
  const used: Used = { lines: 0, bytes: 0 }
  const { warnings, warn } = gatherWarnings()
  const tenants = tenantsForRead(exchange.request, exchange.caller)
  const startedMs = performance.now()
  let turnMs = startedMs
  return {
    exchange,
    service,
    parameters,
    scanner: countingScanner(tenantScanner(service.store, tenants), used),
    nowNs: BigInt(Math.trunc(service.clock())) * 1_000_000n,
    warnings,
    options: { signal: limit.signal, warn },
    inTurn: (weight, work) =>
      limit.run(() =>
        service.queries[weight].run(() => {
          turnMs = performance.now()
          return work()
        }, limit.signal),
      ),
    stats(entries) {
      const seconds = (performance.now() - turnMs) / 1000
      return statsOf(used, { seconds, queuedSeconds: (turnMs - startedMs) / 1000, entries })
    },
  }
}

/** A part of the path, as in `/loki/api/v1/label/NAME/values`. */
export function nameInPath({ path }: Exchange, before: string): string {
  const name = path.slice(before.length, path.lastIndexOf('/'))
  try {
    return decodeURIComponent(name)
  } catch (cause) {
    return fail('QUERY_INVALID', 'the name in the path is not percent-encoded UTF-8', { cause })
  }
}

/** A limit in Loki's words. */
export function beyond(message: string): LogctlError {
  return new LogctlError('QUERY_LIMIT', message)
}
