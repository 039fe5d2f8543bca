// Scans sealed parts in the order of time. Parts that overlap in time are read together, in windows of bounded
// size; each piece is one statement whose result is whole or an error.
import { join } from 'node:path'
import { type StoredRecord, compareRecords } from '../../record/record.js'
import type { ScanOptions } from '../../record/scanner.js'
import type { ScanRequest } from '../../record/scan-request.js'
import { type Timestamp, nsOf, timestampOfNs } from '../../record/time.js'
import { turns } from '../../record/turns.js'
import { type Duck, sqlText } from './duck.js'
import type { Part, PartSide } from './part.js'
import { type Cursor, partOverlaps, wantedWords, whereSql } from './part-query.js'
import { readRow, rowSql } from './part-row.js'
import { type Candidate, type ViewedParts, readAround, readFirst, readSide } from './readable-parts.js'
import { mayContain } from './word-filter.js'

/** The most rows that one statement returns. */
const PIECE_ROWS = 16_384
/** The most record bytes (as in the hot log) that a window is expected to hold where everything matches. */
const WINDOW_BYTES = 16 * 1024 * 1024

/** Yields by (timestamp, sequence) in the direction of the request; records still have to be judged. */
export async function* scanParts(
  source: ViewedParts,
  parts: readonly Part[],
  request: ScanRequest,
  options: ScanOptions,
): AsyncGenerator<readonly StoredRecord[]> {
  const overlapping = parts.filter((part) => partOverlaps(part, request))
  for (const cluster of clusters(overlapping, request.direction)) {
    const candidates = await findCandidates(source, cluster, request, options)
    if (candidates.length > 0) yield* scanCluster(source, candidates, { request }, options)
  }
}

/** A request to some parts, and which of their rows are wanted at all, as SQL; absent: all of them. */
export interface PartScan {
  readonly request: ScanRequest
  readonly only?: ((side: PartSide) => string) | undefined
}

/** The same for parts that are known already, in no order between those that share no stretch of time. */
export async function* scanCandidates(
  source: ViewedParts,
  candidates: readonly Candidate[],
  asked: PartScan,
  options: ScanOptions,
): AsyncGenerator<readonly StoredRecord[]> {
  const byPart = new Map(candidates.map((candidate) => [candidate.part, candidate]))
  for (const cluster of clusters([...byPart.keys()], asked.request.direction)) {
    const some = cluster.flatMap((part) => byPart.get(part) ?? [])
    yield* scanCluster(source, some, asked, options)
  }
}

/** Groups of parts between which no stretch of time is shared, in the direction of reading. */
export function clusters(parts: readonly Part[], direction: ScanRequest['direction']): Part[][] {
  const groups: Part[][] = []
  let end = ''
  for (const part of [...parts].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.id - b.id))) {
    const group = groups.at(-1)
    if (group && part.from <= end) group.push(part)
    else groups.push([part])
    if (part.to > end) end = part.to
  }
  return direction === 'forward' ? groups : groups.toReversed()
}

/** The parts that may hold what is wanted. */
export async function findCandidates(
  source: ViewedParts,
  parts: readonly Part[],
  request: ScanRequest,
  options: ScanOptions,
): Promise<Candidate[]> {
  const wanted = wantedWords(request.where)
  const found: Candidate[] = []
  for (const part of parts) {
    if (!partOverlaps(part, request)) continue
    const words = wanted.length > 0 ? await source.cache.words(part) : undefined
    if (words && !wanted.every((sets) => sets.some((set) => mayContain(words, set)))) continue
    const side = await readSide(source, part, options)
    if (side && whereSql(side, request, undefined) !== undefined) found.push({ part, side })
  }
  return found
}

/**
 * Every statement reads all parts of the cluster, so the fewer the better, but what it returns must fit into
 * memory. With a condition on texts the first statement dares the whole stretch; a piece that comes back full, or
 * a request for everything, goes on in windows of time that grow and shrink with what they hold.
 */
