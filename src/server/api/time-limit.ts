// Limits the time that a query may take of the server; the time its reader takes does not count.
import { LogctlError } from '../../errors.js'

export interface TimeLimit {
  /** Aborts when the time is used up, or `gone` aborts. */
  readonly signal: AbortSignal
  /** Waits for one piece of work on the clock. Throws QUERY_LIMIT when the time is used up. */
  run<Result>(work: () => Promise<Result>): Promise<Result>
  /** True when the time was used up. */
  isOver(): boolean
}

export function timeLimit(limitMs: number, gone: AbortSignal): TimeLimit {
  const over = new AbortController()
  let leftMs = limitMs
  return {
    signal: AbortSignal.any([gone, over.signal]),
    isOver: () => over.signal.aborted,
    async run(work) {
      const startedMs = performance.now()
      const timer = setTimeout(() => over.abort(), Math.max(0, leftMs))
      try {
        const result = await work()
        if (over.signal.aborted) throw tooLong(limitMs)
        return result
      } catch (error) {
        throw over.signal.aborted ? tooLong(limitMs) : error
      } finally {
        clearTimeout(timer)
        leftMs -= performance.now() - startedMs
      }
    },
  }
}

function tooLong(limitMs: number): LogctlError {
  return new LogctlError('QUERY_LIMIT', `the query took longer than ${limitMs / 1000} s`, {
    hints: ['ask for less time or fewer streams', 'query.timeout in the configuration raises the limit'],
  })
}
