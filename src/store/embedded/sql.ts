// SQL over the sealed parts of a data folder, run by a process of its own that can be ended at any moment.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fail } from '../../errors.js'
import { MESSAGES, type SqlJob, type SqlMessage, type SqlValue } from './sql-job.js'

export { findSqlFiles, type SqlFiles } from './sql-files.js'
export type { SqlValue } from './sql-job.js'

export interface SqlLimits {
  /** How long the statement may work; time in which nobody reads does not count. Milliseconds. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface SqlPiece {
  readonly columns: readonly string[]
  /** None in the first piece. */
  readonly rows: readonly (readonly SqlValue[])[]
}

/** What Node and DuckDB take beside the memory that DuckDB counts. Bytes. */
const BASE_BYTES = 384 * 1024 * 1024
const WATCH_MS = 200

/**
 * Yields the names of the columns, then rows. Throws QUERY_INVALID for what is no single SELECT or reaches beyond
 * the view `logs`, QUERY_LIMIT, INTERRUPTED.
 */
export async function* runSql(job: SqlJob, limits: SqlLimits): AsyncGenerator<SqlPiece> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('sql-child.js', import.meta.url))], {
    env: {},
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  })
  const watch = watchMemory(child, job.memoryBytes + BASE_BYTES)
  try {
    child.stdin?.on('error', () => {})
    // Left open: its end tells the child that nobody waits any more.
    child.stdin?.write(`${JSON.stringify(job)}\n`)
    yield* readAnswer(child, limits, watch)
  } finally {
    watch.stop()
    child.kill('SIGKILL')
  }
}

async function* readAnswer(
  child: ChildProcess,
  { timeoutMs, signal }: SqlLimits,
  watch: MemoryWatch,
): AsyncGenerator<SqlPiece> {
  const messages = createInterface({ input: child.stdio[MESSAGES] as Readable })[Symbol.asyncIterator]()
  let columns: readonly string[] = []
  let leftMs = timeoutMs
  for (;;) {
    const startedMs = performance.now()
    const line = await beforeLimit(messages.next(), leftMs, signal)
    leftMs -= performance.now() - startedMs
    if (line.done)
      return watch.isExceeded() ? tooMuchMemory() : fail('BUG', 'the process that runs SQL ended')
    const message = JSON.parse(line.value) as SqlMessage
    if ('end' in message) return
    if ('refused' in message) return refused(message.refused)
    if ('error' in message) return failed(message.error)
    if ('columns' in message) columns = message.columns
    yield { columns, rows: 'rows' in message ? message.rows : [] }
  }
}

/** Throws QUERY_LIMIT or INTERRUPTED where the work is not done before. */
async function beforeLimit<T>(work: Promise<T>, leftMs: number, signal: AbortSignal | undefined): Promise<T> {
  const done = new AbortController()
  const ended = new Promise<'late' | 'stopped'>((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, leftMs), 'late')
    const stop = (): void => resolve('stopped')
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, { signal: done.signal })
    done.signal.addEventListener('abort', () => clearTimeout(timer))
  })
  try {
    const first = await Promise.race([work, ended])
    if (first === 'stopped') return fail('INTERRUPTED', 'the statement was stopped')
    if (first === 'late')
      return fail('QUERY_LIMIT', 'the statement took longer than query.timeout allows', {
        hints: ['read fewer days: WHERE date >= …', 'raise query.timeout in the configuration'],
      })
    return first as T
  } finally {
    done.abort()
  }
}

interface MemoryWatch {
  isExceeded(): boolean
  stop(): void
}

/** Ends a child whose resident memory grows beyond the limit, where the system shows it (Linux). */
function watchMemory(child: ChildProcess, mostBytes: number): MemoryWatch {
  let exceeded = false
  const look = async (): Promise<void> => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    const residentBytes = Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
    if (residentBytes <= mostBytes) return
    exceeded = true
    child.kill('SIGKILL')
  }
  const timer = setInterval(() => void look(), WATCH_MS)
  return { isExceeded: () => exceeded, stop: () => clearInterval(timer) }
}

function refused(what: string): never {
  return fail('QUERY_INVALID', `sql runs one SELECT, and this is ${what}`, {
    hints: ["SELECT _level, count(*) FROM logs WHERE date = '2025-01-11' GROUP BY 1"],
  })
}

function failed(said: string): never {
  const message = said.replace(/^Failed to extract statements: /, '')
  const [first = message] = message.split('\n')
  if (first.startsWith('Out of Memory')) return tooMuchMemory()
  if (first.startsWith('Permission Error'))
    return fail('QUERY_INVALID', `a statement reads the view logs and nothing else: ${first}`)
  if (/^(?:IO|Fatal|INTERNAL) Error/i.test(first)) return fail('STORE_FAILED', first)
  return fail('QUERY_INVALID', message.trimEnd(), {
    hints: ['DESCRIBE logs shows the columns'],
  })
}

function tooMuchMemory(): never {
  return fail('QUERY_LIMIT', 'the statement needed more memory than it may use', {
    hints: ['read fewer days: WHERE date >= …', 'raise query.memory in the configuration'],
  })
}
