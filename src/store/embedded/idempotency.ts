// Idempotency keys: remembered for a day, in the frames of the hot log while a batch is hot and in a small file
// per segment afterwards.
import { readFile, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errnoOf } from '../../errors.js'
import type { Appended } from '../store.js'
import { parseChecked, printChecked } from './checked-json.js'
import { type Steps, makeFolder, writeDurably } from './durable.js'
import { keysFile, keysFolder, sequenceOfName } from './filenames.js'
import type { Frame } from './frame.js'
import type { Tell } from './options.js'
import type { Segment } from './segment.js'

/** How long a key is remembered. Milliseconds. */
const REMEMBER_MS = 24 * 3_600_000
/** Beyond this many the oldest are forgotten: memory is bounded whatever senders do. */
const MAX_KEYS = 1_000_000

type KeptFrame = Pick<Frame, 'sequence' | 'records' | 'arrived' | 'key' | 'rejected'>

export class IdempotencyKeys {
  /** In the order in which they came. */
  readonly #known = new Map<string, { readonly answer: Promise<Appended>; readonly arrivedMs: number }>()

  /** The answer that was or will be given to the request with this key. */
  find(key: string, nowMs: number): Promise<Appended> | undefined {
    const known = this.#known.get(key)
    if (!known || nowMs - known.arrivedMs > REMEMBER_MS) return undefined
    return known.answer.then((answer) => ({ ...answer, repeated: true }))
  }

  /** A request that fails is forgotten, so that it can be tried again. */
  remember(key: string, arrivedMs: number, answer: Promise<Appended>): void {
    this.#known.delete(key)
    this.#known.set(key, { answer, arrivedMs })
    answer.catch(() => {
      if (this.#known.get(key)?.answer === answer) this.#known.delete(key)
    })
    for (const [oldest, { arrivedMs: arrived }] of this.#known) {
      if (this.#known.size <= MAX_KEYS && arrivedMs - arrived <= REMEMBER_MS) break
      this.#known.delete(oldest)
    }
  }

  rememberFrame({ key, arrived, sequence, records, rejected }: KeptFrame): void {
    if (key === undefined) return
    const answer = { firstSequence: sequence, accepted: records, rejected: rejected ?? 0, repeated: false }
    this.remember(key, Date.parse(arrived), Promise.resolve(answer))
  }

  /** Reads the keys of sealed segments and removes files that are past their time. */
  async load(data: string, nowMs: number, warn: Tell): Promise<void> {
    for (const path of await keysFiles(data)) {
      const kept = parseChecked(await readFile(path)) as { frames: KeptFrame[] } | undefined
      if (!kept)
        warn('idempotency keys are damaged: a retry of their batches would be stored again', { path })
      const fresh = (kept?.frames ?? []).filter(({ arrived }) => nowMs - Date.parse(arrived) <= REMEMBER_MS)
      if (fresh.length === 0) await rm(path, { force: true })
      for (const frame of fresh) this.rememberFrame(frame)
    }
  }
}

/** In the order in which their segments were written. */
async function keysFiles(data: string): Promise<string[]> {
  const names = await readdir(keysFolder(data)).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  })
  return names
    .filter((name) => sequenceOfName(name) !== undefined)
    .sort()
    .map((name) => join(keysFolder(data), name))
}

/** A file is written after its frames arrived: when it is past the time, so are they. */
async function removeForgotten(data: string, nowMs: number): Promise<void> {
  for (const path of await keysFiles(data)) {
    const { mtimeMs } = await stat(path)
    if (nowMs - mtimeMs > REMEMBER_MS) await rm(path, { force: true })
  }
}

/** Keeps the keys of a segment that is about to be retired, and removes files that are past their time. */
export async function keepKeys(steps: Steps, data: string, segment: Segment): Promise<void> {
  const frames = segment.batches
    .map(({ frame }) => frame)
    .filter(({ key }) => key !== undefined)
    .map(({ sequence, records, arrived, key, rejected }): KeptFrame => ({
      sequence,
      records,
      arrived,
      key,
      rejected,
    }))
  if (frames.length === 0) return
  await makeFolder(keysFolder(data))
  await writeDurably(steps, 'keys', keysFile(data, segment.firstSequence), printChecked({ frames }))
  await removeForgotten(data, Date.now())
}
