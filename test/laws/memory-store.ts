// A store over an array, as plain as the contract allows, with a handle to make its disk slow or broken.
import type { LogRecord } from '#logctl/record/record.js'
import { dayOf } from '#logctl/record/time.js'
import type { DayOnDisk, StoreStatus } from '#logctl/record/store-status.js'
import type { AppendBatch, Appended, Store } from '#logctl/store/store.js'
import { memoryScanner } from './memory-scanner.js'

export interface MemoryStore extends Store {
  /** Every record in the order of arrival. */
  readonly records: LogRecord[]
  /** Runs before each append; what it throws the append throws, and nothing is stored. */
  beforeAppend: (batch: AppendBatch) => Promise<void> | void
  /** What the status says besides its counts. */
  condition: Partial<StoreStatus>
  readonly closed: () => boolean
  readonly sealed: () => number
}

export function memoryStore(pieceSize = 100): MemoryStore {
  const scanner = memoryScanner(pieceSize)
  const records: LogRecord[] = []
  const known = new Map<string, Promise<Appended>>()
  let newestArrival: string | undefined
  let closed = false
  let sealed = 0
  const store = async (batch: AppendBatch): Promise<Appended> => {
    await memory.beforeAppend(batch)
    const stored = scanner.append(...batch.records)
    records.push(...batch.records)
    newestArrival = new Date().toISOString()
    return {
      firstSequence: stored[0]?.sequence ?? 0,
      accepted: stored.length,
      rejected: batch.rejected ?? 0,
      repeated: false,
    }
  }
  const memory: MemoryStore = {
    ...scanner,
    records,
    beforeAppend: () => {},
    condition: {},
    closed: () => closed,
    sealed: () => sealed,
    append(batch) {
      const { idempotencyKey: key } = batch
      const before = key === undefined ? undefined : known.get(key)
      if (before) return before.then((appended) => ({ ...appended, repeated: true }))
      const answer = store(batch)
      if (key === undefined) return answer
      known.set(key, answer)
      answer.catch(() => known.delete(key))
      return answer
    },
    daysOnDisk: () => Promise.resolve(daysOf(records)),
    drop: (days) => Promise.resolve(daysOf(records).filter(({ day }) => days.includes(day))),
    seal: () => {
      sealed += 1
      return Promise.resolve()
    },
    status() {
      return Promise.resolve({
        kind: 'embedded' as const,
        path: '/nowhere',
        state: 'ok' as const,
        days: daysOf(records).length,
        parts: 0,
        segments: 1,
        hot_bytes: 0,
        stored_bytes: 0,
        newest_sequence: records.length,
        newest_arrival: newestArrival,
        disk_free_bytes: 750,
        disk_total_bytes: 1000,
        damaged: [],
        ...this.condition,
      })
    },
    async close() {
      closed = true
      await scanner.close()
    },
  }
  return memory
}

function daysOf(records: readonly LogRecord[]): DayOnDisk[] {
  const days = [...new Set(records.map(({ timestamp }) => dayOf(timestamp)))].toSorted()
  return days.map((day) => ({
    day,
    records: records.filter(({ timestamp }) => dayOf(timestamp) === day).length,
    bytes: 0,
  }))
}
