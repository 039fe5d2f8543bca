// The embedded store as its one writer sees it: appends to the hot log, hands closed segments to the sealer, and
// answers from both.
import { fail, messageOf } from '../../errors.js'
import type {
  DayStats,
  FollowRequest,
  LabelsRequest,
  ScanOptions,
  StatsRequest,
} from '../../record/scanner.js'
import type { AggregateAnswer, AggregateRequest } from '../../record/aggregate-request.js'
import type { ScanRequest } from '../../record/scan-request.js'
import type { StoredRecord } from '../../record/record.js'
import type { Day } from '../../record/time.js'
import type { DayOnDisk, StoreStatus } from '../../record/store-status.js'
import type { AppendBatch, Appended, Store } from '../store.js'
import { aggregate } from './aggregate.js'
import { dayStats, daysOf, daysOnDisk, labelValues } from './count-days.js'
import { Duck } from './duck.js'
import type { Steps } from './durable.js'
import { follow } from './follow.js'
import { diskSpace } from './free-space.js'
import { HotWriter } from './hot-writer.js'
import { IdempotencyKeys } from './idempotency.js'
import type { Lock } from './lock.js'
import type { EmbeddedOptions } from './options.js'
import { PartCache } from './part-cache.js'
import { checkRequest } from '../check-request.js'
import { scan } from './scan.js'
import type { PartSource } from './readable-parts.js'
import { Scrub } from './scrub.js'
import type { Sealer } from './sealer.js'
import { statusOf } from './status.js'
import { type View, type ViewSource, answerFrom, newestSequenceOf, unsealed } from './view.js'

/** How often free space and the age of the open segment are looked at. Milliseconds. */
const WATCH_MS = 1_000

export interface StoreParts {
  readonly options: EmbeddedOptions
  readonly steps: Steps
  readonly lock: Lock
  readonly cache: PartCache
  readonly sealer: Sealer
  readonly sealDuck: Duck
  readonly queryDuck: Duck
  readonly hot: HotWriter
  readonly keys: IdempotencyKeys
}

export class EmbeddedStore implements Store {
  readonly #parts: StoreParts
  readonly #source: PartSource
  readonly #views: ViewSource
  readonly #watch: NodeJS.Timeout
  readonly #scrub: Scrub
  #scrubbedMs = Date.now()
  #full: string | undefined
  #closing = false

  constructor(parts: StoreParts) {
    this.#parts = parts
    this.#scrub = new Scrub(parts.cache, parts.options.warn)
    this.#source = { duck: parts.queryDuck, cache: parts.cache }
    this.#views = {
      current: () => Promise.resolve(this.#view()),
      changed: (sequence, signal) => parts.hot.grown(sequence, signal),
    }
    this.#watch = setInterval(() => void this.#look(), WATCH_MS)
    this.#watch.unref()
    void this.#look()
  }

  append(batch: AppendBatch): Promise<Appended> {
    const { keys } = this.#parts
    const key = batch.idempotencyKey
    const now = Date.now()
    const known = key === undefined ? undefined : keys.find(key, now)
    if (known) return known
    const answer = this.#append(batch)
    if (key !== undefined) keys.remember(key, now, answer)
    return answer
  }