async function* scanCluster(
  source: ViewedParts,
  candidates: readonly Candidate[],
  { request, only }: PartScan,
  options: ScanOptions,
): AsyncGenerator<readonly StoredRecord[]> {
  let rows = Math.min(PIECE_ROWS, request.limit ?? PIECE_ROWS)
  const span = spanOf(candidates, request)
  let width = firstWidth(candidates, { request, only }, span)
  let usable = candidates
  let cursor: Cursor | undefined
  for (let done = 0n; done < span.ns;) {
    const window = windowAt(span, done, width, request.direction)
    const piece = { request: { ...request, ...window }, only, cursor, rows }
    const read = (from: readonly Candidate[]) => readPiece(source, from, piece, options.signal)
    const { result: records, usable: readable } = await readAround(source, usable, read, options)
    usable = readable
    if (records.length > 0) yield records
    if (records.length === rows) {
      cursor = records.at(-1) as StoredRecord
      const reached = nsOf(cursor.timestamp) - span.from
      const behind = request.direction === 'forward' ? reached : span.ns - reached - 1n
      if (behind > done) width = behind - done
      done = behind > done ? behind : done
      // Whoever asks for a few records may still refuse most of what the statements let through.
      rows = Math.min(PIECE_ROWS, rows * 4)
    } else {
      done += width
      if (records.length < rows / 4) width *= 4n
    }
  }
}

interface Span {
  /** Nanoseconds since the epoch. */
  readonly from: bigint
  readonly ns: bigint
}

/** The stretch of time in which the request and the parts overlap. */
function spanOf(candidates: readonly Candidate[], request: ScanRequest): Span {
  const first = candidates.map(({ part }) => part.from).reduce((a, b) => (a < b ? a : b))
  const last = candidates.map(({ part }) => part.to).reduce((a, b) => (a > b ? a : b))
  const from = nsOf(request.from !== undefined && request.from > first ? request.from : first)
  const to = request.to !== undefined && request.to <= last ? nsOf(request.to) : nsOf(last) + 1n
  return { from, ns: to - from }
}

/**
 * Where few are wanted, as much as one part spans, so that whatever lies beyond is mostly not read at all; where a
 * condition leaves few over, all at once.
 */
function firstWidth(candidates: readonly Candidate[], { request, only }: PartScan, span: Span): bigint {
  if (request.limit !== undefined && request.limit <= PIECE_ROWS)
    return span.ns / BigInt(candidates.length) + 1n
  if (isSelective({ request, only })) return span.ns
  const bytes = candidates.reduce((sum, { part }) => sum + part.hotBytes, 0)
  return span.ns / BigInt(Math.ceil(bytes / WINDOW_BYTES) || 1) + 1n
}

/** The window that begins `done` nanoseconds from the end at which the scan starts. */
function windowAt(
  span: Span,
  done: bigint,
  width: bigint,
  direction: ScanRequest['direction'],
): { readonly from: Timestamp | undefined; readonly to: Timestamp | undefined } {
  const end = done + width < span.ns ? done + width : span.ns
  const [from, to] = direction === 'forward' ? [done, end] : [span.ns - end, span.ns - done]
  return { from: timestampOfNs(span.from + from), to: timestampOfNs(span.from + to) }
}

interface Piece extends PartScan {
  readonly cursor: Cursor | undefined
  readonly rows: number
}

async function readPiece(
  { duck, cache }: ViewedParts,
  candidates: readonly Candidate[],
  piece: Piece,
  signal: AbortSignal | undefined,
): Promise<StoredRecord[]> {
  const read = async (some: readonly Candidate[]): Promise<StoredRecord[]> => {
    const wanted = wantedRows(cache.data, some, piece)
    const few =
      isSelective(piece) && !some.some(hasNumberColumn) ? await fewRows(duck, wanted, signal) : undefined
    const sql = pieceSql(few ?? wanted, some, { ...piece, byNumber: few !== undefined })
    if (sql === undefined) return []
    const texts = await duck.texts(sql, signal)
    const records: StoredRecord[] = []
    const giveWay = turns(signal)
    for (const text of texts) {
      records.push(readRow(text as string, (i) => (some[i] as Candidate).side))
      const turn = giveWay()
      if (turn) await turn
    }
    return records
  }
  const forward = piece.request.direction === 'forward'
  const order = forward ? compareRecords : (a: StoredRecord, b: StoredRecord) => compareRecords(b, a)
  return readFirst(candidates, read, { limit: piece.rows, order })
}

