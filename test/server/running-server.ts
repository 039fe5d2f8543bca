// Starts a real server on a free port of loopback over a store in memory, and speaks to it.
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { Config } from '#logctl/config/schema.js'
import { configSchema } from '#logctl/config/schema.js'
import type { Key, KeyRing } from '#logctl/server/keys.js'
import { createLog } from '#logctl/server/own-log.js'
import type { RunningServer, ServerOptions } from '#logctl/server/serve.js'
import { startServer } from '#logctl/server/serve.js'
import type { MemoryStore } from '../laws/memory-store.js'
import { memoryStore } from '../laws/memory-store.js'

export interface Running {
  readonly server: RunningServer
  readonly store: MemoryStore
  readonly url: string
  readonly dataDir: string
  /** What the server logged, as JSON lines. */
  readonly log: string[]
  readonly config: Config
}

export interface Wanted {
  /** Sections of the configuration, as in its file. */
  readonly config?: Record<string, Record<string, unknown>>
  readonly keys?: readonly Key[]
  readonly options?: Partial<ServerOptions>
  /** Records that one piece of a scan holds. */
  readonly pieceSize?: number
}

/** Stops when the test is over, or when `atEnd` says. */
export async function runServer(
  { config = {}, keys = [], options = {}, pieceSize }: Wanted = {},
  atEnd: (stop: () => Promise<void>) => void = onTestFinished,
): Promise<Running> {
  const dataDir = await mkdtemp(join(tmpdir(), 'logctl-server-'))
  const store = memoryStore(pieceSize)
  const log: string[] = []
  const resolved = configOf(config, dataDir)
  const server = await startServer({
    config: resolved,
    store,
    keys: ringOf(keys),
    log: createLog('debug', lineSink(log)),
    version: '1.2.3',
    inFlightBytes: 64 * 1024 * 1024,
    bodyBytes: resolved.limits.body === 'auto' ? 100 * 1024 * 1024 : resolved.limits.body,
    queryConcurrency: 2,
    ...options,
  })
  atEnd(async () => {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  return { server, store, url: server.urls[0] ?? '', dataDir, log, config: resolved }
}

export function configOf(sections: Record<string, Record<string, unknown>>, dataDir: string): Config {
  const server = { listen: ['127.0.0.1:0'], shutdown_timeout: '2s', ...sections['server'] }
  const parsed = configSchema.parse({ ...sections, server })
  return { ...parsed, keys: [], store: { ...parsed.store, data: dataDir } } as unknown as Config
}

/** The text of a key is its name. */
export function ringOf(keys: readonly Key[]): KeyRing {
  return {
    find: (presented) => keys.find(({ name }) => name === presented),
    isEmpty: () => keys.length === 0,
    setConfigured: () => {},
  }
}

export function keyNamed(name: string, rest: Partial<Key> = {}): Key {
  return {
    id: `id-${name}`,
    name,
    tenant: undefined,
    scopes: new Set(['ingest', 'read', 'admin']),
    limits: {},
    ...rest,
  }
}

export function bearer(name: string): { authorization: string } {
  return { authorization: `Bearer ${name}` }
}

/** One NDJSON line each. */
export function ndjson(...events: readonly object[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

export function post(url: string, path: string, body: string | Buffer, headers: Record<string, string> = {}) {
  return fetch(`${url}${path}`, { method: 'POST', body, headers })
}

export interface Held {
  /** Resolves when an append waits. */
  readonly waiting: Promise<void>
  readonly release: () => void
}

/** Makes every append of the store wait until released. */
export function holdAppends(store: MemoryStore): Held {
  const waiting = deferred()
  const released = deferred()
  store.beforeAppend = () => {
    waiting.resolve()
    return released.promise
  }
  return { waiting: waiting.promise, release: released.resolve }
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  const handle = new EventTarget()
  const promise = new Promise<void>((resolve) => handle.addEventListener('resolve', () => resolve()))
  return { promise, resolve: () => void handle.dispatchEvent(new Event('resolve')) }
}

/** A bare connection, for what no HTTP client would send. */
export interface Wire {
  readonly socket: Socket
  send(text: string | Buffer): void
  /** Everything received so far. */
  received(): string
  /** Resolves when what was received matches; rejects after ten seconds. */
  until(pattern: RegExp): Promise<string>
  closed: Promise<void>
}

export function wire(url: string): Wire {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  return {
    socket,
    send: (what) => void socket.write(what),
    received: () => text,
    until: (pattern) => eventually(() => (pattern.test(text) ? text : undefined), `${pattern} in ${text}`),
    closed: new Promise((resolve) => {
      socket.once('close', () => resolve())
    }),
  }
}

/** Asks again until there is a value; rejects after ten seconds. */
export async function eventually<Value>(
  ask: () => Value | undefined | Promise<Value | undefined>,
  what = '',
): Promise<Value> {
  const untilMs = Date.now() + 10_000
  for (;;) {
    const value = await ask()
    if (value !== undefined && value !== false) return value
    if (Date.now() > untilMs) throw new Error(`never came: ${what}`)
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
  }
}

function lineSink(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...chunk.toString().split('\n').filter(Boolean))
      done()
    },
  })
}
