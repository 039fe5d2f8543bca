// The slow way into a part, for segments that need it: records are written again as NDJSON, each day into a file of
// its own, with only the keys that have a column, their own sequence, and the rest in `more`.
import { appendFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import type { StoredRecord } from '../../record/record.js'
import { type Day, dayOf } from '../../record/time.js'
import type { ColumnPlan } from './columns.js'
import type { More } from './part.js'
import { type Segment, recordsOf } from './segment.js'

/** How much text is held before it is written, over all days together. */
const HELD_CHARS = 4 << 20

export interface RewriteTarget {
  readonly plan: ColumnPlan
  /** Not there yet. */
  readonly file: string
}

/** Writes the records of all the days in one pass over the segment. */
export async function rewriteDays(segment: Segment, targets: ReadonlyMap<Day, RewriteTarget>): Promise<void> {
  const columns = new Map([...targets].map(([day, { plan }]) => [day, namesOf(plan)]))
  const held = new Map<Day, string>()
  let chars = 0
  const flush = async (): Promise<void> => {
    for (const [day, text] of held) await appendFile((targets.get(day) as RewriteTarget).file, text)
    held.clear()
    chars = 0
  }
  for (const batch of segment.batches) {
    for (const record of recordsOf(batch)) {
      const day = dayOf(record.timestamp)
      const names = columns.get(day)
      if (!names) continue
      const text = rewrite(record, segment, names)
      held.set(day, (held.get(day) ?? '') + text)
      chars += text.length
    }
    if (chars > HELD_CHARS) await flush()
    // Requests get their turn: a segment takes longer than they should wait.
    await setImmediate()
  }
  await flush()
}

interface ColumnNames {
  readonly labels: ReadonlySet<string>
  readonly fields: ReadonlySet<string>
}

function namesOf({ columns }: ColumnPlan): ColumnNames {
  const of = (columnClass: 'label' | 'field'): ReadonlySet<string> =>
    new Set(columns.filter((column) => column.class === columnClass).map((column) => column.name))
  return { labels: of('label'), fields: of('field') }
}

function rewrite(record: StoredRecord, segment: Segment, names: ColumnNames): string {
  const { timestamp, sequence, tenant, level, line } = record
  const stream = segment.streamNumber(tenant, record.labels)
  const shape = segment.shapes.numberFor(record, line)
  const [labels, otherLabels] = split(record.labels, names.labels)
  const [fields, otherFields] = split(record.fields, names.fields)
  const rest: More = {
    ...(otherLabels && { labels: otherLabels }),
    ...(otherFields && { fields: otherFields }),
  }
  const more = otherLabels || otherFields ? JSON.stringify(rest) : undefined
  const text = JSON.stringify({
    timestamp,
    stream,
    sequence,
    tenant,
    level,
    shape,
    line,
    labels,
    fields,
    more,
  })
  return `${text.includes('\\ud') ? withoutHalves(text) : text}\n`
}

/** JSON escapes nothing but halves of surrogate pairs so; no door lets them in, and DuckDB would not read them. */
function withoutHalves(json: string): string {
  return json.replaceAll(/\\(?:ud[89a-f][0-9a-f]{2}|[^])/g, (escape) =>
    escape.startsWith('\\ud') ? '\\ufffd' : escape,
  )
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
