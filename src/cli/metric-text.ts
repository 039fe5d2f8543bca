// The answer of a metric query for people: a table, and on a terminal a chart above it.
import { bars, fitted } from '../format/chart.js'
import { columns } from '../format/columns.js'
import type { Paint } from '../format/paint.js'
import { printableCell } from '../format/printable.js'
import { formatValue, type MetricResult, type Series } from '../query/result.js'
import { labelsText } from '../query/sample.js'

export interface MetricTextOptions {
  readonly paint: Paint
  /** Columns of the terminal; undefined where there is none, and no chart. */
  readonly width: number | undefined
  /** The moments of a matrix. Milliseconds. */
  readonly times: readonly number[]
}

/** With more series, or where they do not fit into the terminal, a row is one value, not one moment. */
const MOST_COLUMNS = 6
/** The other series are in the table. */
const MOST_CHARTS = 20

/** Ends with a newline; nothing where there are no series. */
export function metricText(result: MetricResult, options: MetricTextOptions): string {
  switch (result.type) {
    case 'scalar':
      return `${valueText(result.value)}\n`
    case 'vector':
      return columns(
        result.samples.map(({ labels, value }) => [valueText(value), nameOf({ labels })]),
        { right: [0] },
      )
    case 'matrix':
      return [chartText(result.series, options), tableText(result.series, options)]
        .filter((text) => text !== '')
        .join('\n')
  }
}

function tableText(series: readonly Series[], { paint, times, width }: MetricTextOptions): string {
  if (series.length === 0) return ''
  const bold = (text: string): string => paint('bold', text)
  if (series.length > MOST_COLUMNS || rowWidth(series) > (width ?? Infinity)) {
    const rows = series.flatMap(({ labels, timesMs, values }) =>
      timesMs.map((timeMs, i) => [timeText(timeMs), valueText(values[i] ?? Number.NaN), nameOf({ labels })]),
    )
    return columns([['TIME', 'VALUE', 'SERIES'].map(bold), ...rows], { right: [1] })
  }
  const byTime = series.map(valuesByTime)
  const rows = times
    .filter((timeMs) => byTime.some((values) => values.has(timeMs)))
    .map((timeMs) => [timeText(timeMs)].concat(byTime.map((values) => cell(values.get(timeMs)))))
  return columns([['TIME', ...series.map(nameOf)].map(bold), ...rows], {
    right: series.map((_, i) => i + 1),
  })
}

/** Columns of a terminal that a row with all series takes: the time, and each value under its series' name. */
function rowWidth(series: readonly Series[]): number {
  return series.reduce((sum, one) => sum + 2 + nameOf(one).length, '2025-01-11 09:30:00Z'.length)
}

interface Canvas {
  readonly paint: Paint
  /** The moments of the columns. Milliseconds. */
  readonly times: readonly number[]
  readonly low: number
  readonly high: number
  /** Characters before the axis, and behind it. */
  readonly margin: number
  readonly room: number
}

function chartText(series: readonly Series[], { paint, width, times }: MetricTextOptions): string {
  const known = series.flatMap(({ values }) => values.filter(Number.isFinite))
  if (width === undefined || times.length < 2 || known.length === 0) return ''
  const high = known.reduce((a, b) => Math.max(a, b))
  const low = known.reduce((a, b) => Math.min(a, b), 0)
  const margin = Math.max(...series.map((one) => valueText(peak(one)).length), valueText(low).length)
  const room = Math.max(10, Math.min(series.length > 3 ? 62 : 120, width - 1) - margin - 2)
  const canvas = { paint, times, low, high, margin, room }
  const shown = series.slice(0, MOST_CHARTS)
  const lines =
    series.length > 3
      ? shown.map((one) => sparkline(one, canvas))
      : shown.flatMap((one) => chart(one, canvas, series.length === 1))
  const drawn = fitted(times, room).length
  lines.push(`${' '.repeat(margin + 2)}${paint('dim', timeLine(times, drawn))}`)
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}

/** A row: the greatest value, the curve, whose it is. */
function sparkline(one: Series, canvas: Canvas): string {
  const { paint, low, high, margin } = canvas
  const [row = ''] = bars(fittedValues(one, canvas), { height: 1, low, high })
  return `${valueText(peak(one)).padStart(margin)} ${paint('dim', '│')}${paint('cyan', row)} ${nameOf(one)}`
}

function chart(one: Series, canvas: Canvas, isAlone: boolean): string[] {
  const { paint, low, high, margin } = canvas
  const rows = bars(fittedValues(one, canvas), { height: isAlone ? 8 : 4, low, high })
  const edges = [valueText(high), valueText(low)]
  const drawn = rows.map(
    (row, i) => `${edge(i, rows.length, edges).padStart(margin)} ${paint('dim', '│')}${paint('cyan', row)}`,
  )
  return isAlone ? drawn : [`${' '.repeat(margin + 2)}${nameOf(one)}`, ...drawn]
}

function fittedValues(one: Series, { times, room }: Canvas): readonly (number | undefined)[] {
  const byTime = valuesByTime(one)
  return fitted(
    times.map((timeMs) => byTime.get(timeMs)),
    room,
  )
}

function peak({ values }: Series): number {
  return values.filter((value) => !Number.isNaN(value)).reduce((a, b) => Math.max(a, b), -Infinity)
}

/** What stands at a row of the axis: the highest value at the top, the lowest at the bottom. */
function edge(row: number, rows: number, [high = '', low = '']: readonly string[]): string {
  if (row === 0) return high
  return row === rows - 1 ? low : ''
}

/** The first moment at the left edge, the last at the right, where there is room for both. */
function timeLine(times: readonly number[], width: number): string {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0].map(timeText) as [string, string]
  const gap = width - first.length - last.length
  return gap > 0 ? first + ' '.repeat(gap) + last : first
}

function valuesByTime({ timesMs, values }: Series): Map<number, number> {
  return new Map(timesMs.map((timeMs, i) => [timeMs, values[i] ?? Number.NaN]))
}

function nameOf({ labels }: Pick<Series, 'labels'>): string {
  return printableCell(labelsText(labels))
}

function cell(value: number | undefined): string {
  return value === undefined ? '-' : valueText(value)
}

/** Six digits are enough for people; `--json` has all. */
function valueText(value: number): string {
  return formatValue(Number.isInteger(value) ? value : Number(value.toPrecision(6)))
}

/** `2025-01-11 09:30:00Z`; milliseconds only where there are any. */
function timeText(timeMs: number): string {
  const text = new Date(timeMs).toISOString()
  return `${text.slice(0, 10)} ${text.slice(11).replace('.000Z', 'Z')}`
}
