// What the process that runs SQL is told on its standard input, and what it says line by line on descriptor 3. Not on
// standard output: there are statements that make DuckDB print there.

export interface SqlJob {
  readonly statement: string
  /** The Parquet files behind the view `logs`; nothing else can be opened. */
  readonly files: readonly string[]
  /** Absent: all. */
  readonly tenants?: readonly string[] | undefined
  readonly limit?: number | undefined
  readonly memoryBytes: number
  readonly threads: number
}

/** JSON has no larger numbers: what a double cannot hold is a text. */
export type SqlValue =
  null | boolean | number | string | readonly SqlValue[] | { readonly [name: string]: SqlValue }

export type SqlMessage =
  | { readonly columns: readonly string[] }
  | { readonly rows: readonly (readonly SqlValue[])[] }
  /** Without it the answer is not whole. */
  | { readonly end: true }
  | { readonly error: string }
  /** A statement that is more than one, or no SELECT; named as DuckDB does. */
  | { readonly refused: string }

/** The descriptor that messages are written to. */
export const MESSAGES = 3
