// What the doctor found, a line a check; below what is not well stands what to do.
import type { Paint } from '../format/paint.js'
import { printableCell } from '../format/printable.js'
import { countOf } from '../format/amounts.js'
import type { Examined } from '../upkeep/doctor/index.js'

const STYLES = { ok: 'green', warning: 'yellow', wrong: 'red' } as const

/** Ends with a newline. */
export function doctorText(examined: readonly Examined[], paint: Paint): string {
  const width = Math.max(...examined.map(({ name }) => name.length))
  const lines = examined.map(({ name, status, detail, fix }) => {
    const mark = paint(STYLES[status], status.padEnd('warning'.length))
    const todo = fix === undefined ? '' : `\n${' '.repeat(9 + width + 2)}try: ${printableCell(fix)}`
    return `${mark}  ${name.padEnd(width)}  ${printableCell(detail)}${todo}\n`
  })
  const ill = examined.filter(({ status }) => status === 'wrong').length
  const warned = examined.filter(({ status }) => status === 'warning').length
  return `${lines.join('')}\n${countOf(examined.length, 'check')}, ${ill} wrong, ${countOf(warned, 'warning')}\n`
}
