// Lets a few queries run at a time and a bounded number wait, in order; whoever comes beyond that is told to come
// back, so that a storm of heavy queries neither fills the memory nor delays what is cheap.
import { LogctlError } from '../errors.js'

export interface QueryQueue {
  /** Waits for a turn, then works. Throws RATE_LIMITED when too many wait, INTERRUPTED when the signal aborts first. */
  run<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result>
}

interface Limits {
  /** Running at once. */
  readonly running: number
  readonly waiting: number
}

export function queryQueue(limits: Limits): QueryQueue {
  /** In the order of coming; a set, because who gives up leaves from the middle. */
  const waiting = new Set<() => void>()
  let running = 0

  function enter(signal: AbortSignal): Promise<void> | undefined {
    if (running < limits.running) {
      running += 1
      return undefined
    }
    if (waiting.size >= limits.waiting) throw tooMany()
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        waiting.delete(turn)
        reject(new LogctlError('INTERRUPTED', 'the query was given up before its turn'))
      }
      const turn = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      waiting.add(turn)
      signal.addEventListener('abort', giveUp, { once: true })
      if (signal.aborted) giveUp()
    })
  }

  function leave(): void {
    const [next] = waiting
    if (next) {
      // The place passes on without being free in between.
      waiting.delete(next)
      next()
    } else running -= 1
  }

  return {
    async run(work, signal) {
      await enter(signal)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}

/** Loki's words. */
function tooMany(): LogctlError {
  return new LogctlError('RATE_LIMITED', 'too many outstanding requests', {
    retryAfterS: 1,
    hints: ['query.concurrency in the configuration says how many run at once'],
  })
}
