// The SQL that turns a hot segment into a part. DuckDB reads the NDJSON itself, with columns that the index has
// determined: measured, that is cheaper than any way of handing it values from JavaScript.
import type { PlannedColumn } from './columns.js'
import type { TimeUnit } from './day-index.js'
import { sqlName, sqlText } from './duck.js'

/** Texts of an ENUM pass through nested quoting; what is long or holds odd characters stays VARCHAR. */
const PLAIN_TEXT = /^[^\p{Cc}\p{Cs}'"\\]{0,200}$/u

export const TIME_TYPE: Readonly<Record<TimeUnit, string>> = {
  ms: 'TIMESTAMP_MS',
  us: 'TIMESTAMP',
  ns: 'TIMESTAMP_NS',
}

const LEVEL_TYPE = `ENUM('trace','debug','info','warn','error','fatal','unknown')`

/** DuckDB reads with buffers of twice the longest line that it is told to expect, but of no less than this. */
const MIN_LINE_BYTES = 1024 * 1024

export interface SealSource {
  /** NDJSON: record lines among other lines, which have no `timestamp`. */
  readonly file: string
  readonly columns: readonly PlannedColumn[]
  readonly unit: TimeUnit
  /** By the stream's number in the segment: its number in the part. */
  readonly streamOrder: readonly number[]
  /** Sequence of the file's first record; undefined where each line has its own `sequence`. */
  readonly firstSequence: number | undefined
  /** No line of the file is longer. Bytes. */
  readonly longestLine: number
  /** Whether lines may carry `more`. */
  readonly more: boolean
}

export interface PartTarget {
  readonly file: string
  readonly rowGroupRows: number
  readonly compressionLevel: number
  /** Kept in the Parquet file's own metadata, so that a part explains itself. */
  readonly metadata: string
}

/** Reads typed: fast, but any surprise in the data fails the statement. */
export function sealSql(source: SealSource, target: PartTarget, enums: boolean): string {
  const labels = source.columns.filter((column) => column.class === 'label')
  const fields = source.columns.filter((column) => column.class === 'field')
  const read: [string, string][] = [
    ['timestamp', TIME_TYPE[source.unit]],
    ['stream', 'INTEGER'],
    ['tenant', 'VARCHAR'],
    ['level', enums ? LEVEL_TYPE : 'VARCHAR'],
    ['line', 'VARCHAR'],
    ['shape', 'INTEGER'],
  ]
  if (labels.length > 0) read.push(['labels', structType(labels, enums)])
  if (fields.length > 0) read.push(['fields', structType(fields, enums)])
  if (source.firstSequence === undefined) read.push(['sequence', 'BIGINT'])
  if (source.more) read.push(['more', 'VARCHAR'])
  const sequence =
    source.firstSequence === undefined
      ? 'sequence'
      : `(${source.firstSequence - 1} + row_number() over ())::BIGINT`
  const select = [
    'timestamp AS _time',
    `${sequence} AS _seq`,
    `([${source.streamOrder.join(',')}])[stream + 1]::INTEGER AS _stream`,
    'tenant AS _tenant',
    'level AS _level',
    'CASE WHEN shape IS NULL THEN line END AS _line',
    'shape AS _shape',
    `${source.more ? 'more' : 'NULL::VARCHAR'} AS _more`,
    ...labels.map((column) => `labels.${sqlName(column.name)} AS ${sqlName(column.name)}`),
    ...fields.map((column) => `${fieldSql(column)} AS ${sqlName(column.name)}`),
  ]
  const rows = `SELECT ${select.join(', ')} FROM ${readNdjson(source, read)} WHERE timestamp IS NOT NULL`
  return copySql(`${rows} ORDER BY _stream, _time, _seq`, target)
}

/** COPY of a query to a part's file; `rowsChanged` of the result is the number of records. */
export function copySql(query: string, target: PartTarget): string {
  const options = [
    'FORMAT parquet',
    'PARQUET_VERSION v2',
    'COMPRESSION zstd',
    `COMPRESSION_LEVEL ${target.compressionLevel}`,
    `ROW_GROUP_SIZE ${target.rowGroupRows}`,
    // DuckDB writes Bloom filters only for dictionary columns, where they find nothing that statistics do not.
    'WRITE_BLOOM_FILTER false',
    `KV_METADATA {logctl: ${sqlText(target.metadata)}}`,
  ]
  return `COPY (${query}) TO ${sqlText(target.file)} (${options.join(', ')})`
}

function readNdjson(
  { file, longestLine }: SealSource,
  columns: readonly (readonly [string, string])[],
): string {
  const types = columns.map(([name, type]) => `${sqlText(name)}: ${sqlText(type)}`).join(', ')
  return `read_ndjson(${sqlText(file)}, columns = {${types}}, format = 'newline_delimited', maximum_object_size = ${Math.max(longestLine, MIN_LINE_BYTES)})`
}

function structType(columns: readonly PlannedColumn[], enums: boolean): string {
  return `STRUCT(${columns.map((column) => `${sqlName(column.name)} ${readType(column, enums)}`).join(', ')})`
}

function readType(column: PlannedColumn, enums: boolean): string {
  switch (column.type) {
    case 'integer':
      return 'BIGINT'
    case 'float':
      return 'DOUBLE'
    case 'boolean':
      return 'BOOLEAN'
    case 'mixed':
      return 'JSON'
    case 'text': {
      const texts = [...(column.texts ?? [])]
      const fits = enums && texts.length > 0 && texts.every((text) => PLAIN_TEXT.test(text))
      return fits ? `ENUM(${texts.map((text) => `'${text}'`).join(', ')})` : 'VARCHAR'
    }
  }
}

/** What `decodeMixed` would not read back as the text that it is. */
const LOOKS_LIKE_JSON = `'true|false|-?[0-9].*|".*', 's'`

/** A text as it stands in a mixed column: in JSON quotes where it could be mistaken for a number or boolean. */
export function mixedTextSql(text: string): string {
  return `CASE WHEN regexp_full_match(${text}, ${LOOKS_LIKE_JSON}) THEN to_json(${text})::VARCHAR ELSE ${text} END`
}

/** The value as it is stored: of a mixed column, read as JSON, the bare or quoted text. */
function fieldSql(column: PlannedColumn): string {
  const value = `fields.${sqlName(column.name)}`
  if (column.type !== 'mixed') return value
  return `CASE WHEN json_type(${value}) = 'VARCHAR' THEN ${mixedTextSql(`(${value} ->> '$')`)} ELSE ${value}::VARCHAR END`
}
