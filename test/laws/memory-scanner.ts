// A scanner over an array, as plain as the contract allows: tests read from it, and stores are judged by it.
import { fail } from '#logctl/errors.js'
import { aggregateByScan } from '#logctl/record/aggregate.js'
import { compileConditions } from '#logctl/record/condition.js'
import type { LogRecord, StoredRecord } from '#logctl/record/record.js'
import { compareRecords, isError } from '#logctl/record/record.js'
import type { ScanRequest } from '#logctl/record/scan-request.js'
import type {
  DayStats,
  FollowRequest,
  LabelsRequest,
  ScanOptions,
  Scanner,
  StatsRequest,
} from '#logctl/record/scanner.js'
import { dayOf, hourOf } from '#logctl/record/time.js'
import { fulfils } from './naive-conditions.js'

export interface MemoryScanner extends Scanner {
  /** Stores the records with the next sequences and wakes those that follow. */
  append(...records: readonly LogRecord[]): readonly StoredRecord[]
}

/** `pieceSize`: the most records that one piece holds. */
export function memoryScanner(pieceSize = 3): MemoryScanner {
  const stored: StoredRecord[] = []
  const waiting = new Set<() => void>()
  const closing = new AbortController()

  function append(...records: readonly LogRecord[]): readonly StoredRecord[] {
    const first = stored.length
    for (const record of records) stored.push({ ...record, sequence: stored.length + 1 })
    for (const wake of waiting) wake()
    return stored.slice(first)
  }

  async function* scan(
    request: ScanRequest,
    options: ScanOptions = {},
  ): AsyncGenerator<readonly StoredRecord[]> {
    const found = select(stored, request)
    for (let at = 0; at < found.length; at += pieceSize) {
      await nextTurn()
      if (options.signal?.aborted) fail('INTERRUPTED', 'the scan was stopped')
      yield found.slice(at, at + pieceSize)
    }
  }

  async function* follow(
    request: FollowRequest,
    options: ScanOptions = {},
  ): AsyncGenerator<readonly StoredRecord[]> {
    compileConditions(request.where)
    let above = request.sequenceAbove
    while (!closing.signal.aborted && !options.signal?.aborted) {
      const piece = stored.filter(({ sequence }) => sequence > above).slice(0, pieceSize)
      above = piece.at(-1)?.sequence ?? above
      const found = piece.filter((record) => fulfils(record, request))
      if (found.length > 0) yield found
      if (piece.length === 0) await woken(waiting, options.signal)
    }
  }

  return {
    append,
    scan,
    aggregate: (request, options) => aggregateByScan({ scan }, request, options),
    follow,
    newestSequence: async () => stored.length,
    days: async () => [...new Set(stored.map(({ timestamp }) => dayOf(timestamp)))].toSorted(),
    stats: async (request) => statsOf(stored, request),
    labels: async (request) => labelsOf(stored, request),
    close: async () => {
      closing.abort()
      for (const wake of waiting) wake()
    },
  }
}

/** The answer to a scan, whole. */
export function select(stored: readonly StoredRecord[], request: ScanRequest): StoredRecord[] {
  const { from, to, sequenceAbove = 0, sequenceUpTo = Infinity, limit = Infinity, direction } = request
  // Only for what it throws: bad patterns are refused even where no record would meet them.
  compileConditions(request.where)
  const found = stored
    .filter(({ sequence }) => sequence > sequenceAbove && sequence <= sequenceUpTo)
    .filter(
      ({ timestamp }) => (from === undefined || timestamp >= from) && (to === undefined || timestamp < to),
    )
    .filter((record) => fulfils(record, request))
    .toSorted(compareRecords)
  return (direction === 'forward' ? found : found.toReversed()).slice(0, limit)
}

export function statsOf(
  stored: readonly StoredRecord[],
  { day, tenants, by }: StatsRequest,
): DayStats | undefined {
  const found = stored.filter(
    (record) => dayOf(record.timestamp) === day && fulfils(record, { tenants, where: [] }),
  )
  if (found.length === 0) return undefined
  const counts: Record<string, (record: StoredRecord) => string> = {
    ...(by === undefined ? {} : { [by]: ({ labels }) => own(labels, by) }),
    source: ({ labels }) => own(labels, 'source'),
    tenant: ({ tenant }) => tenant,
    stream: ({ labels }) => own(labels, 'stream'),
    level: ({ level }) => level,
    hour: ({ timestamp }) => hourOf(timestamp),
  }
  return {
    date: day,
    total: found.length,
    errors: found.filter(({ labels, level }) => isError(labels['stream'], level)).length,
    bytes: found.reduce((total, { line }) => total + Buffer.byteLength(line), 0),
    by: Object.fromEntries(Object.entries(counts).map(([name, key]) => [name, tally(found.map(key))])),
    files: [],
  }
}

export function labelsOf(
  stored: readonly StoredRecord[],
  request: LabelsRequest,
): Record<string, readonly string[]> {
  if (request.where.some(({ kind }) => kind !== 'label'))
    fail('QUERY_INVALID', 'labels are selected by labels only')
  const values = new Map<string, Set<string>>()
  for (const { labels } of select(stored, { ...request, direction: 'forward' }))
    for (const [name, value] of Object.entries(labels))
      values.set(name, (values.get(name) ?? new Set()).add(value))
  return Object.fromEntries([...values].toSorted(byKey).map(([name, all]) => [name, [...all].toSorted()]))
}

/** What stats counts: a label that is missing or empty is `none`. */
function own(labels: StoredRecord['labels'], name: string): string {
  return (Object.hasOwn(labels, name) && labels[name]) || 'none'
}

function tally(keys: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return Object.fromEntries(counts)
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

function woken(waiting: Set<() => void>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      waiting.delete(wake)
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    waiting.add(wake)
    signal?.addEventListener('abort', wake)
  })
}
