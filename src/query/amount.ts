// Numbers with and without units, as queries write them: plain, durations (Go's and Prometheus' way) and sizes.
import type { Duration } from './ast.js'

export type Amount =
  | { readonly kind: 'number'; readonly value: number }
  /** `value` in seconds. */
  | { readonly kind: 'duration'; readonly value: number; readonly ns: bigint }
  /** `value` in bytes. */
  | { readonly kind: 'bytes'; readonly value: number }

// `\d+(?:\.\d*)?` and not `\d+\.?\d*`: on long rows of digits the latter takes quadratic time.
const DECIMAL = /^(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const HEXADECIMAL = /^0[xX]([0-9a-fA-F]+)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/
const SIZE = /^(\d+(?:\.\d*)?|\.\d+)(B|kB|KB|KiB|MB|MiB|GB|GiB|TB|TiB|PB|PiB)$/
// Go takes any order and fractions, but no days; Prometheus whole numbers, from years down, each unit once.
const GO_DURATION = /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/
const PROMETHEUS_DURATION = /^(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?$/
const DURATION_PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|[smhdwy])/g

const NS_PER_SECOND = 1_000_000_000n
const NS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: NS_PER_SECOND,
  m: 60n * NS_PER_SECOND,
  h: 3600n * NS_PER_SECOND,
  d: 86_400n * NS_PER_SECOND,
  w: 604_800n * NS_PER_SECOND,
  y: 31_536_000n * NS_PER_SECOND,
}
/** What int64 holds, 292 years. */
const NS_MOST = 2n ** 63n - 1n
/** What uint64 holds. */
const BYTES_MOST = 2 ** 64
const PREFIXES = ['B', 'K', 'M', 'G', 'T', 'P']

/** Without sign; undefined where the text is no amount, or too large for a double, 292 years or 16 EiB. */
export function readAmount(text: string): Amount | undefined {
  const value = readNumber(text)
  if (value !== undefined) return { kind: 'number', value }
  const ns = readDuration(text)
  if (ns !== undefined) return { kind: 'duration', value: Number(ns) / Number(NS_PER_SECOND), ns }
  const bytes = readSize(text)
  return bytes === undefined ? undefined : { kind: 'bytes', value: bytes }
}

/** Between the brackets of `[1h30m]`: Prometheus' way only, and 0 needs no unit. */
export function readRange(text: string): Duration | undefined {
  if (text === '0') return { text, ns: 0n }
  const ns = PROMETHEUS_DURATION.test(text) ? readDuration(text) : undefined
  return ns === undefined ? undefined : { text, ns }
}

/** Nanoseconds. */
function readDuration(text: string): bigint | undefined {
  if (!GO_DURATION.test(text) && !PROMETHEUS_DURATION.test(text)) return undefined
  let ns = 0n
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(DURATION_PART)) {
    const scale = NS[unit] ?? 0n
    ns += BigInt(whole) * scale + (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length)
  }
  return ns <= NS_MOST ? ns : undefined
}

function readNumber(text: string): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : readHexadecimal(text)
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

function readHexadecimal(text: string): number | undefined {
  const match = HEXADECIMAL.exec(text)
  if (!match) return undefined
  const [, whole = '', fraction = '', power] = match
  return Number(`0x${whole}${fraction}`) * 2 ** (Number(power) - 4 * fraction.length)
}

function readSize(text: string): number | undefined {
  const [, amount, unit = ''] = SIZE.exec(text) ?? []
  if (amount === undefined) return undefined
  const base = unit.endsWith('iB') ? 1024 : 1000
  const bytes = Math.trunc(Number(amount) * base ** PREFIXES.indexOf(unit.charAt(0).toUpperCase()))
  return bytes < BYTES_MOST ? bytes : undefined
}