  async #append(batch: AppendBatch): Promise<Appended> {
    const { hot, sealer, options } = this.#parts
    if (this.#closing) fail('STOPPING', 'the store is closing', { retryAfterS: 5 })
    if (this.#full !== undefined) fail('DISK_FULL', this.#full, { retryAfterS: 30 })
    if (sealer.waiting.length >= options.maxWaitingSegments)
      fail('OVERLOADED', `${sealer.waiting.length} segments wait to be sealed`, { retryAfterS: 2 })
    const { rejected = 0 } = batch
    if ((batch.scanned?.count ?? batch.records.length) > 0) return hot.append(batch)
    return { firstSequence: newestSequenceOf(this.#view()) + 1, accepted: 0, rejected, repeated: false }
  }

  scan(request: ScanRequest, options?: ScanOptions): AsyncIterable<readonly StoredRecord[]> {
    checkRequest(request)
    return scan(this.#views, this.#source, request, options)
  }

  aggregate(request: AggregateRequest, options?: ScanOptions): Promise<AggregateAnswer> {
    return aggregate(this.#views, this.#source, request, options)
  }

  follow(request: FollowRequest, options?: ScanOptions): AsyncIterable<readonly StoredRecord[]> {
    return follow(this.#views, this.#source, request, options)
  }

  newestSequence(): Promise<number> {
    return Promise.resolve(newestSequenceOf(this.#view()))
  }

  days(): Promise<readonly Day[]> {
    return Promise.resolve(daysOf(this.#view()))
  }

  stats(request: StatsRequest): Promise<DayStats | undefined> {
    return answerFrom(this.#views, (view) => dayStats(view, this.#parts.cache, request))
  }

  labels(request: LabelsRequest): Promise<Readonly<Record<string, readonly string[]>>> {
    return answerFrom(this.#views, (view) => labelValues(view, this.#parts.cache, request))
  }

  daysOnDisk(): Promise<readonly DayOnDisk[]> {
    return Promise.resolve(daysOnDisk(this.#view()))
  }

  /** What is hot of the days is sealed first. Their files are gone when it resolves: whoever prunes wants the space. */
  async drop(days: readonly Day[]): Promise<readonly DayOnDisk[]> {
    const wanted = new Set(days)
    const failed = await this.seal().then(
      () => false,
      () => true,
    )
    const dropped = daysOnDisk(this.#view()).filter(({ day }) => wanted.has(day))
    if (dropped.length > 0) await this.#parts.sealer.drop(new Set(dropped.map(({ day }) => day)))
    if (!failed) return dropped
    // A disk too full to seal is a reason to prune: now there may be space for what was hot.
    await this.seal()
    await this.#parts.sealer.drop(wanted)
    return dropped
  }

  async seal(): Promise<void> {
    const { hot, sealer } = this.#parts
    await hot.closeSegment()
    await sealer.run()
    if (sealer.failure !== undefined) fail('STORE_FAILED', `sealing failed: ${sealer.failure}`)
  }

  status(): Promise<StoreStatus> {
    const { sealer, options } = this.#parts
    const failure = this.#full ?? sealer.failure
    const state = this.#full !== undefined ? 'full' : failure === undefined ? 'ok' : 'failed'
    return statusOf(options.path, this.#view(), { state, detail: failure, damaged: this.#scrub.damaged })
  }

  async close(): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    clearInterval(this.#watch)
    const { hot, sealer, sealDuck, queryDuck, lock } = this.#parts
    await hot.close()
    await sealer.close()
    await sealDuck.close()
    await queryDuck.close()
    lock.release()
  }

  #view(): View {
    const { sealer, hot } = this.#parts
    return {
      manifest: sealer.manifest,
      segments: unsealed([...sealer.waiting, ...hot.segments], sealer.manifest),
      warnings: [],
    }
  }

  async #look(): Promise<void> {
    const { options, hot, sealer } = this.#parts
    try {
      const { freeBytes } = await diskSpace(options.path)
      const full = freeBytes < options.minFreeBytes
      if (full && this.#full === undefined)
        options.warn('the disk is nearly full; ingestion is refused', { freeBytes })
      if (!full && this.#full !== undefined)
        options.log('there is space again; ingestion goes on', { freeBytes })
      this.#full = full ? `${freeBytes} bytes are free, ${options.minFreeBytes} must be` : undefined
      const now = Date.now()
      await hot.closeIfOld(now)
      if (Math.abs(now - this.#scrubbedMs) < options.scrubMs) return
      this.#scrubbedMs = now
      await this.#scrub.checkNext(sealer.manifest)
    } catch (error) {
      options.warn('watching the store failed', { error: messageOf(error) })
    }
  }
}
