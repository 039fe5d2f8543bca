// The slow way into a part, for days that need it: records are written again as NDJSON with only the keys that
// have a column, their own sequence, and the rest in `more`.
import { type FileHandle, open } from 'node:fs/promises'
import type { StoredRecord } from '../../record/record.js'
import { type Day, dayOf } from '../../record/time.js'
import type { ColumnPlan } from './columns.js'
import type { More } from './part.js'
import type { Segment } from './segment.js'
import { recordsOf } from './segment.js'

const CHUNK_CHARS = 1 << 20

/** Writes the day's records of the segment to the file. */
export async function rewriteDay(segment: Segment, day: Day, plan: ColumnPlan, file: string): Promise<void> {
  const labels = namesOf(plan, 'label')
  const fields = namesOf(plan, 'field')
  const handle = await open(file, 'w')
  try {
    let chunk = ''
    for (const batch of segment.batches) {
      for (const record of recordsOf(batch)) {
        if (dayOf(record.timestamp) !== day) continue
        chunk += rewrite(record, segment.streamNumber(record.tenant, record.labels), { labels, fields })
        if (chunk.length > CHUNK_CHARS) chunk = await flush(handle, chunk)
      }
    }
    await flush(handle, chunk)
  } finally {
    await handle.close()
  }
}

async function flush(handle: FileHandle, chunk: string): Promise<''> {
  await handle.write(chunk)
  return ''
}

function namesOf(plan: ColumnPlan, columnClass: 'label' | 'field'): ReadonlySet<string> {
  return new Set(plan.columns.filter((column) => column.class === columnClass).map((column) => column.name))
}

function rewrite(
  record: StoredRecord,
  stream: number,
  names: { readonly labels: ReadonlySet<string>; readonly fields: ReadonlySet<string> },
): string {
  const { timestamp, sequence, tenant, level, line } = record
  const [labels, otherLabels] = split(record.labels, names.labels)
  const [fields, otherFields] = split(record.fields, names.fields)
  const rest: More = {
    ...(otherLabels && { labels: otherLabels }),
    ...(otherFields && { fields: otherFields }),
  }
  const more = otherLabels || otherFields ? JSON.stringify(rest) : undefined
  return `${JSON.stringify({ timestamp, stream, sequence, tenant, level, line, labels, fields, more })}\n`
}

/** What has a column, and the rest where there is any. */
function split<T>(
  values: Readonly<Record<string, T>>,
  columns: ReadonlySet<string>,
): [object, Record<string, T> | undefined] {
  const inside: Record<string, T> = {}
  let outside: Record<string, T> | undefined
  for (const [name, value] of Object.entries(values)) {
    if (columns.has(name)) inside[name] = value
    else (outside ??= Object.create(null) as Record<string, T>)[name] = value
  }
  return [inside, outside]
}
