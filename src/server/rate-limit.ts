// Limits what each sender may send, in requests, bytes and events: token buckets per key, or per address where no
// key is needed.
import type { Config } from '../config/schema.js'
import { LogctlError } from '../errors.js'
import type { Caller } from './access.js'

/** The most buckets kept; the one used longest ago is forgotten first, which only favours its owner. */
const MAX_BUCKETS = 10_000

export interface RateLimit {
  /** Before a request is read. Throws RATE_LIMITED. */
  takeRequest(caller: Caller, limits: Config['ratelimit'], nowMs: number): void
  /** Before what it holds is stored. A request may be larger than a second's share; the next one waits then. */
  takeContent(caller: Caller, content: Content, limits: Config['ratelimit'], nowMs: number): void
}

export interface Content {
  readonly bytes: number
  readonly events: number
}

interface Bucket {
  tokens: number
  atMs: number
}

interface Rate {
  readonly unit: 'requests' | 'bytes' | 'events'
  readonly perSecond: number
  readonly burst: number
}

export function createRateLimit(): RateLimit {
  const buckets = new Map<string, Bucket>()
  /** Lets pass while `needed` is there, then takes `cost`, which may leave a debt. */
  const take = (
    caller: Caller,
    rate: Rate,
    nowMs: number,
    { needed, cost }: { needed: number; cost: number },
  ): void => {
    const { unit, perSecond, burst } = rate
    const name = `${unit} ${caller.key ? `key ${caller.key.id}` : `address ${caller.peer}`}`
    const known = buckets.get(name)
    const gained = known ? (Math.max(0, nowMs - known.atMs) / 1000) * perSecond : burst
    const tokens = Math.min(burst, (known?.tokens ?? 0) + gained)
    const passes = tokens >= needed
    buckets.delete(name)
    buckets.set(name, { tokens: passes ? tokens - cost : tokens, atMs: nowMs })
    if (buckets.size > MAX_BUCKETS) for (const oldest of buckets.keys()) if (buckets.delete(oldest)) break
    if (!passes) throw rateLimited(rate, Math.max(1, Math.ceil((needed - tokens) / perSecond)))
  }
  return {
    takeRequest(caller, limits, nowMs) {
      if (!isLimited(caller, limits)) return
      const perSecond = caller.key?.rps ?? limits.default_rps
      const burst = Math.max(1, caller.key?.burst ?? limits.burst)
      take(caller, { unit: 'requests', perSecond, burst }, nowMs, { needed: 1, cost: 1 })
    },
    takeContent(caller, { bytes, events }, limits, nowMs) {
      if (!isLimited(caller, limits)) return
      const { bytes_per_second: ofBytes, events_per_second: ofEvents } = limits
      for (const [unit, perSecond, cost] of [
        ['bytes', ofBytes, bytes],
        ['events', ofEvents, events],
      ] as const)
        if (perSecond !== undefined) {
          const burst = Math.max(1, perSecond)
          take(caller, { unit, perSecond, burst }, nowMs, { needed: Math.min(cost, burst), cost })
        }
    },
  }
}

/** Callers of this machine who need no key are not limited. */
function isLimited({ key, local }: Caller, { enabled }: Config['ratelimit']): boolean {
  return enabled && (key !== undefined || !local)
}

function rateLimited({ unit, perSecond }: Rate, retryAfterS: number): LogctlError {
  return new LogctlError('RATE_LIMITED', `more than ${perSecond} ${unit} a second`, {
    retryAfterS,
    hints: [`send again in ${retryAfterS} s`, 'the section ratelimit of the configuration sets the limits'],
  })
}
