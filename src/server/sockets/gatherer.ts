// Gathers what comes in by sockets, a message at a time, into batches for the store. What waits is bounded: whoever
// can be held back waits for room, and while the store refuses, the batch at hand is tried again and again.
import { setTimeout as sleep } from 'node:timers/promises'
import { LogctlError, messageOf } from '../../errors.js'

/** A message takes so much more memory than its bytes. */
const OVERHEAD_BYTES = 256
const RETRY_MS = 1000

export interface GathererOptions<Item> {
  /** Items that a batch holds at most. */
  readonly size: () => number
  /** How long a batch that is not full waits for more. Milliseconds. */
  readonly waitMs: number
  /** What may wait. A single item may be larger. Bytes. */
  readonly limitBytes: number
  /** Makes records of a batch; gives the work that stores them, which is tried until it is done. */
  readonly prepare: (items: readonly Item[]) => () => Promise<unknown>
  /** Told of every failure; with `isLost` the batch is given up. */
  readonly failed: (error: LogctlError, items: readonly Item[], isLost: boolean) => void
}

export interface Gatherer<Item> {
  add(item: Item, bytes: number): void
  readonly isFull: boolean
  /** Why the store takes nothing at the moment. */
  readonly refusal: LogctlError | undefined
  /** Resolves when there is room again. */
  room(): Promise<void>
  /** Resolves when nothing waits. */
  settled(): Promise<void>
  /** Gives up what waits; gives how many items that were. */
  abandon(): number
}

interface Waiting<Item> {
  readonly item: Item
  readonly bytes: number
}

/** Failures that pass. */
const PASSING: ReadonlySet<string> = new Set(['DISK_FULL', 'STORE_FAILED', 'OVERLOADED'])

export function createGatherer<Item>(options: GathererOptions<Item>): Gatherer<Item> {
  let waiting: Waiting<Item>[] = []
  let bytes = 0
  let isRunning = false
  let refusal: LogctlError | undefined
  const abandoned = new AbortController()
  let forRoom: (() => void)[] = []
  let forSettled: (() => void)[] = []
  const note = (error: LogctlError | undefined): void => {
    refusal = error
  }
  const run = async (): Promise<void> => {
    isRunning = true
    while (waiting.length > 0) {
      if (waiting.length < options.size()) await pause(options.waitMs, abandoned.signal)
      const batch = waiting.slice(0, options.size())
      waiting = waiting.slice(batch.length)
      if (batch.length > 0)
        await storeBatch(
          batch.map(({ item }) => item),
          options,
          abandoned.signal,
          note,
        )
      bytes -= batch.reduce((sum, each) => sum + each.bytes, 0)
      if (bytes <= options.limitBytes / 2) forRoom = wake(forRoom)
    }
    isRunning = false
    forRoom = wake(forRoom)
    forSettled = wake(forSettled)
  }

  return {
    add(item, itemBytes) {
      const size = itemBytes + OVERHEAD_BYTES
      waiting.push({ item, bytes: size })
      bytes += size
      if (!isRunning) void run()
    },
    get isFull() {
      return bytes >= options.limitBytes
    },
    get refusal() {
      return refusal
    },
    room: () => (bytes < options.limitBytes ? Promise.resolve() : new Promise((done) => forRoom.push(done))),
    settled: () => (isRunning ? new Promise((done) => forSettled.push(done)) : Promise.resolve()),
    abandon() {
      const lost = waiting.length
      waiting = []
      abandoned.abort()
      return lost
    },
  }
}

/** Tries until it is done, given up, or of no use. */
async function storeBatch<Item>(
  items: readonly Item[],
  { prepare, failed }: GathererOptions<Item>,
  abandoned: AbortSignal,
  note: (refusal: LogctlError | undefined) => void,
): Promise<void> {
  let work: (() => Promise<unknown>) | undefined
  while (!abandoned.aborted) {
    try {
      work ??= prepare(items)
      await work()
      return note(undefined)
    } catch (thrown) {
      const error = failureOf(thrown)
      const isLost = !PASSING.has(error.code)
      note(isLost ? undefined : error)
      failed(error, items, isLost)
      if (isLost) return
      await pause((error.retryAfterS ?? 0) * 1000 || RETRY_MS, abandoned)
    }
  }
  failed(new LogctlError('STOPPING', 'the server is stopping'), items, true)
}

/** Ends early where all is given up. */
async function pause(ms: number, abandoned: AbortSignal): Promise<void> {
  await sleep(Math.min(ms, RETRY_MS), undefined, { signal: abandoned }).catch(() => {})
}

function failureOf(thrown: unknown): LogctlError {
  if (thrown instanceof LogctlError) return thrown
  return new LogctlError('BUG', `a mistake in logctl: ${messageOf(thrown)}`, { cause: thrown })
}

function wake(all: readonly (() => void)[]): (() => void)[] {
  for (const each of all) each()
  return []
}
