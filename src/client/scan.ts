// Reads POST /api/v1/scan: every answer must end with its end line. One that is cut off before (a proxy's limit, a
// reader that paused for long) is gone on with behind its last record, as order makes that exact.
import { LogctlError } from '../errors.js'
import type { StoredRecord } from '../record/record.js'
import { advanced, behind, NOTHING_READ, type Progress, remaining } from '../record/scan-progress.js'
import type { ScanRequest } from '../record/scan-request.js'
import type { ScanOptions } from '../record/scanner.js'
import { linesOf } from './chunks.js'
import type { Connection } from './connection.js'
import { readTold } from './failed-answer.js'

/** A query may search for long before it finds. Milliseconds. */
export const SILENCE_MS = 10 * 60_000

/** Throws INCOMPLETE when the answer was cut off and cannot be gone on with. */
export async function* scan(
  connection: Connection,
  request: ScanRequest,
  options: ScanOptions,
): AsyncGenerator<readonly StoredRecord[]> {
  let progress: Progress = NOTHING_READ
  for (;;) {
    const before = progress
    try {
      for await (const piece of scanOnce(connection, remaining(request, before), options)) {
        const fresh = before.last === undefined ? piece : behind(piece, before.last, request.direction)
        if (fresh.length === 0) continue
        progress = advanced(progress, fresh)
        yield fresh
      }
      return
    } catch (error) {
      if (!isCut(error)) throw error
      if (progress.given === before.given) throw incomplete(progress.given, error)
    }
  }
}

/** The answer ended without its end line. */
class Cut extends Error {
  override readonly name = 'Cut'
}

function isCut(error: unknown): boolean {
  return error instanceof Cut
}

function incomplete(given: number, cause: unknown): LogctlError {
  return new LogctlError('INCOMPLETE', `the answer was cut off after ${given} records`, {
    cause,
    hints: ['ask again, or for less time at once'],
  })
}

async function* scanOnce(
  connection: Connection,
  request: ScanRequest,
  { signal, warn }: ScanOptions,
): AsyncGenerator<readonly StoredRecord[]> {
  const answer = await connection.ask({
    method: 'POST',
    path: '/api/v1/scan',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    silenceMs: SILENCE_MS,
    repeatable: true,
    signal,
  })
  try {
    for await (const lines of linesOrCut(linesOf(answer, SILENCE_MS), signal)) {
      const end = lines.at(-1)?.startsWith('{"end":') ? readEnd(lines.pop() ?? '') : undefined
      if (lines.length > 0) yield lines.map((line) => JSON.parse(line) as StoredRecord)
      if (!end) continue
      for (const warning of end.warnings ?? []) warn?.(warning)
      const told = readTold(end)
      if (told) throw new LogctlError(told.code, told.message, { hints: told.hints })
      return
    }
    throw new Cut('no end line')
  } finally {
    answer.destroy()
  }
}

/** Tells a connection that broke from everything else that is thrown. */
async function* linesOrCut(
  lines: AsyncIterable<string[]>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string[]> {
  try {
    yield* lines
  } catch (error) {
    if (signal?.aborted) throw new LogctlError('INTERRUPTED', 'stopped')
    throw new Cut('the connection broke', { cause: error })
  }
}

interface End {
  readonly records: number
  readonly warnings?: readonly string[]
}

function readEnd(line: string): End {
  return (JSON.parse(line) as { end: End }).end
}
