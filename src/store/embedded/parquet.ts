// Makes one Parquet file of NDJSON, for exports: the same few columns whatever the records hold.
import { Duck, sqlText } from './duck.js'

export interface ParquetSource {
  /** NDJSON with the keys of `COLUMNS`. */
  readonly file: string
  /** No line is longer. Bytes. */
  readonly longestLine: number
  readonly memoryBytes: number
}

const COLUMNS = {
  timestamp: 'TIMESTAMP_NS',
  tenant: 'VARCHAR',
  level: 'VARCHAR',
  line: 'VARCHAR',
  labels: 'VARCHAR',
  fields: 'VARCHAR',
} as const

const MIN_LINE_BYTES = 1024 * 1024

/** Keeps the order of the lines. The target is not synced. */
export async function writeParquet(source: ParquetSource, target: string): Promise<void> {
  const { file, longestLine, memoryBytes } = source
  const types = Object.entries(COLUMNS).map(([name, type]) => `${name}: ${sqlText(type)}`)
  const longest = Math.max(longestLine, MIN_LINE_BYTES)
  const rows = `read_ndjson(${sqlText(file)}, columns = {${types.join(', ')}}, format = 'newline_delimited', maximum_object_size = ${longest})`
  const duck = new Duck({ memoryBytes, threads: 1, concurrency: 1 })
  try {
    await duck.run(`COPY (FROM ${rows}) TO ${sqlText(target)} (FORMAT parquet, COMPRESSION zstd)`)
  } finally {
    await duck.close()
  }
}
