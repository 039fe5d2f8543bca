// Limits what each sender may send, in requests, bytes and events, and what each stream may grow by: token buckets
// per key, or per address where no key is needed, and per stream.
import type { Config } from '../config/schema.js'
import { LogctlError } from '../errors.js'
import { labelsKey } from '../record/labels.js'
import type { LogRecord } from '../record/record.js'
import type { Caller } from './access.js'

/** The most buckets kept; the one used longest ago is forgotten first, which only favours its owner. */
const MAX_BUCKETS = 10_000
const MAX_STREAM_BUCKETS = 100_000

type Limits = Config['ratelimit']

export interface RateLimit {
  /** Before a request is read. Throws RATE_LIMITED. */
  takeRequest(caller: Caller, limits: Limits, nowMs: number): void
  /** Before what it holds is stored. A request may be larger than a second's share; the next one waits then. */
  takeContent(caller: Caller, content: Content, limits: Limits, nowMs: number): void
  /** The same for each stream; where one has no room, nothing is taken of any. */
  takeStreams(caller: Caller, records: readonly LogRecord[], limits: Limits, nowMs: number): void
}

export interface Content {
  readonly bytes: number
  readonly events: number
}

interface Rate {
  readonly unit: string
  readonly perSecond: number
  readonly burst: number
}

/** What is asked of one bucket: it lets pass while `needed` is there, then gives `cost`, which may leave a debt. */
interface Demand extends Rate {
  readonly owner: string
  readonly needed: number
  readonly cost: number
}

export function createRateLimit(): RateLimit {
  const ofCallers = createBuckets(MAX_BUCKETS)
  const ofStreams = createBuckets(MAX_STREAM_BUCKETS)
  return {
    takeRequest(caller, limits, nowMs) {
      if (!isLimited(caller, limits)) return
      const perSecond = caller.key?.limits.rps ?? limits.default_rps
      const burst = Math.max(1, caller.key?.limits.burst ?? limits.burst)
      const demand = { owner: ownerOf(caller), unit: 'requests', perSecond, burst, needed: 1, cost: 1 }
      ofCallers.take([demand], nowMs)
    },
    takeContent(caller, { bytes, events }, limits, nowMs) {
      if (!isLimited(caller, limits)) return
      const own = caller.key?.limits
      const owner = ownerOf(caller)
      ofCallers.take(
        [
          ...demandOf(owner, 'bytes', own?.bytes_per_second ?? limits.bytes_per_second, bytes),
          ...demandOf(owner, 'events', own?.events_per_second ?? limits.events_per_second, events),
        ],
        nowMs,
      )
    },
    takeStreams(caller, records, limits, nowMs) {
      if (!isLimited(caller, limits)) return
      const { stream_bytes_per_second: bytesASecond, stream_events_per_second: eventsASecond } = limits
      const demands = [...contentByStream(records)].flatMap(([stream, { bytes, events }]) =>
        demandOf(stream, 'bytes of one stream', bytesASecond, bytes).concat(
          demandOf(stream, 'events of one stream', eventsASecond, events),
        ),
      )
      ofStreams.take(demands, nowMs)
    },
  }
}

/** True where records have to be looked at one by one. */
export function limitsStreams({ enabled, ...limits }: Limits): boolean {
  return (
    enabled && (limits.stream_bytes_per_second !== undefined || limits.stream_events_per_second !== undefined)
  )
}

function contentByStream(records: readonly LogRecord[]): ReadonlyMap<string, Content> {
  const contents = new Map<string, { bytes: number; events: number }>()
  for (const { tenant, labels, line } of records) {
    const stream = `${tenant} ${labelsKey(labels)}`
    const content = contents.get(stream) ?? { bytes: 0, events: 0 }
    content.bytes += Buffer.byteLength(line)
    content.events += 1
    contents.set(stream, content)
  }
  return contents
}

function demandOf(owner: string, unit: string, perSecond: number | undefined, cost: number): Demand[] {
  if (perSecond === undefined) return []
  const burst = Math.max(1, perSecond)
  return [{ owner, unit, perSecond, burst, needed: Math.min(cost, burst), cost }]
}

interface Buckets {
  /** All or nothing. Throws RATE_LIMITED. */
  take(demands: readonly Demand[], nowMs: number): void
}

function createBuckets(most: number): Buckets {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  /** What the bucket holds by now. It is noted, so that a clock that was set back does not stop it for long. */
  const refilled = ({ owner, unit, perSecond, burst }: Demand, nowMs: number): { tokens: number } => {
    const name = `${unit} ${owner}`
    const bucket = buckets.get(name) ?? { tokens: burst, atMs: nowMs }
    const gained = (Math.max(0, nowMs - bucket.atMs) / 1000) * perSecond
    bucket.tokens = Math.min(burst, bucket.tokens + gained)
    bucket.atMs = nowMs
    buckets.delete(name)
    buckets.set(name, bucket)
    if (buckets.size > most) for (const oldest of buckets.keys()) if (buckets.delete(oldest)) break
    return bucket
  }
  return {
    take(demands, nowMs) {
      const asked = demands.map((demand) => ({ demand, bucket: refilled(demand, nowMs) }))
      for (const { demand, bucket } of asked) {
        const missing = demand.needed - bucket.tokens
        if (missing > 0) throw rateLimited(demand, Math.max(1, Math.ceil(missing / demand.perSecond)))
      }
      for (const { demand, bucket } of asked) bucket.tokens -= demand.cost
    },
  }
}

function ownerOf({ key, peer }: Caller): string {
  return key ? `key ${key.id}` : `address ${peer}`
}

/** Callers of this machine who need no key are not limited. */
function isLimited({ key, local }: Caller, { enabled }: Limits): boolean {
  return enabled && (key !== undefined || !local)
}

function rateLimited({ unit, perSecond }: Rate, retryAfterS: number): LogctlError {
  return new LogctlError('RATE_LIMITED', `more than ${perSecond} ${unit} a second`, {
    retryAfterS,
    hints: [`send again in ${retryAfterS} s`, 'the section ratelimit of the configuration sets the limits'],
  })
}
