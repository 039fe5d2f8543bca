// Values over time as blocks of text, for a terminal: a chart of a few rows, or of one (a sparkline).

/** Eighths of a row, from none to all. */
const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

export interface ChartOptions {
  /** Rows of text. */
  readonly height: number
  /** The value at the lower and at the upper edge. */
  readonly low: number
  readonly high: number
}

/** Rows from the top; a column for each value. A missing value leaves its column empty, any other shows. */
export function bars(values: readonly (number | undefined)[], { height, low, high }: ChartOptions): string[] {
  const span = high - low || 1
  const levels = values.map((value) => {
    if (value === undefined || Number.isNaN(value)) return 0
    const share = Math.min(1, Math.max(0, (value - low) / span))
    return Math.max(1, Math.round(share * height * 8))
  })
  return Array.from({ length: height }, (_, row) => {
    const below = (height - 1 - row) * 8
    return levels.map((level) => EIGHTHS[Math.min(8, Math.max(0, level - below))] ?? ' ').join('')
  })
}

/** As many columns as fit: a wide column for few values, the greatest of neighbours for many. */
export function fitted(
  values: readonly (number | undefined)[],
  width: number,
): readonly (number | undefined)[] {
  if (values.length === 0 || width < 1) return []
  if (values.length <= width) {
    const repeat = Math.floor(width / values.length)
    return values.flatMap((value) => Array.from({ length: repeat }, () => value))
  }
  return Array.from({ length: width }, (_, column) => {
    const from = Math.floor((column * values.length) / width)
    const to = Math.floor(((column + 1) * values.length) / width)
    return greatest(values.slice(from, to))
  })
}

function greatest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined && !Number.isNaN(value))
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.max(a ?? 0, b ?? 0))
}
