// Runs the server until it is told to stop: opens store and keys, says where it listens, follows signals.
import { setFlagsFromString } from 'node:v8'
import type { Config } from '../config/schema.js'
import type { LogRecord } from '../record/record.js'
import { recordToJson } from '../record/record.js'
import { keysOfConfig } from '../server/drain-keys.js'
import { openKeyRing } from '../server/keys.js'
import { ownLog } from '../server/own-log.js'
import { type RunningServer, startServer } from '../server/serve.js'
import type { Store } from '../store/store.js'
import { startAutoPrune } from '../upkeep/auto-prune.js'
import type { Mirror } from '../upkeep/mirror/mirror.js'
import { type Prunable, prune, rehearsePrune } from '../upkeep/prune.js'
import type { GlobalFlags } from './global-flags.js'
import { openMirror, prunable } from './open-mirror.js'
import { reloadConfig } from './reload-config.js'
import type { Session } from './session.js'
import { machineSizes, storeOptions } from './store-options.js'
import type { World } from './world.js'

export interface ServeOptions {
  readonly version: string
  /** As given, for reading the configuration again. */
  readonly flags: GlobalFlags
}

const PRUNE_EVERY_MS = 3_600_000

/**
 * How far the heap may grow before all of it is collected, as a share of what lived through the last collection. V8
 * counts the bytes of requests to it, which die young: by its own measure a fifth of ingest's work was such collections.
 */
const HEAP_GROWTH_PERCENT = 100

type OwnLog = ReturnType<typeof ownLog>

/** What runs, and its configuration of the moment. */
export interface Serving {
  config: Config
  readonly server: RunningServer
  readonly log: OwnLog
}

/** Resolves when the server has stopped. */
export async function serve(session: Session, { version, flags }: ServeOptions): Promise<void> {
  const { world, loaded } = session
  world.takeSignals()
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`)
  const log = logOf(loaded.config, world)
  const stopped = stopSignal()
  const store = await openStore(loaded.config, log)
  const mirror = await openMirror(loaded.config, store, {
    nowMs: world.nowMs,
    failed: (reason) => log.error({ reason }, 'the mirror cannot be written; ingestion goes on'),
    recovered: () => log.info('the mirror is written again'),
  })
  const pruned = prunable(store, mirror && ((days) => mirror.drop(days)))
  const serving = await start({ session, store, mirror, pruned, log, version })
  const { urls, metricsUrls, grpcUrls, socketUrls } = serving.server
  for (const url of [...urls, ...metricsUrls, ...grpcUrls, ...socketUrls])
    world.stderr.write(`listening on ${url}\n`)
  const onHangup = (): void => void reloadConfig(serving, flags, world)
  process.on('SIGHUP', onHangup)
  const stopPruning = autoPrune(serving, pruned, world)
  log.info({ signal: await stopped }, 'stopping')
  process.off('SIGHUP', onHangup)
  await stopPruning()
  await serving.server.close()
}

function logOf({ server }: Config, { stderr, env }: World): OwnLog {
  const isTerminal = stderr.isTTY
  return ownLog({
    level: server.log_level,
    format: server.log_format,
    isTerminal,
    colour: isTerminal && !env['NO_COLOR'],
  })
}

async function openStore(config: Config, log: OwnLog): Promise<Store> {
  const { openEmbeddedStore } = await import('../store/embedded/index.js')
  const told = {
    log: (message: string, detail: object = {}): void => log.info(detail, message),
    warn: (message: string, detail: object = {}): void => log.warn(detail, message),
  }
  return openEmbeddedStore(storeOptions(config, machineSizes(config), told))
}

interface Opened {
  readonly session: Session
  readonly store: Store
  readonly mirror: Mirror | undefined
  /** The store, with its days in the mirror. */
  readonly pruned: Prunable
  readonly log: OwnLog
  readonly version: string
}

async function start({ session: { loaded, world }, ...opened }: Opened): Promise<Serving> {
  const { store, mirror, pruned, log, version } = opened
  const { config } = loaded
  const dataFolder = config.store.data
  try {
    const keys = openKeyRing({
      dataFolder,
      configured: keysOfConfig(config),
      nowMs: world.nowMs,
      onDamage: (failure) =>
        log.error({ err: failure }, 'keys.json cannot be read; the keys stay as they were'),
    })
    const { inFlightBytes, bodyBytes, queryConcurrency } = machineSizes(config)
    const server = await startServer({
      config,
      store,
      mirror,
      keys,
      log,
      version,
      inFlightBytes,
      bodyBytes,
      queryConcurrency,
      prune: async ({ olderThanMs = serving.config.retention.age, dryRun, force }) => {
        const request = { olderThanMs, force, nowMs: world.nowMs() }
        return dryRun ? rehearsePrune(pruned, request) : prune(pruned, request)
      },
      echo: config.server.echo ? echoTo(world.stdout) : undefined,
    })
    const serving: Serving = { config, server, log }
    return serving
  } catch (error) {
    await mirror?.close()
    await store.close()
    throw error
  }
}

/** Whoever reads the echo may go away; the server goes on. */
function echoTo(stdout: World['stdout']): (records: readonly LogRecord[]) => void {
  let isRead = true
  stdout.on('error', () => (isRead = false))
  return (records) => {
    if (isRead) stdout.write(records.map((record) => `${recordToJson(record)}\n`).join(''))
  }
}

function autoPrune(serving: Serving, store: Prunable, { nowMs }: World): () => Promise<void> {
  return startAutoPrune({
    store,
    nowMs,
    everyMs: PRUNE_EVERY_MS,
    ageMs: () => (serving.config.retention.auto ? serving.config.retention.age : undefined),
    pruned: ({ dropped, bytes }) =>
      serving.log.info({ days: dropped.map(({ day }) => day), bytes }, 'pruned'),
    failed: (message) => serving.log.warn({ reason: message }, 'pruning failed'),
  })
}

/** The first signal; after it a second one ends the process at once, as signals do. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals): void => {
      process.off('SIGTERM', stop).off('SIGINT', stop)
      resolve(signal)
    }
    process.on('SIGTERM', stop).on('SIGINT', stop)
  })
}
