// What laws read from scanners, in forms that compare: whole answers, and records as texts.
import type { LogRecord, StoredRecord } from '#logctl/record/record.js'
import type { ScanRequest } from '#logctl/record/scan-request.js'
import type { FollowRequest, ScanOptions, Scanner } from '#logctl/record/scanner.js'

export const EVERYTHING: ScanRequest = { direction: 'forward', where: [] }

/** The whole answer. */
export async function collect(
  scanner: Pick<Scanner, 'scan'>,
  request: Partial<ScanRequest> = {},
  options?: ScanOptions,
): Promise<StoredRecord[]> {
  const found: StoredRecord[] = []
  for await (const piece of scanner.scan({ ...EVERYTHING, ...request }, options)) found.push(...piece)
  return found
}

/** Records as texts that are equal where the records are: names in order, numbers as JSON has them. */
export function textsOf(records: readonly StoredRecord[]): string[] {
  return records.map(({ sequence, timestamp, tenant, labels, level, line, fields }) =>
    JSON.stringify([sequence, timestamp, tenant, inOrder(labels), level, line, inOrder(fields)]),
  )
}

function inOrder(values: object): [string, unknown][] {
  return Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** The records with the sequences that an append gave them. */
export function stored(records: readonly LogRecord[], firstSequence: number): StoredRecord[] {
  return records.map((record, i) => ({ ...record, sequence: firstSequence + i }))
}

export interface Follower {
  readonly found: readonly StoredRecord[]
  /** Resolves when so many records have come; fails when the follower ends or takes too long. */
  count(records: number): Promise<void>
  /** Resolves when the follower has ended; throws what it threw. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** How long a follower may take for what it is to see, on a busy machine. Milliseconds. */
const PATIENCE_MS = 20_000

/** Follows in the background; `pauseMs` makes a slow reader. */
export function startFollowing(
  scanner: Pick<Scanner, 'follow'>,
  request: Partial<FollowRequest> = {},
  pauseMs = 0,
): Follower {
  const stopping = new AbortController()
  const found: StoredRecord[] = []
  const read = async (): Promise<void> => {
    const options = { signal: stopping.signal }
    for await (const piece of scanner.follow({ where: [], sequenceAbove: 0, ...request }, options)) {
      found.push(...piece)
      if (pauseMs > 0) await pause(pauseMs)
    }
  }
  let over = false
  const ended = read().finally(() => (over = true))
  ended.catch(() => undefined)
  return {
    found,
    ended,
    async count(records) {
      const until = performance.now() + PATIENCE_MS
      while (found.length < records && !over && performance.now() < until) await pause(2)
      if (found.length < records) throw new Error(`${found.length} of ${records} records came`)
    },
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
