// Texts read as numbers, exactly as Loki's label filters and `unwrap` read them: Go's strconv.ParseFloat and
// time.ParseDuration, and ParseBytes of github.com/dustin/go-humanize. What they refuse is undefined here.
import type { NumberReading } from './scan-request.js'

/** Seconds of durations, bytes of sizes. */
export function readNumber(text: string, reading: NumberReading): number | undefined {
  switch (reading) {
    case 'number':
      return floatOf(text)
    case 'duration':
      return secondsOf(text)
    case 'bytes':
      return bytesOf(text)
  }
}

const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const NO_NUMBER = /^(?:nan|([+-]?)inf(?:inity)?)$/i

/** Go also takes hexadecimal fractions (`0x1p-2`), which no log holds. */
export function floatOf(text: string): number | undefined {
  if (FLOAT.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? value : undefined
  }
  const [special, sign] = NO_NUMBER.exec(text) ?? []
  if (special === undefined) return undefined
  if (sign === undefined) return Number.NaN
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  // The micro sign and the Greek letter.
  '\u00b5s': 1e3,
  '\u03bcs': 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

const DURATION = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[nu\u00b5\u03bcm]?s|m|h))+$/
const DURATION_PARTS = /(\d*)(?:\.(\d*))?([a-z\u00b5\u03bc]+)/g
const MAX_NS = 2n ** 63n - 1n
/** Further digits of a fraction are ignored by Go. */
const FRACTION_DIGITS = 18

export function secondsOf(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0
  if (!DURATION.test(text)) return undefined
  let ns = 0n
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(DURATION_PARTS)) {
    const unitNs = UNIT_NS[unit] ?? Number.NaN
    const digits = fraction.slice(0, FRACTION_DIGITS)
    ns += BigInt(whole || '0') * BigInt(unitNs)
    if (digits !== '') ns += BigInt(Math.trunc(Number(digits) * (unitNs / 10 ** digits.length)))
    if (ns > MAX_NS) return undefined
  }
  const seconds = Number(ns / 1_000_000_000n) + Number(ns % 1_000_000_000n) / 1e9
  return text.startsWith('-') ? -seconds : seconds
}

const SIZES: ReadonlyMap<string, number> = new Map(
  ['', 'k', 'm', 'g', 't', 'p', 'e'].flatMap((prefix, power): [string, number][] => {
    const decimal: [string, number][] = [
      [prefix, 1000 ** power],
      [`${prefix}b`, 1000 ** power],
    ]
    const binary: [string, number][] = [
      [`${prefix}i`, 1024 ** power],
      [`${prefix}ib`, 1024 ** power],
    ]
    return prefix === '' ? decimal : decimal.concat(binary)
  }),
)

const MAX_BYTES = 2 ** 64

export function bytesOf(text: string): number | undefined {
  const digits = /^[\d.,]*/.exec(text)?.[0] ?? ''
  const amount = floatOf(digits.replaceAll(',', ''))
  const name = text.slice(digits.length).trim().toLowerCase()
  const size = SIZES.get(name)
  if (amount === undefined || size === undefined || amount * size >= MAX_BYTES) return undefined
  return Math.trunc(amount * size)
}
