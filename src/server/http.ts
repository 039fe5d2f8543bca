// Takes each request from the parser to its handler by a table of routes, and turns everything that is thrown
// into an answer. Whatever a sender sends, a mistake of ours costs one request, never the process.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LogctlError, messageOf } from '../errors.js'
import { admit } from './access.js'
import { sendError, sendNothing } from './answer.js'
import type { ErrorStyle } from './error-style.js'
import type { Exchange, Listener } from './exchange.js'
import { clientGone, parseTarget } from './exchange.js'
import type { Route, Service } from './service.js'

type Methods = ReadonlyMap<string, Route>

export interface RouteTable {
  /** The methods of a path; undefined where nothing is there. */
  get(path: string): Methods | undefined
}

export function routeTable(routes: readonly Route[]): RouteTable {
  const table = new Map<string, Map<string, Route>>()
  for (const route of routes) {
    const methods = table.get(route.path) ?? new Map<string, Route>()
    table.set(route.path, methods.set(route.method, route))
  }
  const named = [...table].filter(([path]) => path.includes(NAME)).map(namedPath)
  return {
    get: (path) => table.get(path) ?? named.find(({ matches }) => matches(path))?.methods,
  }
}

const NAME = '{name}'

function namedPath([path, methods]: readonly [string, Methods]): {
  readonly methods: Methods
  readonly matches: (path: string) => boolean
} {
  const [before = '', after = ''] = path.split(NAME)
  const matches = (given: string): boolean =>
    given.length > before.length + after.length &&
    given.startsWith(before) &&
    given.endsWith(after) &&
    !given.slice(before.length, given.length - after.length).includes('/')
  return { methods, matches }
}

/** Answers one request; resolves when its handler is done and the answer is out or lost. Never rejects. */
export type Responder = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export function responder(service: Service, table: RouteTable, listener: Listener): Responder {
  return async (request, response) => {
    const exchange: Exchange = {
      request,
      response,
      ...parseTarget(request.url ?? '/'),
      listener,
      startedMs: performance.now(),
      caller: { key: undefined, peer: '', local: false },
    }
    const over = new Promise<void>((resolve) => response.once('close', resolve))
    response.on('error', () => {})
    response.setHeader('x-content-type-options', 'nosniff')
    if (service.stopping.aborted) response.setHeader('connection', 'close')
    const route = table.get(exchange.path)?.get(request.method === 'HEAD' ? 'GET' : (request.method ?? ''))
    try {
      if (route) await run(route, exchange, service)
      else await answerWithoutRoute(exchange, table)
    } catch (thrown) {
      await refuse(thrown, exchange, route, service)
    }
    cutStalledAnswer(exchange, service)
    await over
    logAccess(exchange, service)
  }
}

async function run(route: Route, exchange: Exchange, service: Service): Promise<void> {
  exchange.caller = admit(exchange.request, exchange.listener, route, service)
  if (service.stopping.aborted && route.scope !== 'open' && route.scope !== 'local')
    throw new LogctlError('STOPPING', 'the server is stopping', { retryAfterS: 1 })
  // A reset is seen behind the request that came before it; nobody waits for that answer.
  if (route.scope === 'read') {
    await nextTurn()
    if (exchange.response.destroyed || exchange.response.closed) throw clientGone()
  }
  await route.handle(exchange, service)
}

async function answerWithoutRoute(exchange: Exchange, table: RouteTable): Promise<void> {
  const { request, path } = exchange
  const methods = path === '*' ? new Map([['GET', undefined]]) : table.get(path)
  const style = errorStyle(path)
  if (!methods) {
    await sendError(exchange, new LogctlError('NOT_FOUND', `there is no ${shown(path)} here`), style)
    return
  }
  const known = [...methods.keys()]
  const allow = [...new Set([...known, ...(known.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].join(', ')
  if (request.method === 'OPTIONS') {
    sendNothing(exchange, { allow })
    return
  }
  const error = new LogctlError('METHOD_NOT_ALLOWED', `${request.method} is not for ${shown(path)}`, {
    hints: [`this path takes ${allow}`],
  })
  await sendError(exchange, error, style, { allow })
}

async function refuse(
  thrown: unknown,
  exchange: Exchange,
  route: Route | undefined,
  service: Service,
): Promise<void> {
  const error = asLogctlError(thrown, exchange, service)
  try {
    route?.failed?.({ status: error.http, reason: reasonOf(error, exchange) }, exchange, service)
    // Half an answer cannot become a refusal; the cut tells the client.
    if (exchange.response.headersSent) exchange.response.destroy()
    else await sendError(exchange, error, route?.errors ?? errorStyle(exchange.path))
  } catch (again) {
    service.log.error({ err: again }, 'an error could not be answered')
    exchange.response.destroy()
  }
}

function asLogctlError(thrown: unknown, exchange: Exchange, service: Service): LogctlError {
  if (thrown instanceof LogctlError) {
    if (thrown.http >= 500 && thrown.code !== 'OVERLOADED' && thrown.code !== 'STOPPING')
      service.log.warn({ path: exchange.path, code: thrown.code }, thrown.message)
    return thrown
  }
  if (exchange.response.destroyed) return clientGone()
  service.log.error({ err: thrown, path: exchange.path }, 'a mistake in logctl')
  return new LogctlError('BUG', `a mistake in logctl: ${messageOf(thrown)}`, {
    hints: ["see the server's log"],
  })
}

function reasonOf(error: LogctlError, { request }: Exchange): string {
  return request.destroyed && !request.complete ? 'truncated' : error.code.toLowerCase()
}

/** Of a path without a route: that of the protocol it seems to be of. */
function errorStyle(path: string): ErrorStyle {
  if (path.startsWith('/services/collector')) return 'splunk'
  if (path.startsWith('/_')) return 'elasticsearch'
  return path.startsWith('/loki/') || path.startsWith('/api/prom/') ? 'text' : 'json'
}

/** A path as it may stand in a message. */
function shown(path: string): string {
  return path.length > 200 ? `${path.slice(0, 200)}…` : path
}

/** A client that does not read its answer is let go after `server.write_timeout`. */
function cutStalledAnswer({ response }: Exchange, { settings }: Service): void {
  if (response.closed || response.writableFinished || response.destroyed) return
  const timer = setTimeout(() => response.destroy(), settings.config.server.write_timeout)
  response.once('close', () => clearTimeout(timer))
}

function logAccess(exchange: Exchange, { log }: Service): void {
  if (!log.isLevelEnabled('debug')) return
  const { request, response, path, caller, startedMs } = exchange
  const ms = Math.round(performance.now() - startedMs)
  log.debug(
    { method: request.method, path: shown(path), status: response.statusCode, ms, peer: caller.peer },
    'request',
  )
}
