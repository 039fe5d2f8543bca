// Follows a data folder: records as they are stored, by sequence. It keeps a position and nothing else, so a slow
// reader costs no memory; what was sealed meanwhile is read from the parts.
import { join } from 'node:path'
import { compileConditions, needlesOf, tenantsAllow } from '../../record/condition.js'
import { type StoredRecord, withSortedFields } from '../../record/record.js'
import type { FollowRequest, ScanOptions } from '../../record/scanner.js'
import type { Day } from '../../record/time.js'
import { isVanished, sqlText } from './duck.js'
import type { Part, PartSide } from './part.js'
import { readRow, rowSql } from './part-row.js'
import type { PartSource } from './scan-parts.js'
import { recordsOf } from './segment.js'
import type { View, ViewSource } from './view.js'

/** Rows that one catch-up statement returns. */
const PIECE_ROWS = 4_096

export async function* follow(
  views: ViewSource,
  source: PartSource,
  request: FollowRequest,
  options: ScanOptions = {},
): AsyncGenerator<readonly StoredRecord[]> {
  const { signal } = options
  const judge = compileConditions(request.where)
  const wants = (record: StoredRecord): boolean => tenantsAllow(request.tenants, record) && judge(record)
  const needles = needlesOf(request.where).map((needle) => Buffer.from(needle))
  let position = request.sequenceAbove
  while (!signal?.aborted) {
    const view = await views.current()
    try {
      while (position < view.manifest.sealedThrough) {
        const rows = await sealedRows(source, view, position)
        position =
          rows.length < PIECE_ROWS ? view.manifest.sealedThrough : (rows.at(-1) as StoredRecord).sequence
        const wanted = rows.filter(wants)
        if (wanted.length > 0) yield wanted
        if (signal?.aborted) return
      }
    } catch (error) {
      if (!isVanished(error)) throw error
      continue
    }
    for (const batch of view.segments.flatMap((segment) => segment.batches)) {
      const last = batch.frame.sequence + batch.frame.records - 1
      if (last <= position) continue
      const after = position
      const wanted = [...recordsOf(batch, needles)].filter(
        (record) => record.sequence > after && wants(record),
      )
      position = last
      if (wanted.length > 0) yield wanted.map(withSortedFields)
      if (signal?.aborted) return
    }
    await views.changed(position, signal)
  }
}

/** The next sealed rows behind a sequence, whatever their time. */
async function sealedRows({ cache, duck }: PartSource, view: View, above: number): Promise<StoredRecord[]> {
  const parts: Part[] = []
  for (const day of Object.keys(view.manifest.days) as Day[]) {
    const entry = view.manifest.days[day]
    if (entry) parts.push(...(await cache.day(entry)).parts.filter((part) => part.lastSequence > above))
  }
  if (parts.length === 0) return []
  const sides = await Promise.all(parts.map((part) => cache.side(part)))
  const selects = parts.map((part, i) => {
    const file = sqlText(join(cache.data, part.parquet.file))
    const rows = `SELECT * FROM read_parquet(${file}) WHERE _seq > ${above} ORDER BY _seq LIMIT ${PIECE_ROWS}`
    return `SELECT _seq AS s, ${rowSql(i, (sides[i] as PartSide).columns)} AS j FROM (${rows})`
  })
  const texts = await duck.texts(
    `SELECT j FROM (${selects.join(' UNION ALL ')}) ORDER BY s LIMIT ${PIECE_ROWS}`,
  )
  return texts.map((text) => readRow(text as string, (i) => sides[i] as PartSide))
}
