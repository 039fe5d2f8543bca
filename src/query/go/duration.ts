// Why Go's time.ParseDuration refuses a text (`1h30m`, `1.5s` and `-20µs` are read; days and weeks are not), in its
// words; what it reads is read in `record/number-text.ts`.
import { secondsOf } from '../../record/number-text.js'
import { quoted } from './number.js'
import type { Unreadable } from './number.js'

const PART = /(\d*)(\.\d*)?([^\d.]*)/y

/** In seconds, exact to the nanosecond up to 104 days, as a double is. */
export function parseDurationSeconds(text: string): number | Unreadable {
  return secondsOf(text) ?? { reason: reasonOf(text) }
}

function reasonOf(text: string): string {
  const invalid = `time: invalid duration ${quoted(text)}`
  const rest = text.replace(/^[+-]/, '')
  PART.lastIndex = 0
  while (PART.lastIndex < rest.length) {
    const part = PART.exec(rest)
    if (!part || (part[1] === '' && (part[2] ?? '.') === '.')) return invalid
    const unit = part[3] ?? ''
    if (unit === '') return `time: missing unit in duration ${quoted(text)}`
    if (secondsOf(`1${unit}`) === undefined)
      return `time: unknown unit ${quoted(unit)} in duration ${quoted(text)}`
  }
  return invalid
}
