// An entry for tests: only what a test names differs from an empty line of one stream.
import { Entry } from '#logctl/query/entry.js'
import type { StoredRecord } from '#logctl/record/record.js'
import type { Timestamp } from '#logctl/record/time.js'

export function anEntry(record: Partial<StoredRecord> = {}): Entry {
  return new Entry({
    timestamp: '2025-01-11T09:30:00.123456789Z' as Timestamp,
    sequence: 1,
    tenant: 'none',
    labels: {},
    level: 'info',
    line: '',
    fields: {},
    ...record,
  })
}
