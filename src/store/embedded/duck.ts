// DuckDB in this process: one instance for sealing and one for queries, each with its own memory limit and a
// queue, so that its jobs never fill libuv's thread pool. Loaded only when a part is written or read.
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { LogctlError, errnoOf, fail, messageOf } from '../../errors.js'

export interface DuckOptions {
  readonly memoryBytes: number
  readonly threads: number
  /** How many statements run at once; the others wait in line. */
  readonly concurrency: number
  /** Where DuckDB may spill; undefined forbids it. */
  readonly spillFolder?: string | undefined
}

export class Duck {
  readonly #options: DuckOptions
  #instance: Promise<DuckDBInstance> | undefined
  #free: number
  #closed = false
  readonly #connections = new Set<DuckDBConnection>()
  readonly #line: (() => void)[] = []

  constructor(options: DuckOptions) {
    this.#options = options
    this.#free = options.concurrency
  }

  /** Runs a statement for its effect and returns the number of rows that it changed. */
  async run(sql: string): Promise<number> {
    return this.#withConnection(undefined, async (connection) => (await connection.run(sql)).rowsChanged)
  }

  /** The texts of a statement's only column. The statement bounds the number of its rows. */
  async texts(sql: string, signal?: AbortSignal): Promise<readonly (string | null)[]> {
    return this.#withConnection(signal, async (connection) => {
      const result = await connection.runAndReadAll(sql)
      return (result.getColumns()[0] ?? []) as (string | null)[]
    })
  }

  /** All columns of a statement's result, as DuckDB's client has their values. The statement bounds the number of its rows. */
  async columns(sql: string, signal?: AbortSignal): Promise<readonly (readonly unknown[])[]> {
    return this.#withConnection(signal, async (connection) =>
      (await connection.runAndReadAll(sql)).getColumns(),
    )
  }

  /** Stops what runs and refuses what waits, with STOPPING. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const connection of this.#connections) connection.interrupt()
    // Once it is our turn this often, nothing runs any more.
    for (let i = 0; i < this.#options.concurrency; i++) await this.#turn()
    const instance = await this.#instance
    this.#instance = undefined
    instance?.closeSync()
  }

  async #withConnection<T>(
    signal: AbortSignal | undefined,
    act: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> {
    this.#refuseIfClosed()
    await this.#turn()
    let connection: DuckDBConnection | undefined
    const interrupt = (): void => connection?.interrupt()
    try {
      signal?.throwIfAborted()
      this.#refuseIfClosed()
      this.#instance ??= this.#open()
      connection = await (await this.#instance).connect()
      this.#refuseIfClosed()
      this.#connections.add(connection)
      signal?.addEventListener('abort', interrupt, { once: true })
      return await act(connection)
    } catch (error) {
      signal?.throwIfAborted()
      this.#refuseIfClosed()
      throw inOurWords(error)
    } finally {
      signal?.removeEventListener('abort', interrupt)
      if (connection) this.#connections.delete(connection)
      connection?.closeSync()
      this.#yield()
    }
  }

  #refuseIfClosed(): void {
    if (this.#closed) fail('STOPPING', 'the store is closing')
  }

  async #open(): Promise<DuckDBInstance> {
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const { memoryBytes, threads, spillFolder } = this.#options
    return DuckDBInstance.create(':memory:', {
      threads: String(threads),
      memory_limit: `${Math.floor(memoryBytes / 1024)}KiB`,
      temp_directory: spillFolder ?? '',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      enable_external_file_cache: 'false',
    })
  }

  async #turn(): Promise<void> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#line.push(resolve))
  }

  #yield(): void {
    const next = this.#line.shift()
    if (next) next()
    else this.#free++
  }
}

function inOurWords(error: unknown): unknown {
  const message = messageOf(error)
  if (message.startsWith('Out of Memory Error'))
    return new LogctlError('QUERY_LIMIT', 'a query needed more memory than it may use', {
      cause: error,
      hints: ['ask for a shorter time range or add matchers', 'raise query.memory in the configuration'],
    })
  return error
}

/** True for what DuckDB or Node throws when a file that it was told to read is gone. */
export function isVanished(error: unknown): boolean {
  if (errnoOf(error) === 'ENOENT') return true
  return /No files found that match|No such file or directory|Cannot open file/.test(messageOf(error))
}

/** An SQL string literal. NUL cannot stand in one. */
export function sqlText(text: string): string {
  if (text.includes('\0')) fail('QUERY_INVALID', 'a text with a NUL character cannot be searched for')
  return `'${text.replaceAll("'", "''")}'`
}

export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
