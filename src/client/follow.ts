// Reads GET /api/v1/tail: live records as server-sent events (WHATWG HTML §9.2). When the connection ends it comes
// back by itself and goes on behind the last record, so that none is missed and none comes twice.
import { setTimeout as sleep } from 'node:timers/promises'
import { LogctlError } from '../errors.js'
import type { StoredRecord } from '../record/record.js'
import type { FollowRequest, ScanOptions } from '../record/scanner.js'
import { linesOf } from './chunks.js'
import type { Connection } from './connection.js'

/** The server says something every 15 s. Milliseconds. */
const SILENCE_MS = 45_000
const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 5000

/** Ends when the signal aborts; throws what the server refuses (4xx), nothing else. */
export async function* follow(
  connection: Connection,
  request: FollowRequest,
  { signal }: ScanOptions,
): AsyncGenerator<readonly StoredRecord[]> {
  let after = request.sequenceAbove
  let waitMs = FIRST_WAIT_MS
  for (;;) {
    if (signal?.aborted) return
    try {
      for await (const records of followOnce(connection, request, after, signal)) {
        waitMs = FIRST_WAIT_MS
        after = records.at(-1)?.sequence ?? after
        if (records.length > 0) yield records
      }
    } catch (error) {
      if (signal?.aborted) return
      if (isRefusal(error)) throw error
    }
    await sleep(waitMs, undefined, signal ? { signal } : {}).catch(() => {})
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof LogctlError && error.http >= 400 && error.http < 499 && error.code !== 'CLIENT_SLOW'
}

async function* followOnce(
  connection: Connection,
  { tenants, where }: FollowRequest,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly StoredRecord[]> {
  const answer = await connection.ask({
    path: '/api/v1/tail',
    query: { after: String(after), ...(where.length > 0 ? { where: JSON.stringify(where) } : {}) },
    headers: { accept: 'text/event-stream' },
    tenants,
    signal,
  })
  try {
    for await (const lines of linesOf(answer, SILENCE_MS)) yield lines.flatMap(recordOf)
  } finally {
    answer.destroy()
  }
}

/** Each event's data is one line; ids are in the records. Comments and the farewell carry none. */
function recordOf(line: string): StoredRecord[] {
  return line.startsWith('data: {"timestamp"')
    ? [JSON.parse(line.slice('data: '.length)) as StoredRecord]
    : []
}
