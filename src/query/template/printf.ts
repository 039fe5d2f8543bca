// printf as the package fmt of Go does it, for the values of templates: `%5.2f`, `%-10s`, `%x`, `%q`, `%v` and so on.
import { quote } from '../../record/go-string.js'
import { type Flags, signOf } from './printf-flags.js'
import { formatFloatVerb, isFloatVerb } from './printf-float.js'
import { type Value, show, typeName } from './value.js'

const DIRECTIVE = /%([-+# 0]*)(\*|\d{1,9})?(?:\.(\*|\d{0,9}))?([^])?/gu

/** Widths and precisions beyond are refused by Go too. */
const MOST_WIDTH = 1_000_000

/** `pays` is told the length of what a width asks for before it is made. */
export function printf(format: string, values: readonly Value[], pays: (length: number) => void): string {
  let next = 0
  let bad = ''
  const amount = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined
    const value = text === '*' ? values[next++] : BigInt(text || '0')
    if (typeof value === 'bigint' && value >= -MOST_WIDTH && value <= MOST_WIDTH) return Number(value)
    bad = '%!(BADWIDTH)'
    return undefined
  }
  const text = format.replace(
    DIRECTIVE,
    (...[, marks = '', width, precision, verb]: (string | undefined)[]) => {
      bad = ''
      const wide = amount(width) ?? 0
      const precise = amount(precision)
      if (verb === undefined) return `${bad}%!(NOVERB)`
      if (verb === '%') return `${bad}%`
      if (next >= values.length) return `${bad}%!${verb}(MISSING)`
      pays(Math.abs(wide) + (precise ?? 0))
      const minus = marks.includes('-') || wide < 0
      return (
        bad +
        formatVerb(verb, values[next++], {
          minus,
          plus: marks.includes('+'),
          sharp: marks.includes('#'),
          space: marks.includes(' '),
          zero: marks.includes('0') && !minus,
          width: Math.abs(wide),
          precision: precise !== undefined && precise < 0 ? undefined : precise,
        })
      )
    },
  )
  return text + extra(values.slice(next))
}

function extra(values: readonly Value[]): string {
  if (values.length === 0) return ''
  return `%!(EXTRA ${values.map((value) => (value === undefined ? '<nil>' : `${typeName(value)}=${show(value)}`)).join(', ')})`
}

function formatVerb(verb: string, value: Value, flags: Flags): string {
  if (verb === 'T') return padded(value === undefined ? '<nil>' : typeName(value), flags)
  if (verb === 'v') return plain(value, flags)
  if (value === undefined) return `%!${verb}(<nil>)`
  if (typeof value === 'boolean' && verb === 't') return padded(String(value), flags)
  if (typeof value === 'bigint') return formatInteger(verb, value, flags) ?? unknown(verb, value)
  if (typeof value === 'number' && isFloatVerb(verb))
    return numberPadded(formatFloatVerb(verb, value, flags), flags)
  if (typeof value === 'string') return formatText(verb, value, flags) ?? unknown(verb, value)
  if (typeof value === 'object' && verb === 's') return padded(show(value), flags)
  return unknown(verb, value)
}

function plain(value: Value, flags: Flags): string {
  if (value === undefined) return padded('<nil>', flags)
  if (typeof value === 'bigint') return formatInteger('d', value, flags) ?? ''
  if (typeof value === 'number') return numberPadded(formatFloatVerb('g', value, flags), flags)
  if (typeof value === 'string')
    return (flags.sharp ? formatText('q', value, flags) : formatText('s', value, flags)) ?? ''
  return padded(show(value), flags)
}

function unknown(verb: string, value: Value): string {
  return `%!${verb}(${typeName(value)}=${show(value)})`
}

function formatText(verb: string, text: string, flags: Flags): string | undefined {
  const cut = flags.precision === undefined ? text : [...text].slice(0, flags.precision).join('')
  if (verb === 's') return padded(cut, flags)
  if (verb === 'q') return padded(flags.sharp && !cut.includes('`') ? `\`${cut}\`` : quote(cut), flags)
  if (verb !== 'x' && verb !== 'X') return undefined
  const bytes = [...Buffer.from(text).subarray(0, flags.precision)].map((byte) =>
    byte.toString(16).padStart(2, '0'),
  )
  const hex = `${flags.sharp ? '0x' : ''}${bytes.join(flags.space ? ' ' : '')}`
  return padded(verb === 'X' ? hex.toUpperCase() : hex, flags)
}

const RADIX: Readonly<Record<string, number>> = { d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 }
const PREFIX: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' }

function formatInteger(verb: string, value: bigint, flags: Flags): string | undefined {
  if (verb === 'c') return padded(characterOf(value), flags)
  if (verb === 'q') return padded(`'${characterOf(value)}'`, flags)
  if (verb === 'U') return padded(`U+${value.toString(16).toUpperCase().padStart(4, '0')}`, flags)
  const radix = RADIX[verb]
  if (radix === undefined) return undefined
  const size = (value < 0n ? -value : value).toString(radix).padStart(flags.precision ?? 0, '0')
  const digits = verb === 'X' ? size.toUpperCase() : size
  const prefix = verb === 'O' ? '0o' : flags.sharp ? (PREFIX[verb] ?? '') : ''
  return numberPadded(signOf(value < 0n, flags) + prefix + digits, flags)
}

function characterOf(value: bigint): string {
  return value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : '\ufffd'
}

/** Zeros go between the sign and the digits, unless the number is none. */
function numberPadded(text: string, flags: Flags): string {
  if (!flags.zero || /[IN]/.test(text)) return padded(text, { ...flags, zero: false })
  const [, sign = '', digits = ''] = /^([-+ ]?)(.*)$/s.exec(text) ?? []
  return sign + digits.padStart(flags.width - sign.length, '0')
}

/** To so many characters. */
function padded(text: string, { minus, zero, width }: Flags): string {
  const missing = width - (text.length >= width ? [...text].length : text.length)
  if (missing <= 0) return text
  return minus ? text + ' '.repeat(missing) : (zero ? '0' : ' ').repeat(missing) + text
}