/** Rows of one part. */
interface WantedRows {
  /** The part's place among the candidates. */
  readonly candidate: number
  /** SQL text of the file's name. */
  readonly file: string
  readonly where: string
}

function wantedRows(
  data: string,
  candidates: readonly Candidate[],
  { request, only, cursor }: Piece,
): WantedRows[] {
  return candidates.flatMap(({ part, side }, candidate) => {
    const where = partOverlaps(part, request) ? whereSql(side, request, cursor) : undefined
    const also = only?.(side) ?? 'true'
    if (where === undefined || also === 'false') return []
    return [{ candidate, file: sqlText(join(data, part.parquet.file)), where: `${where} AND (${also})` }]
  })
}

function isSelective({ request, only }: PartScan): boolean {
  return only !== undefined || request.where.some(({ kind }) => kind !== 'label' && kind !== 'level')
}

/** DuckDB gives no row numbers where a column has their name. */
function hasNumberColumn({ side }: Candidate): boolean {
  return side.columns.some(({ name }) => name.toLowerCase() === 'file_row_number')
}

/** Of so many rows the numbers are asked for first, and then the rest of their columns in their row groups only. */
const FEW_ROWS = 512

/** The same rows by their numbers; undefined when they are not few. */
async function fewRows(
  duck: Duck,
  wanted: readonly WantedRows[],
  signal: AbortSignal | undefined,
): Promise<WantedRows[] | undefined> {
  if (wanted.length === 0) return []
  const selects = wanted.map(
    ({ file, where }, i) =>
      `SELECT ${i} AS part, file_row_number AS number FROM read_parquet(${file}, file_row_number = true) WHERE ${where}`,
  )
  const sql = `SELECT part, number FROM (${selects.join(' UNION ALL ')}) LIMIT ${FEW_ROWS + 1}`
  const [parts = [], numbers = []] = await duck.columns(sql, signal)
  if (parts.length > FEW_ROWS) return undefined
  const byPart = new Map<number, number[]>()
  for (const [row, part] of parts.entries()) {
    const known = byPart.get(Number(part))
    if (known) known.push(Number(numbers[row]))
    else byPart.set(Number(part), [Number(numbers[row])])
  }
  return [...byPart].map(([part, rows]) => {
    const { candidate, file } = wanted[part] as WantedRows
    const [first, last] = [Math.min(...rows), Math.max(...rows)]
    const where = `file_row_number BETWEEN ${first} AND ${last} AND file_row_number IN (${rows.join(',')})`
    return { candidate, file, where }
  })
}

function pieceSql(
  wanted: readonly WantedRows[],
  candidates: readonly Candidate[],
  { request, rows, byNumber }: Piece & { readonly byNumber: boolean },
): string | undefined {
  if (wanted.length === 0) return undefined
  const direction = request.direction === 'forward' ? 'ASC' : 'DESC'
  const selects = wanted.map(({ candidate, file, where }) => {
    const columns = (candidates[candidate] as Candidate).side.columns
    const found = `SELECT * FROM read_parquet(${file}${byNumber ? ', file_row_number = true' : ''}) WHERE ${where} ORDER BY _time ${direction}, _seq ${direction} LIMIT ${rows}`
    return `SELECT epoch_ns(_time) AS k, _seq AS s, ${rowSql(candidate, columns)} AS j FROM (${found})`
  })
  return `SELECT j FROM (${selects.join(' UNION ALL ')}) ORDER BY k ${direction}, s ${direction} LIMIT ${rows}`
}
