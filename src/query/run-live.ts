// Runs a log query over what arrives from now on.
import type { FollowRequest, ScanOptions, Scanner } from '../record/scanner.js'
import { turns } from '../record/turns.js'
import type { LogQuery } from './ast.js'
import { compilePipeline } from './pipeline.js'
import { pushDown } from './push-down.js'
import type { LogEntry } from './run-log.js'
import { logEntry } from './run-log.js'

/**
 * Yields in the order of arrival, in pieces of bounded size, until the signal aborts. Throws QUERY_INVALID or
 * PATTERN_INVALID before the first piece.
 */
export async function* runLive(
  scanner: Scanner,
  query: LogQuery,
  request: Pick<FollowRequest, 'tenants' | 'sequenceAbove'>,
  options: ScanOptions = {},
): AsyncGenerator<readonly LogEntry[]> {
  const { where, stages } = pushDown(query)
  const run = compilePipeline(stages)
  const giveWay = turns()
  for await (const records of scanner.follow({ ...request, where }, options)) {
    const entries: LogEntry[] = []
    for (const record of records) {
      const turn = giveWay()
      if (turn) await turn
      const entry = run(record)
      if (entry) entries.push(logEntry(entry, record))
    }
    if (entries.length > 0) yield entries
  }
}
