// Works off closed segments in the background, one at a time and in order, and merges small parts when there is
// nothing to seal. It owns the manifest: every change to it goes through here.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LogctlError, errnoOf, messageOf } from '../../errors.js'
import type { Day } from '../../record/time.js'
import type { Duck } from './duck.js'
import type { Steps } from './durable.js'
import { keepKeys } from './idempotency.js'
import { LiveManifest } from './live-manifest.js'
import type { Change, Manifest } from './manifest.js'
import { type MergeContext, chooseParts, mergeParts } from './merge.js'
import type { Tell } from './options.js'
import type { Part } from './part.js'
import type { PartCache } from './part-cache.js'
import { sealSegment } from './seal.js'
import type { Segment } from './segment.js'
import { removeDayFolder, removeUnnamed } from './tidy.js'

export interface SealerOptions {
  readonly data: string
  readonly steps: Steps
  readonly duck: Duck
  readonly cache: PartCache
  readonly rowGroupRows: number
  readonly compressionLevel: number
  readonly segmentBytes: number
  readonly merge: boolean
  /** How long files that were replaced stay for readers that still know them. Milliseconds. */
  readonly lingerMs: number
  readonly log: Tell
  readonly warn: Tell
}

/** After a failure the next try waits this long. Milliseconds. */
const RETRY_MS = 5_000

export class Sealer {
  /** What keeps the disk from being as it should be; undefined when nothing does. */
  failure: string | undefined
  readonly #options: SealerOptions
  readonly #live: LiveManifest
  readonly #waiting: Segment[] = []
  readonly #lingering = new Map<NodeJS.Timeout, () => Promise<void>>()
  /** Days whose small parts were looked at and cannot be merged, until they change. */
  readonly #unmergeable = new Map<Day, string>()
  #work: Promise<void> = Promise.resolve()
  #retry: NodeJS.Timeout | undefined
  /** Whether a failed change has left files that nothing names. */
  #leftOvers = false
  #closed = false

  constructor(manifest: Manifest, options: SealerOptions) {
    this.#options = options
    this.#live = new LiveManifest(options.steps, options.data, manifest)
  }

  get manifest(): Manifest {
    return this.#live.current
  }

  /** Closed segments that are not sealed yet, oldest first. */
  get waiting(): readonly Segment[] {
    return this.#waiting
  }

  /** Takes a closed segment; sealing happens in the background. */
  add(segment: Segment): void {
    this.#waiting.push(segment)
    void this.run()
  }

  /** Resolves when everything that waited is sealed, or could not be: then `failure` says why. */
  run(): Promise<void> {
    return this.#exclusively(async () => {
      try {
        await this.#repair()
        while (this.#waiting.length > 0 && !this.#closed) await this.#sealNext()
        this.failure = undefined
        if (this.#options.merge && !this.#closed) await this.#mergeSome()
      } catch (error) {
        this.#fail(error)
      }
    })
  }

