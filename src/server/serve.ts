// Wires the server together: opens what is needed in order, announces it, and takes it down in reverse.
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config/schema.js'
import { fail } from '../errors.js'
import type { LogRecord } from '../record/record.js'
import type { Store } from '../store/store.js'
import type { Mirror } from '../upkeep/mirror/mirror.js'
import { apiRoutes, watchRoutes } from './api/index.js'
import type { PruneFunction } from './api/prune.js'
import { liveEvent } from './api/tail.js'
import { byteBudget } from './byte-budget.js'
import { keysOfConfig } from './drain-keys.js'
import { openGrpcListener } from './grpc/grpc-listener.js'
import { responder, routeTable } from './http.js'
import { ingestRoutes } from './ingest/index.js'
import { createStreamLimit } from './ingest/stream-limit.js'
import { openKeyLedger } from './key-ledger.js'
import type { KeyRing } from './keys.js'
import { LiveFeeds } from './live-feeds.js'
import type { ClosableListener, ListenerPlan } from './listeners.js'
import {
  fitsSocketPath,
  hostAndPort,
  isAnyAddress,
  isLoopbackAddress,
  isSecureAddress,
  openListener,
} from './listeners.js'
import { createMetrics } from './metrics.js'
import { queryQueue } from './query-queue.js'
import { createRateLimit } from './rate-limit.js'
import { byteGate } from './gate.js'
import { removeServerFile, writeServerFile } from './server-file.js'
import type { Service } from './service.js'
import { settingsOf } from './service.js'
import { refuseUselessDoors, SOCKET_DOORS, socketListeners } from './sockets/index.js'
import { sharedStoreStatus } from './store-status.js'
import { openServerTls, type ServerTls } from './tls/server-tls.js'

/** How long handlers may take to notice that their connection was cut. Milliseconds. */
const CUT_GRACE_MS = 1000
/** Of the bytes in flight, this part at most are being made records of: those take several times their bytes. */
const DECODING_SHARE = 4
/** A dashboard asks for a few dozen answers at once. */
const MAX_WAITING_HEAVY = 100
const MAX_RUNNING_LIGHT = 4
const MAX_WAITING_LIGHT = 1000

export interface ServerOptions {
  readonly config: Config
  /** Closed with the server. */
  readonly store: Store
  /** Told of configured keys when the configuration is read again. */
  readonly keys: KeyRing
  readonly log: Logger
  readonly version: string
  /** The most bytes of request bodies in memory at a time. */
  readonly inFlightBytes: number
  /** The largest request body, decompressed. */
  readonly bodyBytes: number
  /** How many queries that read lines run at once. */
  readonly queryConcurrency: number
  readonly prune?: PruneFunction | undefined
  readonly echo?: ((records: readonly LogRecord[]) => void) | undefined
  /** Closed before the store that it reads. */
  readonly mirror?: Mirror | undefined
  readonly clock?: () => number
}

export type BodySizes = Pick<ServerOptions, 'inFlightBytes' | 'bodyBytes'>

export interface RunningServer {
  /** Of the HTTP listeners, in the order of the configuration. */
  readonly urls: readonly string[]
  readonly metricsUrls: readonly string[]
  /** `grpc://127.0.0.1:6000` */
  readonly grpcUrls: readonly string[]
  /** Of the doors that are no HTTP: `syslog://127.0.0.1:5514`. */
  readonly socketUrls: readonly string[]
  /** Undefined where the data folder's path is too long for a Unix socket. */
  readonly socketPath: string | undefined
  /** Takes over what may change while running: keys, limits, and the level of the log. */
  reload(config: Config, sizes: BodySizes): void
  /** Finishes what is in flight within `server.shutdown_timeout`; the store closes last. */
  close(): Promise<void>
}

/** Throws NOT_OPEN, PORT_IN_USE or USAGE; nothing stays open then but the store. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const tls = await tlsOf(options)
  try {
    return await startWith(options, tls)
  } catch (error) {
    tls?.close()
    throw error
  }
}

async function startWith(options: ServerOptions, tls: ServerTls | undefined): Promise<RunningServer> {
  refuseWithoutKeys(options, tls)
  refuseUselessDoors(options.config)
  const stop = new AbortController()
  const service = createService(options, tls, stop.signal)
  const socketPath = socketPathIn(options)
  const open = await openAll(options, service, socketPath)
  service.listeners.push(...open)
  const urls = urlsOf(open, 'http')
  await writeServerFile(options.config.store.data, {
    version: options.version,
    urls,
    socket: socketPath,
    startedMs: service.startedMs,
  })
  service.started = true
  let closing: Promise<void> | undefined
  return {
    urls,
    metricsUrls: urlsOf(open, 'metrics'),
    grpcUrls: urlsOf(open, 'grpc'),
    socketUrls: SOCKET_DOORS.flatMap(({ name }) => urlsOf(open, name)),
    socketPath,
    reload: (config, sizes) => reload(service, config, sizes),
    close: () => (closing ??= close(open, stop, service, options)),
  }
}

/** Undefined where no address is for TLS. */
async function tlsOf({ config, log, clock = Date.now }: ServerOptions): Promise<ServerTls | undefined> {
  const { listen, grpc_listen } = config.server
  const secure = [...listen, ...grpc_listen].filter(isSecureAddress)
  if (secure.length === 0) return undefined
  const hosts = secure.map((address) => hostAndPort(address).host).filter((host) => !isAnyAddress(host))
  return openServerTls({ config: config.tls, dataFolder: config.store.data, hosts, nowMs: clock, log })
}

