// Rows in aligned columns without borders, so that they can be cut, sorted and copied.
import { getBorderCharacters, table } from 'table'

export interface ColumnsOptions {
  /** Columns, from 0, whose texts end at the same place: numbers. */
  readonly right?: readonly number[]
  /** Spaces before every row. */
  readonly indent?: number
}

/** Ends with a newline; no rows give no text. */
export function columns(rows: readonly (readonly string[])[], options: ColumnsOptions = {}): string {
  const [first] = rows
  if (!first) return ''
  const margin = ' '.repeat(options.indent ?? 0)
  const text = table(
    rows.map((row) => [...row]),
    {
      border: getBorderCharacters('void'),
      drawHorizontalLine: () => false,
      columnDefault: { paddingLeft: 0, paddingRight: 2 },
      columns: Object.fromEntries(
        (options.right ?? []).map((index) => [index, { alignment: 'right' as const }]),
      ),
    },
  )
  return text.replace(/^(?=.)/gm, margin).replace(/[ ]+$/gm, '')
}
