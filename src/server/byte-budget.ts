// A budget of bytes shared by all requests: what they hold in memory together stays below it. Memory for whole bodies
// is used again and again, since each new piece of it brings the next collection of garbage nearer.
import { LogctlError } from '../errors.js'

/** One request's share; released as a whole when the request is done. */
export interface ByteLease {
  /** Throws OVERLOADED, and takes nothing, when the budget is used up. */
  take(bytes: number): void
  /** Memory for so many bytes, with anything in it, until the release; undefined where they are too few or many. */
  memory(bytes: number): Buffer | undefined
  release(): void
}

export interface ByteBudget {
  /** True when so many bytes could be taken now. */
  fits(bytes: number): boolean
  lease(): ByteLease
  inUse(): number
  resize(limitBytes: number): void
}

export function overloaded(message: string): LogctlError {
  return new LogctlError('OVERLOADED', message, { retryAfterS: 1, hints: ['send again after a second'] })
}

/** Bodies of other sizes are not worth keeping memory for. Bytes. */
const LEAST_KEPT_BYTES = 1 << 16
const MOST_KEPT_BYTES = 1 << 22
/** Memory comes in multiples of this, so that one size fits many. Bytes. */
const UNIT_BYTES = 1 << 18
/** What may lie unused in all. Bytes. */
const KEPT_BYTES = 1 << 24

/** A single request is always let in where nothing else is in flight, so that no legal body is refused for ever. */
export function byteBudget(initialBytes: number): ByteBudget {
  let limitBytes = initialBytes
  let inUse = 0
  const unused: Buffer[] = []
  const keep = (memory: Buffer): void => {
    const kept = unused.reduce((sum, { length }) => sum + length, memory.length)
    if (kept <= KEPT_BYTES) unused.push(memory)
  }
  const fits = (bytes: number, own: number): boolean => inUse + bytes <= limitBytes || inUse === own
  return {
    fits: (bytes) => fits(bytes, 0),
    inUse: () => inUse,
    resize: (bytes) => {
      limitBytes = bytes
    },
    lease: () => {
      let taken = 0
      const held: Buffer[] = []
      return {
        memory: (bytes) => {
          if (bytes < LEAST_KEPT_BYTES || bytes > MOST_KEPT_BYTES) return undefined
          const known = unused.findIndex(({ length }) => length >= bytes)
          const [found] = known < 0 ? [] : unused.splice(known, 1)
          const memory = found ?? Buffer.allocUnsafeSlow(Math.ceil(bytes / UNIT_BYTES) * UNIT_BYTES)
          held.push(memory)
          return memory.subarray(0, bytes)
        },
        take: (bytes) => {
          if (!fits(bytes, taken)) throw overloaded('too many bytes are in flight')
          taken += bytes
          inUse += bytes
        },
        release: () => {
          inUse -= taken
          taken = 0
          for (const memory of held.splice(0)) keep(memory)
        },
      }
    },
  }
}
