// A budget of bytes shared by all requests: what they hold in memory together stays below it.
import { LogctlError } from '../errors.js'

/** One request's share; released as a whole when the request is done. */
export interface ByteLease {
  /** Throws OVERLOADED, and takes nothing, when the budget is used up. */
  take(bytes: number): void
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

/** A single request is always let in where nothing else is in flight, so that no legal body is refused for ever. */
export function byteBudget(initialBytes: number): ByteBudget {
  let limitBytes = initialBytes
  let inUse = 0
  const fits = (bytes: number, own: number): boolean => inUse + bytes <= limitBytes || inUse === own
  return {
    fits: (bytes) => fits(bytes, 0),
    inUse: () => inUse,
    resize: (bytes) => {
      limitBytes = bytes
    },
    lease: () => {
      let taken = 0
      return {
        take: (bytes) => {
          if (!fits(bytes, taken)) throw overloaded('too many bytes are in flight')
          taken += bytes
          inUse += bytes
        },
        release: () => {
          inUse -= taken
          taken = 0
        },
      }
    },
  }
}
