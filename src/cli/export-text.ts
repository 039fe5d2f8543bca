// A record as the formats of an export write it. CSV and Parquet have the same columns for every record; labels and
// fields stand there as JSON.
import { csvLine } from '../format/csv.js'
import { type LogRecord, recordToJson } from '../record/record.js'

export const EXPORT_FORMATS = ['ndjson', 'csv', 'parquet'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

const COLUMNS = ['timestamp', 'tenant', 'level', 'line', 'labels', 'fields'] as const

/** What stands before the first record. */
export function headText(format: ExportFormat): string {
  return format === 'csv' ? csvLine(COLUMNS) : ''
}

/** A line; for Parquet that of the NDJSON which it is made of. */
export function exportText(format: ExportFormat, record: LogRecord): string {
  if (format === 'ndjson') return `${recordToJson(record)}\n`
  const { timestamp, tenant, level, line } = record
  const [labels, fields] = [JSON.stringify(record.labels), JSON.stringify(record.fields)]
  if (format === 'csv') return csvLine([timestamp, tenant, level, line, labels, fields])
  return `${JSON.stringify({ timestamp, tenant, level, line, labels, fields })}\n`
}
