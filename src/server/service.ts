// What every handler of one running server shares: the store, the keys, the settings of the moment, the counters.
import { decodeRules } from './decode-rules.js'
import type { Logger } from 'pino'
import type { MirrorStatus } from '../client/answers.js'
import { cidrMatcher } from '../config/address.js'
import type { Config } from '../config/schema.js'
import type { Scope } from '../config/sections/ingest.js'
import type { DecodeLimits } from '../decode/decoded.js'
import type { LogRecord } from '../record/record.js'
import type { StoreStatus } from '../record/store-status.js'
import type { Store } from '../store/store.js'
import type { PruneFunction } from './api/prune.js'
import type { ByteBudget } from './byte-budget.js'
import type { Drain } from './drain-keys.js'
import { drainsOf } from './drain-keys.js'
import type { ErrorStyle } from './error-style.js'
import type { Exchange, Listener } from './exchange.js'
import type { StreamLimit } from './ingest/stream-limit.js'
import type { ByteGate } from './gate.js'
import type { KeyLedger } from './key-ledger.js'
import type { KeyRing } from './keys.js'
import type { LiveFeeds } from './live-feeds.js'
import type { Metrics } from './metrics.js'
import type { QueryQueue } from './query-queue.js'
import type { RateLimit } from './rate-limit.js'
import type { ServerTls } from './tls/server-tls.js'

/** What follows from the configuration; replaced as a whole when it is read again. */
export interface Settings {
  readonly config: Config
  readonly isTrustedProxy: (address: string) => boolean
  readonly isOpenTo: (address: string) => boolean
  /** Heroku's, by their token. */
  readonly drains: ReadonlyMap<string, Drain>
  /** Whose messages the doors that know no keys take, by door. */
  readonly allows: Readonly<Record<'syslog' | 'forward', (address: string) => boolean>>
  readonly labelKeys: ReadonlySet<string>
  readonly decodeLimits: DecodeLimits
  /** The largest request body, decompressed. */
  readonly bodyBytes: number
}

export function settingsOf(config: Config, bodyBytes: number): Settings {
  const { server } = config
  const { labelKeys, limits } = decodeRules(config)
  return {
    config,
    bodyBytes,
    isTrustedProxy: cidrMatcher(server.trusted_proxies),
    isOpenTo: cidrMatcher(server.open_to),
    drains: drainsOf(config),
    allows: { syslog: cidrMatcher(config.syslog.allow), forward: cidrMatcher(config.forward.allow) },
    labelKeys,
    decodeLimits: limits,
  }
}

/** A listener that is open, with its connections of the moment. */
export interface OpenListener extends Listener {
  /** `http://127.0.0.1:8080`, or the path of the socket. */
  readonly url: string
  readonly connections: () => number
}

export interface Service {
  readonly store: Store
  readonly keys: KeyRing
  readonly keyLedger: KeyLedger
  readonly log: Logger
  readonly metrics: Metrics
  readonly version: string
  /** Milliseconds since the epoch. */
  readonly startedMs: number
  readonly clock: () => number
  /** Bytes of all request bodies that are being received or worked on. */
  readonly budget: ByteBudget
  /** Lets bodies become records, few bytes at a time. */
  readonly decoding: ByteGate
  readonly rateLimit: RateLimit
  readonly streamLimit: StreamLimit
  /** Queries of Loki's API: those that read lines, and those that are told from counts. */
  readonly queries: { readonly heavy: QueryQueue; readonly light: QueryQueue }
  /** What live tails read. */
  readonly feeds: LiveFeeds
  readonly listeners: OpenListener[]
  readonly prune: PruneFunction | undefined
  /** Sees every record once it is stored. */
  readonly echo: ((records: readonly LogRecord[]) => void) | undefined
  /** Undefined where no mirror is written. */
  readonly mirrorStatus: (() => Promise<MirrorStatus>) | undefined
  /** Aborts when the server begins to stop. */
  readonly stopping: AbortSignal
  /** One look at the store, shared by all who ask at the same time. */
  readonly storeStatus: () => Promise<StoreStatus>
  /** Undefined where no listener speaks TLS. */
  readonly tls: ServerTls | undefined
  settings: Settings
  /** False until all listeners are open. */
  started: boolean
  /** Live tails of the moment. */
  tails: number
}

/**
 * One row of the table of routes. `open` asks for no key; `local` is for loopback peers, the control socket and
 * the metrics listener.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'OPTIONS'
  /** `{name}` in it stands for any one part. */
  readonly path: string
  readonly scope: 'open' | 'local' | Scope
  /** How refusals are written. */
  readonly errors: ErrorStyle
  readonly handle: (exchange: Exchange, service: Service) => Promise<void>
  /** Told of every refusal after the route was found, before it is answered. */
  readonly failed?: (failure: Failure, exchange: Exchange, service: Service) => void
}

export interface Failure {
  readonly status: number
  /** For `logctl_ingest_refused_total`. */
  readonly reason: string
}
