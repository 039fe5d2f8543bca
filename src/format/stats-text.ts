// The counts of a day as text: one section for each thing that is counted by, the largest counts first.
import type { DayStats } from '../record/scanner.js'
import { bytesText, countText } from './amounts.js'
import { columns } from './columns.js'
import type { Paint } from './paint.js'
import { printableCell } from './printable.js'

export interface StatsTextOptions {
  readonly paint: Paint
  /** The most rows of a section; hours are always all shown. */
  readonly top: number
}

/** What every day is counted by, in the order shown; what `--by` adds comes behind. */
const SECTIONS = ['source', 'tenant', 'stream', 'level', 'hour'] as const

/** Ends with a newline. */
export function statsText(stats: DayStats, { paint, top }: StatsTextOptions): string {
  const further = Object.keys(stats.by).filter((name) => !(SECTIONS as readonly string[]).includes(name))
  const sections = [...SECTIONS, ...further].map((name) =>
    section(name, stats.by[name] ?? {}, { paint, top }),
  )
  const totals = columns(
    [
      ['entries', countText(stats.total)],
      ['errors', countText(stats.errors)],
      ['bytes', bytesText(stats.bytes)],
    ],
    { indent: 2 },
  )
  return [heading(paint, stats.date) + totals, ...sections, filesSection(stats, paint)]
    .filter(Boolean)
    .join('\n')
}

function section(
  name: string,
  counts: Readonly<Record<string, number>>,
  { paint, top }: StatsTextOptions,
): string {
  const rows = name === 'hour' ? byName(counts) : byCount(counts)
  if (rows.length === 0) return ''
  const shown = name === 'hour' ? rows : rows.slice(0, top)
  const hidden = rows.slice(shown.length)
  const text = columns(
    shown.map(([value, count]) => [countText(count), printableCell(value)]),
    { right: [0], indent: 2 },
  )
  const rest = hidden.reduce((sum, [, count]) => sum + count, 0)
  const note =
    hidden.length > 0 ? paint('dim', `  and ${countText(hidden.length)} more with ${countText(rest)}\n`) : ''
  return heading(paint, `by ${printableCell(name)}`) + text + note
}

function filesSection({ files }: DayStats, paint: Paint): string {
  if (files.length === 0) return ''
  const rows = files.map((file) => [bytesText(file.bytes), printableCell(file.path)])
  return heading(paint, 'files') + columns(rows, { right: [0], indent: 2 })
}

function heading(paint: Paint, text: string): string {
  return `${paint('bold', text)}\n`
}

function byCount(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([nameA, a], [nameB, b]) => b - a || compare(nameA, nameB))
}

function byName(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => compare(a, b))
}

/** By code units: the same on every machine, whatever its locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
