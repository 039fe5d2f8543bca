// Values of DuckDB as JSON has them: whole numbers stay numbers where a double holds them, times are texts.
import { type DuckDBValueConverter, JsonDuckDBValueConverter } from '@duckdb/node-api'
import type { SqlValue } from './sql-job.js'

export const plainValue: DuckDBValueConverter<SqlValue> = (value, type, converter) => {
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value)
  return JsonDuckDBValueConverter(value, type, converter as typeof JsonDuckDBValueConverter) as SqlValue
}
