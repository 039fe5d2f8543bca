// The JSON text of a stored record on the wire: the contract's form with its sequence at the end.
import type { StoredRecord } from '../../record/record.js'

export function storedRecordToJson(record: StoredRecord): string {
  const { timestamp, tenant, labels, level, line, fields, sequence } = record
  return JSON.stringify({ timestamp, tenant, labels, level, line, fields, sequence })
}
