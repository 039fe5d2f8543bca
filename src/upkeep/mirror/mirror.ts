// Keeps plain daily files beside a store: every record that was acknowledged, once, as one line of JSON, for people's
// own scripts. It reads what it writes from the store, as any follower does, from a position of its own: so it cannot
// delay an acknowledgement, a slow disk costs no memory, and after a crash it goes on where it was.
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { MirrorStatus } from '../../client/answers.js'
import { messageOf } from '../../errors.js'
import type { LogRecord, StoredRecord } from '../../record/record.js'
import type { Scanner } from '../../record/scanner.js'
import type { Day } from '../../record/time.js'
import { MirrorFiles, type MirrorPaths } from './mirror-files.js'

export interface MirrorOptions {
  readonly store: Pick<Scanner, 'follow' | 'newestSequence'>
  readonly paths: MirrorPaths
  /** Where the position is kept. */
  readonly positionPath: string
  /** A record as a line, without its end. */
  readonly textOf: (record: LogRecord) => string
  readonly nowMs: () => number
  /** Told when it fails, once until it works again, and of what it could not read. */
  readonly failed: (message: string) => void
  readonly recovered: () => void
}

export interface Mirror {
  status(): Promise<MirrorStatus>
  /** Removes the files of days that the store has dropped. */
  drop(days: readonly Day[]): Promise<void>
  /** Writes what the store holds, unless that takes too long, and ends. */
  close(): Promise<void>
}

const CHECKPOINT_MS = 1_000
const CLOSE_DAYS_MS = 30_000
/** How long a stopping server waits for the last records. Whatever is left is written at the next start. */
const DRAIN_MS = 5_000
const DRAIN_POLL_MS = 20
const RETRY_MS = 1_000
const RETRY_MOST_MS = 30_000
/** As many as are turned into lines without a pause, so that requests get their turn. */
const SLICE_RECORDS = 256

/** Begins with what is stored from now on where it has no position yet. Never throws for what its disk does. */
export async function startMirror(options: MirrorOptions): Promise<Mirror> {
  const mirror = new RunningMirror(options)
  await mirror.start()
  return mirror
}

class RunningMirror implements Mirror {
  readonly #options: MirrorOptions
  readonly #files: MirrorFiles
  readonly #stop = new AbortController()
  /** Ends the reading of the moment, after a failure beside it. */
  #round = new AbortController()
  #failure: string | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #running: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #lookedMs = 0

  constructor(options: MirrorOptions) {
    this.#options = options
    this.#files = new MirrorFiles(options.paths, options.positionPath, options.textOf)
  }

  async start(): Promise<void> {
    const newest = await this.#options.store.newestSequence()
    await this.#recover(newest).catch((error: unknown) => this.#fail(error))
    this.#running = this.#run(newest)
    this.#timer = setInterval(() => void this.#tick(), CHECKPOINT_MS)
    this.#timer.unref()
  }

  async status(): Promise<MirrorStatus> {
    const behind = Math.max(0, (await this.#options.store.newestSequence()) - this.#files.through)
    const { paths } = this.#options
    const path = paths.path ?? paths.errors ?? ''
    if (this.#failure === undefined) return { path, state: 'ok', behind }
    return { path, state: 'failed', detail: this.#failure, behind }
  }

  async drop(days: readonly Day[]): Promise<void> {
    await this.#alone(() => this.#files.drop(days)).catch((error: unknown) => this.#fail(error))
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    const untilMs = performance.now() + DRAIN_MS
    while (performance.now() < untilMs && (await this.#isBehind())) await sleep(DRAIN_POLL_MS)
    this.#stop.abort()
    await this.#running
    await this.#alone(() => this.#files.checkpoint()).catch((error: unknown) => this.#fail(error))
  }

  async #isBehind(): Promise<boolean> {
    const { behind } = await this.status()
    return behind > 0 && this.#failure === undefined
  }

  async #run(newest: number): Promise<void> {
    for (let waitMs = RETRY_MS; !this.#stop.signal.aborted; waitMs = Math.min(2 * waitMs, RETRY_MOST_MS)) {
      try {
        if (this.#round.signal.aborted) await this.#recover(newest)
        const signal = AbortSignal.any([this.#stop.signal, this.#round.signal])
        const request = { where: [], sequenceAbove: this.#files.through }
        const warn = this.#options.failed
        for await (const piece of this.#options.store.follow(request, { signal, warn })) {
          await this.#write(piece, signal)
          waitMs = RETRY_MS
          this.#works()
        }
      } catch (error) {
        this.#fail(error)
      }
      await sleep(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined)
    }
  }

  async #recover(newest: number): Promise<void> {
    await this.#alone(() => this.#files.recover(newest))
    this.#round = new AbortController()
    if (this.#files.through >= (await this.#options.store.newestSequence())) this.#works()
  }

  async #write(piece: readonly StoredRecord[], signal: AbortSignal): Promise<void> {
    for (let at = 0; at < piece.length && !signal.aborted; at += SLICE_RECORDS) {
      await this.#alone(() => this.#files.append(piece.slice(at, at + SLICE_RECORDS)))
      await setImmediate()
    }
  }

  async #tick(): Promise<void> {
    if (this.#failure !== undefined) return
    const nowMs = this.#options.nowMs()
    try {
      await this.#alone(() => this.#files.checkpoint())
      if (Math.abs(nowMs - this.#lookedMs) < CLOSE_DAYS_MS) return
      this.#lookedMs = nowMs
      await this.#alone(() => this.#files.closeDays(nowMs, this.#stop.signal))
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#fail(error)
    }
  }

  /** One change of the files at a time. */
  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => undefined)
    return done
  }

  #fail(error: unknown): void {
    const isNew = this.#failure === undefined
    this.#failure = messageOf(error)
    this.#round.abort()
    if (isNew) this.#options.failed(this.#failure)
  }

  /** Only what was written after the last failure proves anything. */
  #works(): void {
    if (this.#failure === undefined || this.#round.signal.aborted) return
    this.#failure = undefined
    this.#options.recovered()
  }
}
