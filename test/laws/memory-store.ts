// A store over an array, as plain as the contract allows, with a handle to make its disk slow or broken.
import type { LogRecord } from '#logctl/record/record.js'
import { dayOf } from '#logctl/record/time.js'
import type { AppendBatch, Appended, DayOnDisk, Store, StoreStatus } from '#logctl/store/store.js'
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
  const known = new Map<string, Appended>()
  let newestArrival: string | undefined
  let closed = false
  let sealed = 0
  return {
    ...scanner,
    records,
    beforeAppend: () => {},
    condition: {},
    closed: () => closed,
    sealed: () => sealed,
    async append(batch) {
      await this.beforeAppend(batch)
      const before = batch.idempotencyKey === undefined ? undefined : known.get(batch.idempotencyKey)
      if (before) return { ...before, repeated: true }
      const stored = scanner.append(...batch.records)
      records.push(...batch.records)
      newestArrival = new Date().toISOString()
      const appended: Appended = {
        firstSequence: stored[0]?.sequence ?? 0,
        accepted: stored.length,
        rejected: batch.rejected ?? 0,
        repeated: false,
      }
      if (batch.idempotencyKey !== undefined) known.set(batch.idempotencyKey, appended)
      return appended
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
        hotBytes: 0,
        storedBytes: 0,
        newestSequence: records.length,
        newestArrival,
        diskFreeBytes: 750,
        diskTotalBytes: 1000,
        damaged: [],
        ...this.condition,
      })
    },
    async close() {
      closed = true
      await scanner.close()
    },
  }
}

function daysOf(records: readonly LogRecord[]): DayOnDisk[] {
  const days = [...new Set(records.map(({ timestamp }) => dayOf(timestamp)))].toSorted()
  return days.map((day) => ({
    day,
    records: records.filter(({ timestamp }) => dayOf(timestamp) === day).length,
    bytes: 0,
  }))
}
