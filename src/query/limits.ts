// What a query may use: each limit has a name, a default and an error, and a long run leaves the event loop free.
import { fail } from '../errors.js'
import { letOthersWork } from '../record/turns.js'

export interface QueryLimits {
  /** Series in the answer of a metric query (Loki `max_query_series`). */
  readonly maxSeries: number
  /** Steps of a range query (Loki and Prometheus: 11,000). */
  readonly maxPoints: number
  /** Records that may be read. */
  readonly maxRows: number
  /** Characters of the lines that may be read, about as many bytes. */
  readonly maxScannedBytes: number
  /** Values and part sums that windows may hold at once; about 100 bytes each at worst. */
  readonly maxHeldSamples: number
}

export const DEFAULT_LIMITS: QueryLimits = {
  maxSeries: 500,
  maxPoints: 11_000,
  maxRows: Infinity,
  maxScannedBytes: Infinity,
  maxHeldSamples: 2_000_000,
}

/** Counts what one query uses. */
export interface Meter {
  readonly limits: QueryLimits
  /** A record was read, whose line has so many characters. Throws QUERY_LIMIT. */
  read(length: number): void
  /** So many samples more, or less, are held. Throws QUERY_LIMIT. */
  hold(samples: number): void
  /** Where due, lets other work run; throws INTERRUPTED when the signal has aborted. */
  pause(): Promise<void> | undefined
}

/** How long a query may keep the event loop to itself. */
const TURN_MS = 8
/** Calls between two looks at the clock. */
const CALLS_PER_LOOK = 32

export function startMeter(limits: Partial<QueryLimits> = {}, signal?: AbortSignal): Meter {
  const all = { ...DEFAULT_LIMITS, ...limits }
  let rows = 0
  let bytes = 0
  let held = 0
  let calls = 0
  let turnStarted = performance.now()

  async function yieldTurn(): Promise<void> {
    stopIfAborted(signal)
    await letOthersWork()
    turnStarted = performance.now()
    stopIfAborted(signal)
  }

  return {
    limits: all,
    read(length) {
      bytes += length
      if (++rows > all.maxRows) exceeded('maxRows', all.maxRows, 'records read')
      if (bytes > all.maxScannedBytes) exceeded('maxScannedBytes', all.maxScannedBytes, 'bytes of lines read')
    },
    hold(samples) {
      held += samples
      if (held > all.maxHeldSamples) exceeded('maxHeldSamples', all.maxHeldSamples, 'samples in memory')
    },
    pause() {
      if (++calls % CALLS_PER_LOOK !== 0 || performance.now() - turnStarted < TURN_MS) return undefined
      return yieldTurn()
    },
  }
}

export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) fail('INTERRUPTED', 'the query was stopped')
}

function exceeded(name: keyof QueryLimits, limit: number, what: string): never {
  return fail('QUERY_LIMIT', `the query reached its limit ${name} of ${limit} ${what}`, {
    hints: ['select fewer streams, a shorter time, or filter lines earlier'],
  })
}
