// The verbs of printf for a float64: %e, %f, %g and their capitals.
import { formatFloat, paddedExponent, specialFloat } from '../go/number.js'
import { type Flags, signOf } from './printf-flags.js'

const VERBS = new Set(['e', 'E', 'f', 'F', 'g', 'G'])

/** JavaScript writes no more digits behind the point; the digits of a double end before. */
const MOST_DIGITS = 100

export function isFloatVerb(verb: string): boolean {
  return VERBS.has(verb)
}

export function formatFloatVerb(verb: string, value: number, flags: Flags): string {
  const sign = signOf(value < 0 || Object.is(value, -0), flags)
  if (!Number.isFinite(value))
    return Number.isNaN(value) || sign !== ''
      ? sign + specialFloat(value).replace(/^[-+]/, '')
      : specialFloat(value)
  const size = Math.abs(value)
  const lower = verb.toLowerCase()
  const text =
    lower === 'g' ? shortest(size, flags) : lower === 'e' ? scientific(size, flags) : fixed(size, flags)
  return sign + (verb === lower ? text : text.toUpperCase())
}

function digitsOf({ precision }: Flags, fallback: number): { digits: number; zeros: string } {
  const wanted = precision ?? fallback
  return { digits: Math.min(wanted, MOST_DIGITS), zeros: '0'.repeat(Math.max(0, wanted - MOST_DIGITS)) }
}

function fixed(size: number, flags: Flags): string {
  const { digits, zeros } = digitsOf(flags, 6)
  // From 1e21 on toFixed would write an exponent; such numbers are whole.
  const text =
    size >= 1e21
      ? BigInt(size).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '')
      : size.toFixed(digits)
  return text + zeros
}

function scientific(size: number, flags: Flags): string {
  const { digits, zeros } = digitsOf(flags, 6)
  const [mantissa = '', exponent = '0'] = size.toExponential(digits).split('e')
  return `${mantissa}${zeros}e${paddedExponent(Number(exponent))}`
}

function shortest(size: number, flags: Flags): string {
  if (flags.precision === undefined) return formatFloat(size)
  const places = Math.min(Math.max(1, flags.precision), MOST_DIGITS)
  const [mantissa = '', power = '0'] = size.toExponential(places - 1).split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= places) return `${trimmed(mantissa)}e${paddedExponent(exponent)}`
  return trimmed(size.toFixed(Math.max(0, places - 1 - exponent)))
}

function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
