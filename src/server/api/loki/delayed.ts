// Holds live entries back for a while, so that those which arrive out of order are shown in the order of their times.
import type { LogEntry } from '../../../query/run-log.js'

/** More than this is given on early. */
const MOST_HELD = 10_000

interface Held {
  readonly dueMs: number
  readonly entry: LogEntry
}

/** Ends with its source. What was held is given first. */
export async function* delayed(
  source: AsyncIterable<readonly LogEntry[]>,
  delayMs: number,
  signal: AbortSignal,
): AsyncGenerator<readonly LogEntry[]> {
  if (delayMs === 0) return yield* source
  const held: Held[] = []
  const pieces = source[Symbol.asyncIterator]()
  let next = pieces.next()
  try {
    for (;;) {
      const piece = await Promise.race([next, due(held[0])])
      if (piece === undefined) {
        yield inOrder(takeDue(held))
        continue
      }
      if (piece.done) break
      const dueMs = performance.now() + delayMs
      held.push(...piece.value.map((entry) => ({ dueMs, entry })))
      if (held.length > MOST_HELD) yield inOrder(held.splice(0, held.length - MOST_HELD))
      next = pieces.next()
    }
    if (!signal.aborted) yield inOrder(held)
  } finally {
    next.catch(() => {})
    await pieces.return?.()
  }
}

/** Resolves when the entry may be shown; never where nothing is held. */
function due(first: Held | undefined): Promise<undefined> {
  return new Promise((resolve) => {
    if (first) setTimeout(() => resolve(undefined), Math.max(1, first.dueMs - performance.now()))
  })
}

/** What is due, and what arrived after it but is older. */
function takeDue(held: Held[]): Held[] {
  const nowMs = performance.now()
  let newest = ''
  for (const { dueMs, entry } of held)
    if (dueMs <= nowMs && entry.timestamp > newest) newest = entry.timestamp
  const taken = held.filter(({ entry }) => entry.timestamp <= newest)
  const rest = held.filter(({ entry }) => entry.timestamp > newest)
  held.splice(0, held.length, ...rest)
  return taken
}

function inOrder(held: readonly Held[]): LogEntry[] {
  return held
    .map(({ entry }) => entry)
    .sort((a, b) =>
      a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : a.sequence - b.sequence,
    )
}
