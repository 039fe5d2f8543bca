// The hot log as its owner sees it: orders go to the writing thread, and promises settle when the bytes are on
// disk. It knows nothing of what the bytes mean.
import { Worker } from 'node:worker_threads'
import { LogctlError } from '../../errors.js'
import type { Fault } from './durable.js'
import type { HotAnswer, HotOrder, WriteOrder } from './hot-thread.js'

interface Waiting {
  readonly resolve: () => void
  readonly reject: (error: LogctlError) => void
}

export class HotLog {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1
  #broken: LogctlError | undefined

  constructor(faults: readonly Fault[] = []) {
    this.#worker = new Worker(new URL('./hot-thread.js', import.meta.url), { workerData: { faults } })
    this.#worker.on('message', (answer: HotAnswer) => this.#settle(answer))
    this.#worker.on('error', (error) => this.#breakDown(error))
    this.#worker.on('exit', () => this.#breakDown(new Error('the writing thread has ended')))
  }

  /**
   * Resolves when the bytes are on disk; in memory that threads share they are not copied on the way. After a failure the file is given up: every write that was ordered
   * before the next one with `open` fails too. Throws DISK_FULL or STORE_FAILED.
   */
  write(bytes: readonly Uint8Array[], open?: WriteOrder['open']): Promise<void> {
    if (this.#broken) return Promise.reject(this.#broken)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#order({ kind: 'write', id, bytes, ...(open && { open }) })
    })
  }

  /** Writes what was ordered, closes the file and ends the thread. */
  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()))
    if (this.#broken) return
    this.#order({ kind: 'end' })
    await ended
  }

  #order(order: HotOrder): void {
    this.#worker.postMessage(order)
  }

  #settle(answer: HotAnswer): void {
    for (const id of answer.ids) {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (answer.kind === 'done') waiting?.resolve()
      else waiting?.reject(writeFailure(answer.code, answer.message))
    }
  }

  #breakDown(cause: Error): void {
    this.#broken ??= new LogctlError('STORE_FAILED', `the writing thread stopped: ${cause.message}`, {
      cause,
    })
    for (const waiting of this.#waiting.values()) waiting.reject(this.#broken)
    this.#waiting.clear()
  }
}

function writeFailure(code: string, message: string): LogctlError {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new LogctlError('DISK_FULL', `no space left for the hot log (${message})`, { retryAfterS: 30 })
  return new LogctlError('STORE_FAILED', `the hot log could not be written: ${message}`, { retryAfterS: 10 })
}
