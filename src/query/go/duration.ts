// Durations as Go's time.ParseDuration reads them (`1h30m`, `1.5s`, `-20µs`; no days, no weeks), in seconds.
import { quoted } from './number.js'
import type { Unreadable } from './number.js'

const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  '\u00b5s': 1e3,
  '\u03bcs': 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
}
const UNITS = new Map(Object.entries(UNIT_NS))

/** An int64 of nanoseconds holds no more. */
const MOST_NS = 2 ** 63

const PART = /(\d*)(\.\d*)?([^\d.]*)/y

/** Exact to the nanosecond up to 104 days, as a double is. */
export function parseDurationSeconds(text: string): number | Unreadable {
  const sign = /^[+-]/.test(text) ? text.charAt(0) : ''
  const rest = text.slice(sign.length)
  if (rest === '0') return 0
  if (rest === '') return { reason: `time: invalid duration ${quoted(text)}` }
  let total = 0
  PART.lastIndex = 0
  while (PART.lastIndex < rest.length) {
    const part = PART.exec(rest)
    if (!part || (part[1] === '' && (part[2] ?? '.') === '.'))
      return { reason: `time: invalid duration ${quoted(text)}` }
    const [, whole = '', fraction = '', unit = ''] = part
    if (unit === '') return { reason: `time: missing unit in duration ${quoted(text)}` }
    const ns = UNITS.get(unit)
    if (ns === undefined) return { reason: `time: unknown unit ${quoted(unit)} in duration ${quoted(text)}` }
    total += Number(whole) * ns + Math.floor(Number(`0${fraction === '.' ? '' : fraction}`) * ns)
  }
  if (total >= MOST_NS) return { reason: `time: invalid duration ${quoted(text)}` }
  return (sign === '-' ? -total : total) / 1e9
}
