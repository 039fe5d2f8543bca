// Which labels and fields of a day become Parquet columns, of which type, and which go to `_more` instead.
import { BOOLEAN, type ColumnIndex, type DayIndex, FLOAT, INTEGER, TEXT } from './day-index.js'
import type { Column, ColumnType } from './part.js'

/** The most columns of a part besides our own. */
const MAX_COLUMNS = 1_000
const MAX_NAME_CHARS = 200

/** A column at sealing: also which texts it holds, where these are few. */
export interface PlannedColumn extends Column {
  readonly texts: ReadonlySet<string> | undefined
}

export interface ColumnPlan {
  readonly columns: readonly PlannedColumn[]
  /** True when some label or field has no column, so that rows need `_more`. */
  readonly needsMore: boolean
}

/**
 * Labels come first, then fields by frequency. Without a column stay: names beginning with `_` (ours), `date`
 * (the folder's), names that differ from another only in case (SQL does not tell them apart), names that are
 * awkward as SQL identifiers, and whatever is beyond the thousandth.
 */
export function planColumns(index: DayIndex): ColumnPlan {
  const fields = [...index.fields].sort(([a, x], [b, y]) => y.records - x.records || (a < b ? -1 : 1))
  const candidates = [
    ...[...index.labels]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, of]) => ({ name, of, class: 'label' as const })),
    ...fields.map(([name, of]) => ({ name, of, class: 'field' as const })),
  ]
  const columns: PlannedColumn[] = []
  const taken = new Set<string>()
  for (const { name, of, class: columnClass } of candidates) {
    const folded = name.toLowerCase()
    if (columns.length >= MAX_COLUMNS || taken.has(folded) || !isColumnName(name)) continue
    taken.add(folded)
    const type = typeOf(of)
    const kinds = type === 'text' && index.pieced === index.records ? of.kinds : undefined
    columns.push({ name, class: columnClass, type, texts: of.texts, kinds })
  }
  return { columns, needsMore: columns.length < candidates.length }
}

function isColumnName(name: string): boolean {
  if (name === '' || name.length > MAX_NAME_CHARS || name.startsWith('_') || name.toLowerCase() === 'date')
    return false
  // Quotes and backslashes pass through three levels of quoting on the way into DuckDB: not worth the risk.
  return !/[\p{Cc}\p{Cs}"'\\]/u.test(name)
}

function typeOf(column: ColumnIndex): ColumnType {
  switch (column.types) {
    case TEXT:
    case 0:
      return 'text'
    case INTEGER:
      return 'integer'
    case FLOAT:
    case FLOAT | INTEGER:
      return 'float'
    case BOOLEAN:
      return 'boolean'
    default:
      return 'mixed'
  }
}

/** A text in a `mixed` column that would be read back as something else stands in JSON quotes. */
const LOOKS_LIKE_JSON = /^(?:true|false|-?\d.*|".*)$/s

/** The value of a `mixed` column: a bare text, or the JSON of a number, a boolean or a text that looks like one. */
export function decodeMixed(text: string): string | number | boolean {
  return LOOKS_LIKE_JSON.test(text) ? (JSON.parse(text) as string | number | boolean) : text
}
