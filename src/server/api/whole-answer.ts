// What keeps an answer from being whole: warnings that go with it, and the limit of its rows.
import { LogctlError } from '../../errors.js'

const MAX_WARNINGS = 100

/** Keeps different warnings, up to a hundred. */
export function gatherWarnings(): { readonly warnings: readonly string[]; warn(message: string): void } {
  const warnings: string[] = []
  return {
    warnings,
    warn(message) {
      if (warnings.length < MAX_WARNINGS && !warnings.includes(message)) warnings.push(message)
    },
  }
}

export function tooManyRows(maxRows: number): LogctlError {
  return new LogctlError('QUERY_LIMIT', `the answer has more than ${maxRows} rows`, {
    hints: ['ask for less, or give --limit', 'query.max_rows in the configuration sets the limit'],
  })
}
