// A running server as a scanner, with what only a server can tell or do.
import { LogctlError } from '../errors.js'
import type { DayStats, LabelsRequest, ScanOptions, Scanner, StatsRequest } from '../record/scanner.js'
import type { Day } from '../record/time.js'
import type { Health, PruneAnswer, ServerStatus, Summary } from './answers.js'
import type { Connection, ServerAddress } from './connection.js'
import { connect } from './connection.js'
import {
  type AggregateAnswerJson,
  aggregateAnswerOfJson,
  aggregateRequestToJson,
} from '../record/aggregate-json.js'
import type { AggregateAnswer, AggregateRequest } from '../record/aggregate-request.js'
import { follow } from './follow.js'
import { SILENCE_MS, scan } from './scan.js'

/** Sealing and pruning may take long. Milliseconds. */
const UPKEEP_MS = 10 * 60_000

export interface PruneOptions {
  /** Absent: the rules of the server's configuration. Milliseconds. */
  readonly olderThanMs?: number | undefined
  readonly dryRun?: boolean | undefined
  readonly force?: boolean | undefined
}

export interface ServerClient extends Scanner {
  /** How messages name the server. */
  readonly name: string
  status(): Promise<ServerStatus>
  summary(): Promise<Summary>
  /** Also when the server is down or degraded. */
  health(): Promise<Health>
  prune(options: PruneOptions): Promise<PruneAnswer>
  seal(): Promise<void>
}

/** Nothing is sent yet. Throws USAGE when the URL is none. */
export function openServer(address: ServerAddress): ServerClient {
  const connection = connect(address)
  return {
    name: connection.name,
    scan: (request, options = {}) => scan(connection, request, options),
    aggregate: (request, options = {}) => aggregate(connection, request, options),
    follow: (request, options = {}) => follow(connection, request, options),
    newestSequence: async () =>
      (await connection.json<{ sequence: number }>({ path: '/api/v1/sequence' })).sequence,
    days: async () => (await connection.json<{ days: readonly Day[] }>({ path: '/api/v1/days' })).days,
    stats: (request) => stats(connection, request),
    labels: (request) => labels(connection, request),
    status: () => connection.json<ServerStatus>({ path: '/api/v1/status' }),
    summary: () => connection.json<Summary>({ path: '/api/v1/summary' }),
    health: () => connection.json<Health>({ path: '/health', accept: [503] }),
    prune: (options) => prune(connection, options),
    seal: async () => {
      await post(connection, '/api/v1/seal')
    },
    close: () => {
      connection.close()
      return Promise.resolve()
    },
  }
}

async function aggregate(
  connection: Connection,
  request: AggregateRequest,
  { signal, warn }: ScanOptions,
): Promise<AggregateAnswer> {
  const { warnings = [], ...answer } = await connection.json<
    AggregateAnswerJson & { warnings?: readonly string[] }
  >({
    method: 'POST',
    path: '/api/v1/aggregate',
    headers: { 'content-type': 'application/json' },
    body: aggregateRequestToJson(request),
    silenceMs: SILENCE_MS,
    repeatable: true,
    signal,
  })
  for (const warning of warnings) warn?.(warning)
  return aggregateAnswerOfJson(answer)
}

async function stats(
  connection: Connection,
  { day, tenants, by }: StatsRequest,
): Promise<DayStats | undefined> {
  try {
    return await connection.json<DayStats>({ path: '/api/v1/stats', query: { date: day, by }, tenants })
  } catch (error) {
    if (error instanceof LogctlError && error.code === 'NO_LOGS') return undefined
    throw error
  }
}

async function labels(
  connection: Connection,
  { tenants, from, to, where }: LabelsRequest,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const query = { from, to, where: where.length > 0 ? JSON.stringify(where) : undefined }
  const answer = await connection.json<{ labels: Record<string, readonly string[]> }>({
    path: '/api/v1/labels',
    query,
    tenants,
  })
  return answer.labels
}

function prune(connection: Connection, { olderThanMs, dryRun, force }: PruneOptions): Promise<PruneAnswer> {
  return connection.json<PruneAnswer>({
    method: 'POST',
    path: '/api/v1/prune',
    body: JSON.stringify({ older_than_ms: olderThanMs, dry_run: dryRun, force }),
    silenceMs: UPKEEP_MS,
  })
}

async function post(connection: Connection, path: string): Promise<void> {
  const answer = await connection.ask({ method: 'POST', path, body: '', silenceMs: UPKEEP_MS })
  answer.resume()
}
