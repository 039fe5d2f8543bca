// Merging: small parts of a day become one. What was sealed full is left as it is: merging it would cost much and
// gain little.
import { join } from 'node:path'
import { fail } from '../../errors.js'
import type { Day } from '../../record/time.js'
import type { TimeUnit } from './day-index.js'
import type { Duck } from './duck.js'
import { sqlName, sqlText } from './duck.js'
import type { Steps } from './durable.js'
import type { Change } from './manifest.js'
import type { Column, ColumnType, Part, PartCount, PartSide } from './part.js'
import type { PartCache } from './part-cache.js'
import { placePart, readIntact, workFile } from './part-files.js'
import { TIME_TYPE, copySql, mixedTextSql } from './seal-sql.js'
import { type Stream, streamKey } from './segment.js'
import type { Shape } from './shape.js'
import { mergeWordFilters } from './word-filter.js'

export interface MergeContext {
  readonly data: string
  readonly steps: Steps
  readonly duck: Duck
  readonly cache: PartCache
  readonly rowGroupRows: number
  readonly compressionLevel: number
}

/** Parts whose records took less than this share of a full segment are small. */
const SMALL_SHARE = 0.5
/** The most that is merged at once, as a multiple of a full segment. */
const MERGED_SEGMENTS = 2
const MIN_PARTS = 4
const MAX_PARTS = 64
const MAX_COLUMNS = 1_000

/**
 * The small parts of a day that stand together in the sequence and are worth merging; undefined when there are
 * too few. Parts of one run are adjacent, so that the merged part's place in the sequence stays its own.
 */
export function chooseParts(parts: readonly Part[], segmentBytes: number): readonly Part[] | undefined {
  return smallRuns(parts, segmentBytes)
    .map(balanced)
    .find((run) => run.length >= MIN_PARTS)
}

function smallRuns(parts: readonly Part[], segmentBytes: number): Part[][] {
  const runs: Part[][] = [[]]
  let bytes = 0
  for (const part of parts) {
    const run = runs.at(-1) as Part[]
    const small = part.hotBytes < segmentBytes * SMALL_SHARE
    const fits = bytes + part.hotBytes <= segmentBytes * MERGED_SEGMENTS && run.length < MAX_PARTS
    if (small && fits) run.push(part)
    else runs.push(small ? [part] : [])
    bytes = small && fits ? bytes + part.hotBytes : small ? part.hotBytes : 0
  }
  return runs
}

/** Without a part that outweighs all others, so that a record is written again only as often as its part doubles. */
function balanced(run: readonly Part[]): readonly Part[] {
  const total = run.reduce((sum, part) => sum + part.hotBytes, 0)
  const heavy = run.findIndex((part) => part.hotBytes > total / 2)
  return heavy < 0 ? run : balanced(run.slice(heavy + 1))
}

/** Undefined when too few of the parts can share columns. */
export async function mergeParts(
  context: MergeContext,
  day: Day,
  chosen: readonly Part[],
  id: number,
): Promise<Change | undefined> {
  const { cache, steps, duck, data } = context
  const { parts, sides } = agreeing(chosen, await Promise.all(chosen.map((part) => cache.side(part))))
  const columns = sharedColumns(sides)
  if (!columns || parts.length < MIN_PARTS) return undefined
  const { streams, numbers } = mergeStreams(sides)
  const { shapes, places } = mergeShapes(sides)
  const counts = mergeCounts(sides, numbers)
  const more = sides.some((side) => side.more !== false)
  const side: PartSide = { format: 1, unit: coarsestCommon(sides), streams, counts, columns, shapes, more }
  const words = mergeWordFilters(await Promise.all(parts.map((part) => cache.words(part))))
  const selects = parts.map((part, i) =>
    selectSql(join(data, part.parquet.file), {
      side,
      part: sides[i] as PartSide,
      numbers: numbers[i] as number[],
      shapes: places[i] as number[],
    }),
  )
  const target = {
    file: workFile(data, id),
    rowGroupRows: context.rowGroupRows,
    compressionLevel: context.compressionLevel,
    metadata: JSON.stringify({ format: 1, columns }),
  }
  const records = parts.reduce((sum, part) => sum + part.records, 0)
  // Damage must not be written again under a checksum of its own.
  for (const { parquet } of parts)
    if (!(await readIntact(data, parquet)))
      fail('DATA_DAMAGED', `${parquet.file} does not match its checksum`)
  await steps.take('merge.write', async () => {
    const rows = await duck.run(
      copySql(`${selects.join(' UNION ALL ')} ORDER BY _stream, _time, _seq`, target),
    )
    if (rows !== records) fail('DATA_DAMAGED', `merging ${day} wrote ${rows} of ${records} records`)
  })
  const files = await placePart({ ...context, maker: 'merge' }, { day, id, side, words })
  const part: Part = { id, ...files, records, ...spanOf(parts) }
  const change = { add: [{ part, totals: {} }], remove: new Set(parts.map((old) => old.id)) }
  return { days: new Map([[day, change]]), nextPart: id + 1 }
}

/** The longest stretch of the parts whose columns agree. */
function agreeing(
  parts: readonly Part[],
  sides: readonly PartSide[],
): { readonly parts: readonly Part[]; readonly sides: readonly PartSide[] } {
  let best: readonly [number, number] = [0, 0]
  for (let start = 0, end = 1; end <= parts.length; end++) {
    while (!sharedColumns(sides.slice(start, end))) start++
    if (end - start > best[1] - best[0]) best = [start, end]
  }
  return { parts: parts.slice(...best), sides: sides.slice(...best) }
}