  /** Takes days out; their files are gone when it resolves. Nothing is sealed meanwhile: it might be of these days. */
  drop(days: ReadonlySet<Day>): Promise<void> {
    const { cache, data, steps } = this.#options
    return this.#exclusively(async () => {
      try {
        await this.#repair()
        const entries = [...days].flatMap((day) => this.manifest.days[day] ?? [])
        // A day whose manifest is damaged can be dropped as well: its folder is emptied in any case.
        const dropped = await Promise.all(entries.map((entry) => cache.day(entry).catch(() => undefined)))
        await this.#publish({ days: new Map(), drop: days })
        this.#leftOvers = true
        for (const part of dropped.flatMap((day) => day?.parts ?? []))
          await removePart(steps, data, part, 'drop.part')
        for (const day of days) await removeDayFolder(data, day)
        this.#leftOvers = false
      } catch (error) {
        this.#fail(error)
        throw new LogctlError('STORE_FAILED', `dropping days failed: ${messageOf(error)}`, { cause: error })
      }
    })
  }

  /** Waits for the work at hand; what waits stays in the hot log. Files that linger are removed at the next start. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#work
    clearTimeout(this.#retry)
    for (const timer of this.#lingering.keys()) clearTimeout(timer)
  }

  /** Removes files that the live manifest does not name any more, once no reader can still want them. */
  retire(remove: () => Promise<void>): void {
    const timer = setTimeout(() => {
      this.#lingering.delete(timer)
      remove().catch((error: unknown) =>
        this.#options.warn('a retired file stays', { error: messageOf(error) }),
      )
    }, this.#options.lingerMs)
    timer.unref()
    this.#lingering.set(timer, remove)
  }

  #exclusively<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#work.then(act)
    this.#work = result.then(
      () => undefined,
      () => undefined,
    )
    return result
  }

  #fail(error: unknown): void {
    this.failure = messageOf(error)
    if (this.#closed) return
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => void this.run(), RETRY_MS)
    this.#retry.unref()
  }

  /** Brings to an end what an earlier failure left half done. */
  async #repair(): Promise<void> {
    await this.#live.settle()
    if (!this.#leftOvers) return
    await removeUnnamed(this.#options.data, this.manifest)
    this.#leftOvers = false
  }

  async #publish(change: Change): Promise<void> {
    const before = this.manifest
    const { data } = this.#options
    await this.#live.publish(change).finally(() => {
      if (!this.#live.settled) this.#leftOvers = true
    })
    for (const [day, { file }] of Object.entries(before.days))
      if (this.manifest.days[day as Day]?.file !== file)
        this.retire(() => rm(join(data, file), { force: true }))
  }

  async #sealNext(): Promise<void> {
    const segment = this.#waiting[0] as Segment
    // A change that went live before it failed has sealed the segment already.
    if (segment.lastSequence > this.manifest.sealedThrough)
      await this.#seal(segment).catch((error: unknown) => {
        this.#options.warn('sealing failed; the segment stays in the hot log', {
          segment: segment.path,
          error: messageOf(error),
        })
        throw error
      })
    this.#waiting.shift()
    segment.release()
    this.#retireSegment(segment.path)
  }

  /** Takes the path alone: what waits to be removed must not keep the segment's bytes in memory. */
  #retireSegment(path: string): void {
    const { steps } = this.#options
    this.retire(() => steps.take('retire.segment', () => rm(path, { force: true })))
  }

  async #seal(segment: Segment): Promise<void> {
    const { steps, data, log } = this.#options
    const started = performance.now()
    const change = await sealSegment(this.#options, segment, this.manifest.nextPart)
    await keepKeys(steps, data, segment)
    await this.#publish(change)
    log('sealed a segment', {
      segment: segment.firstSequence,
      bytes: segment.bytes,
      days: change.days.size,
      ms: Math.round(performance.now() - started),
    })
  }

  async #mergeSome(): Promise<void> {
    const { cache, segmentBytes } = this.#options
    for (const day of (Object.keys(this.manifest.days) as Day[]).sort()) {
      const entry = this.manifest.days[day]
      if (!entry || entry.parts < 2 || this.#unmergeable.get(day) === entry.file) continue
      const parts = chooseParts((await cache.day(entry)).parts, segmentBytes)
      const merged =
        parts &&
        (await this.#merge(day, parts).catch((error: unknown) => {
          this.#options.warn('merging failed; the parts stay as they are', { day, error: messageOf(error) })
          // What the disk refused is tried again; what is wrong with the parts themselves stays wrong.
          if (!(error instanceof LogctlError) && errnoOf(error) !== undefined) throw error
        }))
      if (!merged) this.#unmergeable.set(day, entry.file)
      if (this.#waiting.length > 0 || this.#closed) return
    }
  }

  async #merge(day: Day, parts: readonly Part[]): Promise<boolean> {
    const context: MergeContext = this.#options
    const change = await mergeParts(context, day, parts, this.manifest.nextPart)
    if (!change) return false
    await this.#publish(change)
    const { steps, data, log } = this.#options
    const replaced = change.days.get(day)?.remove ?? new Set()
    for (const part of parts.filter(({ id }) => replaced.has(id)))
      this.retire(() => removePart(steps, data, part, 'retire.part'))
    log('merged small parts', { day, parts: replaced.size })
    return true
  }
}

export async function removePart(
  steps: Steps,
  data: string,
  part: Part,
  step: 'retire.part' | 'drop.part',
): Promise<void> {
  await steps.take(step, async () => {
    for (const { file } of [part.parquet, part.side, part.words]) await rm(join(data, file), { force: true })
  })
}
