// Sizes as Go's humanize library reads them: `5KB` is 5000, `5KiB` 5120, upper and lower case alike, commas ignored.
import { parseFloat64 } from './number.js'
import type { Unreadable } from './number.js'

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ...['k', 'm', 'g', 't', 'p', 'e'].flatMap((letter, i): [string, number][] => [
    [letter, 1000 ** (i + 1)],
    [`${letter}b`, 1000 ** (i + 1)],
    [`${letter}i`, 1024 ** (i + 1)],
    [`${letter}ib`, 1024 ** (i + 1)],
  ]),
])

const SIZE = /^([\d.,]*)(.*)$/s

export function parseBytes(text: string): number | Unreadable {
  const [, amount = '', rest = ''] = SIZE.exec(text) ?? []
  const value = parseFloat64(amount.replaceAll(',', ''))
  if (typeof value !== 'number') return value
  const name = rest.trim().toLowerCase()
  const unit = UNITS.get(name)
  if (unit === undefined) return { reason: `unhandled size name: ${name.slice(0, 100)}` }
  const bytes = value * unit
  // A size is an unsigned number of 64 bits.
  return bytes >= 2 ** 64 ? { reason: `too large: ${text.slice(0, 100)}` } : Math.floor(bytes)
}
