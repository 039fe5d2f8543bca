// Numbers as Go reads and prints them (strconv.ParseFloat, and the verb %v of a float64), because filters, unwrap and
// templates of LogQL show them.

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)$/
const INFINITE = /^([+-]?)inf(?:inity)?$/i

/** What could not be read, in Go's words. */
export interface Unreadable {
  readonly reason: string
}

export function parseFloat64(text: string): number | Unreadable {
  if (DECIMAL.test(text)) return finite(Number(text), text)
  const infinite = INFINITE.exec(text)
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity
  if (/^nan$/i.test(text)) return Number.NaN
  return hexadecimal(text) ?? { reason: `strconv.ParseFloat: parsing ${quoted(text)}: invalid syntax` }
}

function hexadecimal(text: string): number | Unreadable | undefined {
  const match = HEXADECIMAL.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', exponent] = match
  if (whole === '' && fraction === '') return undefined
  let value = 0
  for (const digit of whole + fraction) value = value * 16 + Number.parseInt(digit, 16)
  return finite((sign === '-' ? -value : value) * 2 ** (Number(exponent) - 4 * fraction.length), text)
}

function finite(value: number, text: string): number | Unreadable {
  return Number.isFinite(value)
    ? value
    : { reason: `strconv.ParseFloat: parsing ${quoted(text)}: value out of range` }
}

/** A text in double quotes for a message, cut where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text)
}

/** `%v` of a float64: the shortest digits that read back the same, with an exponent below 1e-4 and from 1e6 on. */
export function formatFloat(value: number): string {
  if (!Number.isFinite(value)) return specialFloat(value)
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [digits = '', power = ''] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 6) return `${digits}e${paddedExponent(exponent)}`
  // JavaScript writes numbers of this size without an exponent.
  return String(value)
}

export function specialFloat(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}

/** Go writes at least two digits of an exponent. */
export function paddedExponent(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}
