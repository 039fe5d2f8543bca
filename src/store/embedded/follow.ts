// Follows a data folder: records as they are stored, by sequence. It keeps a position and nothing else, so a slow
// reader costs no memory; what was sealed meanwhile is read from the parts.
import { join } from 'node:path'
import { compileConditions, needlesOf, tenantsAllow } from '../../record/condition.js'
import { type StoredRecord, withSortedFields } from '../../record/record.js'
import type { FollowRequest, ScanOptions } from '../../record/scanner.js'
import type { Day } from '../../record/time.js'
import { turns } from '../../record/turns.js'
import { isVanished, sqlText } from './duck.js'
import type { HotBatch } from './hot-batch.js'
import type { Part } from './part.js'
import { readRow, rowSql } from './part-row.js'
import {
  type Candidate,
  type PartSource,
  type ViewedParts,
  readAround,
  readFirst,
  readSide,
} from './readable-parts.js'
import { recordsOf } from './segment.js'
import { type View, type ViewSource, isNewest, lostFile } from './view.js'

/** Rows that one catch-up statement returns. */
const PIECE_ROWS = 4_096
/** Records of the hot log that are read at a time. */
const HOT_PIECE = 1_024

export async function* follow(
  views: ViewSource,
  source: PartSource,
  request: FollowRequest,
  options: ScanOptions = {},
): AsyncGenerator<readonly StoredRecord[]> {
  const { signal } = options
  const judge = compileConditions(request.where)
  const wants = (record: StoredRecord): boolean => tenantsAllow(request.tenants, record) && judge(record)
  const needles = needlesOf(request.where)
  let position = request.sequenceAbove
  const lost = new Set<number>()
  while (!signal?.aborted) {
    const view = await views.current()
    try {
      while (position < view.manifest.sealedThrough) {
        const viewed = { ...source, isNewest: () => isNewest(views, view) }
        const rows = await sealedRows(viewed, { view, above: position, lost }, options)
        position =
          rows.length < PIECE_ROWS ? view.manifest.sealedThrough : (rows.at(-1) as StoredRecord).sequence
        const wanted = rows.filter(wants)
        if (wanted.length > 0) yield wanted
        if (signal?.aborted) return
      }
    } catch (error) {
      if (!isVanished(error)) throw error
      if (await isNewest(views, view)) lostFile(error)
      continue
    }
    for (const batch of view.segments.flatMap((segment) => segment.batches)) {
      const last = batch.frame.sequence + batch.frame.records - 1
      if (last <= position) continue
      let whole = true
      for await (const piece of piecesOf(
        batch,
        needles,
        (record) => record.sequence > position && wants(record),
      )) {
        whole = piece !== undefined
        if (!piece) break
        position = piece.at(-1)?.sequence ?? position
        yield piece
        if (signal?.aborted) return
      }
      // Sealed long ago, while a slow reader took its time: a newer view has its records in parts.
      if (!whole) break
      position = last
    }
    if (!(await views.changed(position, signal))) return
  }
}

/** Wanted records of a batch, few at a time; undefined when the file of the batch is gone. */
async function* piecesOf(
  batch: HotBatch,
  needles: readonly string[],
  wants: (record: StoredRecord) => boolean,
): AsyncGenerator<StoredRecord[] | undefined> {
  const giveWay = turns()
  let piece: StoredRecord[] = []
  try {
    for (const record of recordsOf(batch, needles)) {
      const turn = giveWay()
      if (turn) await turn
      if (!wants(record)) continue
      if (piece.push(withSortedFields(record)) < HOT_PIECE) continue
      yield piece
      piece = []
    }
  } catch (error) {
    if (!isVanished(error)) throw error
    yield undefined
    return
  }
  if (piece.length > 0) yield piece
}

interface Sealed {
  readonly view: View
  readonly above: number
  /** Parts that cannot be read, which has been said. */
  readonly lost: Set<number>
}

/** The next sealed rows behind a sequence, whatever their time. */
async function sealedRows(
  source: ViewedParts,
  { view, above, lost }: Sealed,
  options: ScanOptions,
): Promise<StoredRecord[]> {
  const candidates: Candidate[] = []
  for (const part of await partsBehind(source, view, above)) {
    if (lost.has(part.id)) continue
    const side = await readSide(source, part, options)
    if (side) candidates.push({ part, side })
    else lost.add(part.id)
  }
  const readSome = (some: readonly Candidate[]) => readRows(source, some, above)
  const read = (usable: readonly Candidate[]) =>
    readFirst(usable, readSome, { limit: PIECE_ROWS, order: bySequence })
  const { result, usable } = await readAround(source, candidates, read, options)
  for (const { part } of candidates) if (!usable.some((one) => one.part === part)) lost.add(part.id)
  return result
}

function bySequence(a: StoredRecord, b: StoredRecord): number {
  return a.sequence - b.sequence
}

async function partsBehind({ cache }: PartSource, view: View, above: number): Promise<Part[]> {
  const parts: Part[] = []
  for (const day of Object.keys(view.manifest.days) as Day[]) {
    const entry = view.manifest.days[day]
    if (entry) parts.push(...(await cache.day(entry)).parts.filter((part) => part.lastSequence > above))
  }
  return parts
}

async function readRows(
  { cache, duck }: PartSource,
  candidates: readonly Candidate[],
  above: number,
): Promise<StoredRecord[]> {
  const selects = candidates.map(({ part, side }, i) => {
    const file = sqlText(join(cache.data, part.parquet.file))
    const rows = `SELECT * FROM read_parquet(${file}) WHERE _seq > ${above} ORDER BY _seq LIMIT ${PIECE_ROWS}`
    return `SELECT _seq AS s, ${rowSql(i, side.columns)} AS j FROM (${rows})`
  })
  const texts = await duck.texts(
    `SELECT j FROM (${selects.join(' UNION ALL ')}) ORDER BY s LIMIT ${PIECE_ROWS}`,
  )
  return texts.map((text) => readRow(text as string, (i) => (candidates[i] as Candidate).side))
}