/** A server that anyone could write to is never opened by accident. */
function refuseWithoutKeys({ config: { server }, keys }: ServerOptions, tls: ServerTls | undefined): void {
  if (server.auth === 'off' || server.open_to.length > 0 || !keys.isEmpty()) return
  const hasClients = tls?.hasClients() ?? false
  const beyond = [...server.listen, ...server.grpc_listen].find(
    (address) => !isLoopbackAddress(address) && !(hasClients && isSecureAddress(address)),
  )
  if (beyond === undefined) return
  fail('NOT_OPEN', `${beyond} can be reached from other machines and there is no key`, {
    hints: [
      'logctl key create NAME makes a key',
      ...(beyond.startsWith('https:') ? ['logctl cert client NAME makes a certificate for a sender'] : []),
      'server.open_to names networks that need none',
      'server.auth: off opens it to all',
    ],
  })
}

function createService(options: ServerOptions, tls: ServerTls | undefined, stopping: AbortSignal): Service {
  const { store, keys, log, version, config, prune, echo, mirror, clock = Date.now } = options
  return {
    store,
    keys,
    keyLedger: openKeyLedger(config.store.data, clock, (error) =>
      log.warn({ err: error }, 'when keys were last seen cannot be kept'),
    ),
    log,
    version,
    clock,
    prune,
    echo,
    mirrorStatus: mirror && (() => mirror.status()),
    stopping,
    metrics: createMetrics(version),
    startedMs: clock(),
    budget: byteBudget(options.inFlightBytes),
    decoding: byteGate(options.inFlightBytes / DECODING_SHARE),
    rateLimit: createRateLimit(),
    streamLimit: createStreamLimit(),
    queries: {
      heavy: queryQueue({ running: options.queryConcurrency, waiting: MAX_WAITING_HEAVY }),
      light: queryQueue({ running: MAX_RUNNING_LIGHT, waiting: MAX_WAITING_LIGHT }),
    },
    feeds: new LiveFeeds(store, liveEvent),
    listeners: [],
    storeStatus: sharedStoreStatus(store),
    tls,
    settings: settingsOf(config, options.bodyBytes),
    started: false,
    tails: 0,
  }
}

function socketPathIn({ config, log }: ServerOptions): string | undefined {
  const path = join(config.store.data, 'control.sock')
  if (fitsSocketPath(path)) return path
  log.warn({ path }, 'the path is too long for a control socket; commands reach this server over HTTP only')
  return undefined
}

async function openAll(
  { config }: ServerOptions,
  service: Service,
  socketPath: string | undefined,
): Promise<ClosableListener[]> {
  const { server } = config
  const full = routeTable([...apiRoutes, ...ingestRoutes])
  const watch = routeTable(watchRoutes)
  const plan = (address: string, kind: ListenerPlan['kind']): ListenerPlan => ({
    address,
    kind,
    tls: kind === 'http' && isSecureAddress(address) ? service.tls : undefined,
    limits: server,
    respond: (listener) => responder(service, kind === 'metrics' ? watch : full, listener),
  })
  const plans = [
    ...(socketPath === undefined ? [] : [plan(socketPath, 'control')]),
    ...server.metrics_listen.map((address) => plan(address, 'metrics')),
    ...server.listen.map((address) => plan(address, 'http')),
  ]
  const open: ClosableListener[] = []
  try {
    for (const each of plans) open.push(await openListener(each))
    for (const address of server.grpc_listen) open.push(await openGrpcListener(address, service))
    for (const each of socketListeners(config)) open.push(await each.open(service))
    return open
  } catch (error) {
    await Promise.all(open.map((listener) => listener.close()))
    throw error
  }
}

function urlsOf(open: readonly ClosableListener[], kind: ListenerPlan['kind']): string[] {
  return open.filter((listener) => listener.kind === kind).map(({ url }) => url)
}

function reload(service: Service, after: Config, { inFlightBytes, bodyBytes }: BodySizes): void {
  const { keys, heroku, ratelimit, limits, query, server, syslog, forward, tls } = after
  const config = { ...service.settings.config, keys, heroku, ratelimit, limits, query, syslog, forward }
  service.settings = settingsOf(config, bodyBytes)
  service.keys.setConfigured(keysOfConfig(after))
  void service.tls?.reload(tls)
  service.budget.resize(inFlightBytes)
  service.log.level = server.log_level
}

async function close(
  open: readonly ClosableListener[],
  stop: AbortController,
  service: Service,
  { store, config, log, mirror }: ServerOptions,
): Promise<void> {
  stop.abort()
  await removeServerFile(config.store.data)
  const answered = Promise.all(open.map((listener) => listener.close())).then(() => true)
  if (!(await within(service.settings.config.server.shutdown_timeout, answered))) {
    log.warn('requests still in flight are cut off')
    for (const listener of open) listener.cut()
    await within(CUT_GRACE_MS, answered)
  }
  service.tls?.close()
  await service.keyLedger.close()
  await mirror?.close()
  await store.close()
}

/** True when the work was done in time. */
async function within(limitMs: number, work: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs)
  })
  const inTime = await Promise.race([work, late])
  clearTimeout(timer)
  return inTime
}
