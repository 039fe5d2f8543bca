// Reads a data folder from outside the process that writes it, whether one is running or not: never blocks it,
// never misses a record, never sees one twice.
import { watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { errnoOf, fail } from '../../errors.js'
import type { Scanner } from '../../record/scanner.js'
import type { DayOnDisk, StoreStatus } from '../../record/store-status.js'
import { aggregate } from './aggregate.js'
import { dayStats, daysOf, daysOnDisk, labelValues } from './count-days.js'
import { Duck } from './duck.js'
import { hotFolder } from './filenames.js'
import { follow } from './follow.js'
import { checkFormat } from './format-file.js'
import { type FollowedSegment, listSegments, readOn, unread } from './hot-files.js'
import { type Manifest, loadManifest } from './manifest.js'
import { DEFAULT_OPTIONS } from './options.js'
import { PartCache } from './part-cache.js'
import { checkRequest } from '../check-request.js'
import { scan } from './scan.js'
import { statusOf } from './status.js'
import { type View, type ViewSource, answerFrom, newestSequenceOf, unsealed } from './view.js'

/** How often a follower looks where the system gives no notice of changes. Milliseconds. */
const POLL_MS = 100

export interface FolderReader extends Scanner {
  status(): Promise<StoreStatus>
  daysOnDisk(): Promise<readonly DayOnDisk[]>
}

/** Throws DATA_UNREADABLE or DATA_NEWER. */
export async function openEmbeddedReader(path: string): Promise<FolderReader> {
  await checkFormat(path)
  const { queryMemoryBytes, queryThreads, queryConcurrency, cacheBytes } = DEFAULT_OPTIONS
  const duck = new Duck({
    memoryBytes: queryMemoryBytes,
    threads: queryThreads,
    concurrency: queryConcurrency,
    spillFolder: tmpdir(),
  })
  const views = new FolderViews(path)
  const source = { duck, cache: new PartCache(path, cacheBytes) }
  const current = (): Promise<View> => views.current()
  return {
    scan: (request, options) => {
      checkRequest(request)
      return scan(views, source, request, options)
    },
    aggregate: (request, options) => aggregate(views, source, request, options),
    follow: (request, options) => follow(views, source, request, options),
    newestSequence: async () => newestSequenceOf(await current()),
    days: async () => daysOf(await current()),
    stats: (request) => answerFrom(views, (view) => dayStats(view, source.cache, request)),
    labels: (request) => answerFrom(views, (view) => labelValues(view, source.cache, request)),
    status: async () => statusOf(path, await current(), { state: 'ok', damaged: [] }),
    daysOnDisk: async () => daysOnDisk(await current()),
    close: () => {
      views.close()
      return duck.close()
    },
  }
}

/** Makes a view from the files each time; segments that it has read are read on from where they ended. */
class FolderViews implements ViewSource {
  readonly #data: string
  readonly #known = new Map<string, FollowedSegment>()
  #turn: Promise<unknown> = Promise.resolve()
  readonly #closing = new AbortController()

  constructor(data: string) {
    this.#data = data
  }

  /** One after the other: two readings at once would take the same batches in twice. */
  current(): Promise<View> {
    const view = this.#turn.then(() => this.#read())
    this.#turn = view.catch(() => undefined)
    return view
  }

  /**
   * The manifest before and after the hot folder: while it stays the same, what it does not name as sealed was
   * there to be listed.
   */
  async #read(): Promise<View> {
    for (let manifest = await loadManifest(this.#data); ;) {
      await this.#readHot(manifest)
      const after = await loadManifest(this.#data)
      if (after.generation === manifest.generation) return this.#viewOf(manifest)
      manifest = after
    }
  }

  #viewOf(manifest: Manifest): View {
    const followed = [...this.#known.values()]
    const warnings = followed
      .filter(({ damagedBytes }) => damagedBytes > 0)
      .map(
        ({ segment, damagedBytes }) =>
          `${damagedBytes} bytes of ${segment.path} are damaged; what stood there is missing`,
      )
    return {
      manifest,
      segments: unsealed(
        followed.map(({ segment }) => segment),
        manifest,
      ),
      warnings,
    }
  }

  async #readHot(manifest: Manifest): Promise<void> {
    const names = await listSegments(this.#data)
    const paths = new Set(names.map(({ path }) => path))
    for (const path of this.#known.keys()) if (!paths.has(path)) this.#known.delete(path)
    for (const [i, name] of names.entries()) {
      const next = names[i + 1]?.firstSequence ?? Number.POSITIVE_INFINITY
      if (next <= manifest.sealedThrough + 1) continue
      const followed = this.#known.get(name.path) ?? unread(name)
      this.#known.set(name.path, followed)
      await readOn(followed).catch((error: unknown) => vanishedOrUnreadable(error, name.path))
    }
  }

  async changed(sequence: number, signal: AbortSignal | undefined): Promise<boolean> {
    const signals = [this.#closing.signal, ...(signal ? [signal] : [])]
    for (;;) {
      await notice(hotFolder(this.#data), signals)
      if (signals.some(({ aborted }) => aborted)) return false
      if (newestSequenceOf(await this.current()) > sequence) return true
    }
  }

  close(): void {
    this.#closing.abort()
  }
}

function vanishedOrUnreadable(error: unknown, path: string): void {
  // Retired between listing and reading: its records are in parts, which the next view shows.
  if (errnoOf(error) === 'ENOENT') return
  if (errnoOf(error) === 'EACCES') fail('DATA_UNREADABLE', `${path} may not be read`, { cause: error })
  throw error
}

/** Resolves at a change in the folder, after a while, or when one of the signals aborts. */
function notice(folder: string, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      for (const signal of signals) signal.removeEventListener('abort', done)
      watcher?.close()
      resolve()
    }
    const timer = setTimeout(done, POLL_MS)
    for (const signal of signals) signal.addEventListener('abort', done, { once: true })
    let watcher: ReturnType<typeof watch> | undefined
    try {
      watcher = watch(folder, done)
      watcher.on('error', done)
    } catch {
      watcher = undefined
    }
  })
}
