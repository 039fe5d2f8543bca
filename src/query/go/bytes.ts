// Why Go's humanize library refuses a text as a size, in its words; what it reads is read in `record/number-text.ts`.
import { bytesOf } from '../../record/number-text.js'
import { parseFloat64 } from './number.js'
import type { Unreadable } from './number.js'

const SIZE = /^([\d.,]*)(.*)$/s

export function parseBytes(text: string): number | Unreadable {
  return bytesOf(text) ?? refusalOf(text)
}

function refusalOf(text: string): Unreadable {
  const [, amount = '', rest = ''] = SIZE.exec(text) ?? []
  const value = parseFloat64(amount.replaceAll(',', ''))
  if (typeof value !== 'number') return value
  const name = rest.trim().toLowerCase()
  if (bytesOf(`1${name}`) === undefined) return { reason: `unhandled size name: ${name.slice(0, 100)}` }
  // A size is an unsigned number of 64 bits.
  return { reason: `too large: ${text.slice(0, 100)}` }
}