function spanOf(parts: readonly Part[]): Omit<Part, 'id' | 'parquet' | 'side' | 'words' | 'records'> {
  const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0)
  const least = <T>(of: (part: Part) => T): T => parts.map(of).reduce((a, b) => (a < b ? a : b))
  const most = <T>(of: (part: Part) => T): T => parts.map(of).reduce((a, b) => (a > b ? a : b))
  return {
    bytes: sum((part) => part.bytes),
    hotBytes: sum((part) => part.hotBytes),
    from: least((part) => part.from),
    to: most((part) => part.to),
    firstSequence: least((part) => part.firstSequence),
    lastSequence: most((part) => part.lastSequence),
  }
}

/** All columns of all parts; a name whose types differ becomes `mixed`. Undefined where classes or case differ. */
function sharedColumns(sides: readonly PartSide[]): Column[] | undefined {
  const shared = new Map<string, Column>()
  for (const column of sides.flatMap((side) => side.columns)) {
    const key = column.name.toLowerCase()
    const known = shared.get(key)
    if (known && (known.name !== column.name || known.class !== column.class)) return undefined
    const type = known ? commonType(known.type, column.type) : column.type
    const kinds = known ? commonKinds(known.kinds, column.kinds) : column.kinds
    shared.set(key, { ...column, type, kinds })
  }
  return shared.size <= MAX_COLUMNS ? [...shared.values()].sort(byClassAndName) : undefined
}

function commonKinds(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a | b
}

function commonType(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b) return a
  const types = new Set([a, b])
  return types.has('integer') && types.has('float') ? 'float' : 'mixed'
}

function byClassAndName(a: Column, b: Column): number {
  if (a.class !== b.class) return a.class === 'label' ? -1 : b.class === 'label' ? 1 : 0
  return a.name < b.name ? -1 : 1
}

const UNITS: readonly TimeUnit[] = ['ms', 'us', 'ns']

function coarsestCommon(sides: readonly PartSide[]): TimeUnit {
  return UNITS[Math.max(...sides.map((side) => UNITS.indexOf(side.unit)))] as TimeUnit
}

/** The streams of all parts in order, and for each part the new number of each of its streams. */
function mergeStreams(sides: readonly PartSide[]): { streams: Stream[]; numbers: number[][] } {
  const all = new Map(
    sides.flatMap((side) => side.streams.map((stream) => [streamKey(stream), stream] as const)),
  )
  const keys = [...all.keys()].sort()
  const places = new Map(keys.map((key, i) => [key, i]))
  const numbers = sides.map((side) => side.streams.map((stream) => places.get(streamKey(stream)) as number))
  return { streams: keys.map((key) => all.get(key) as Stream), numbers }
}

/** Every shape once, and for each part the new number of each of its shapes. */
function mergeShapes(sides: readonly PartSide[]): { shapes: Shape[]; places: number[][] } {
  const numbers = new Map<string, number>()
  const shapes: Shape[] = []
  const place = (shape: Shape): number => {
    const key = JSON.stringify(shape)
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, shapes.length)
    return shapes.push(shape) - 1
  }
  return { shapes, places: sides.map((side) => side.shapes.map(place)) }
}

function mergeCounts(sides: readonly PartSide[], numbers: readonly (readonly number[])[]): PartCount[] {
  const merged = new Map<string, PartCount>()
  for (const [i, side] of sides.entries()) {
    for (const [number, level, hour, records, bytes, atStart] of side.counts) {
      const stream = numbers[i]?.[number] as number
      const key = `${stream} ${level} ${hour}`
      const known = merged.get(key) ?? [stream, level, hour, 0, 0, 0]
      merged.set(key, [stream, level, hour, known[3] + records, known[4] + bytes, known[5] + atStart])
    }
  }
  return [...merged.values()]
}

function selectSql(
  file: string,
  {
    side,
    part,
    numbers,
    shapes,
  }: {
    readonly side: PartSide
    readonly part: PartSide
    /** By the part's stream: its number in the merged part; the same for its shapes. */
    readonly numbers: readonly number[]
    readonly shapes: readonly number[]
  },
): string {
  const own = new Map(part.columns.map((column) => [column.name, column.type]))
  const select = [
    `_time::${TIME_TYPE[side.unit]} AS _time`,
    '_seq',
    `([${numbers.join(',')}])[_stream + 1]::INTEGER AS _stream`,
    '_tenant',
    '_level',
    '_line',
    `([${shapes.join(',')}]::INTEGER[])[_shape + 1] AS _shape`,
    '_more',
    ...side.columns.map(({ name, type }) => `${valueSql(name, own.get(name), type)} AS ${sqlName(name)}`),
  ]
  return `SELECT ${select.join(', ')} FROM read_parquet(${sqlText(file)})`
}

const SQL_TYPE: Readonly<Record<ColumnType, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  float: 'DOUBLE',
  boolean: 'BOOLEAN',
  mixed: 'VARCHAR',
}

/** A part's value as the merged part stores it. */
function valueSql(name: string, from: ColumnType | undefined, to: ColumnType): string {
  if (from === undefined) return `NULL::${SQL_TYPE[to]}`
  const value = sqlName(name)
  if (from === to) return value
  if (to !== 'mixed') return `${value}::${SQL_TYPE[to]}`
  return from === 'text' ? mixedTextSql(value) : `to_json(${value})::VARCHAR`
}
