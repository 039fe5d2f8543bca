// Times as Go's package time formats and parses them, by layouts made of the reference time
// `Mon Jan 2 15:04:05 MST 2006`.
import { type ZoneOffset, offsetAt, zoneNamed } from './zone.js'

export interface GoTime {
  /** Nanoseconds since the epoch. */
  readonly ns: bigint
  readonly zone: Zone
}

/** An IANA name, or minutes and name of a fixed offset. */
export type Zone = string | { readonly offsetS: number; readonly name: string }

export const UTC = 'UTC'
/** What Go calls the zero time, the year 1. */
export const ZERO_TIME: GoTime = { ns: -62_135_596_800_000_000_000n, zone: UTC }

export function isTime(value: unknown): value is GoTime {
  return typeof value === 'object' && value !== null && 'ns' in value
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** The parts of a layout that stand for something; the longer ones first. */
const PART =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|__2|_2(?!006)|002|0[1-6]|15|[1-5]|PM|pm|[-Z]07:00:00|[-Z]070000|[-Z]07:00|[-Z]0700|[-Z]07|[.,]0+(?!\d)|[.,]9+(?!\d)/g

interface Clock {
  readonly date: Date
  readonly fraction: string
  readonly zone: ZoneOffset
}

export function formatTime(time: GoTime, layout: string): string {
  const ms = floorDiv(time.ns, 1_000_000_000n) * 1000n
  const zone = offsetAt(time.zone, Number(ms))
  const date = new Date(Number(ms) + zone.offsetS * 1000)
  if (Number.isNaN(date.getTime())) return ''
  const clock = { date, fraction: String(time.ns - ms * 1_000_000n).padStart(9, '0'), zone }
  return layout.replace(PART, (part) => formatPart(part, clock))
}

function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b < 0n ? quotient - 1n : quotient
}

/** Rounded down to whole units of ns. */
export function wholeUnits(time: GoTime, unitNs: bigint): bigint {
  return floorDiv(time.ns, unitNs)
}

const two = (value: number): string => String(value).padStart(2, '0')
const twelve = (hours: number): number => hours % 12 || 12

const FORMATS: Readonly<Record<string, (clock: Clock) => string>> = {
  January: ({ date }) => MONTHS[date.getUTCMonth()] ?? '',
  Jan: ({ date }) => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
  Monday: ({ date }) => DAYS[date.getUTCDay()] ?? '',
  Mon: ({ date }) => (DAYS[date.getUTCDay()] ?? '').slice(0, 3),
  MST: ({ zone }) => zone.name,
  '2006': ({ date }) => String(date.getUTCFullYear()).padStart(4, '0'),
  '06': ({ date }) => two(date.getUTCFullYear() % 100),
  '1': ({ date }) => String(date.getUTCMonth() + 1),
  '01': ({ date }) => two(date.getUTCMonth() + 1),
  '2': ({ date }) => String(date.getUTCDate()),
  _2: ({ date }) => String(date.getUTCDate()).padStart(2, ' '),
  '02': ({ date }) => two(date.getUTCDate()),
  __2: (clock) => String(dayOfYear(clock)).padStart(3, ' '),
  '002': (clock) => String(dayOfYear(clock)).padStart(3, '0'),
  '15': ({ date }) => two(date.getUTCHours()),
  '3': ({ date }) => String(twelve(date.getUTCHours())),
  '03': ({ date }) => two(twelve(date.getUTCHours())),
  '4': ({ date }) => String(date.getUTCMinutes()),
  '04': ({ date }) => two(date.getUTCMinutes()),
  '5': ({ date }) => String(date.getUTCSeconds()),
  '05': ({ date }) => two(date.getUTCSeconds()),
  PM: ({ date }) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  pm: ({ date }) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
}

function formatPart(part: string, clock: Clock): string {
  const format = FORMATS[part]
  if (format) return format(clock)
  if (part.includes('07')) return formatOffset(part, clock.zone.offsetS)
  const digits = clock.fraction.slice(0, part.length - 1).padEnd(part.length - 1, '0')
  if (part.charAt(1) === '0') return part.charAt(0) + digits
  const trimmed = digits.replace(/0+$/, '')
  return trimmed === '' ? '' : part.charAt(0) + trimmed
}

function dayOfYear({ date }: Clock): number {
  return Math.floor((date.getTime() - startOfYear(date.getUTCFullYear())) / 86_400_000) + 1
}

/** Date.UTC would take a year below 100 for one of the twentieth century. */
function startOfYear(year: number): number {
  return new Date(0).setUTCFullYear(year, 0, 1)
}

/** `-07:00`, `Z0700` and their kin; seconds where the layout has them. */
function formatOffset(part: string, offsetS: number): string {
  if (part.startsWith('Z') && offsetS === 0) return 'Z'
  const size = Math.abs(offsetS)
  const colon = part.includes(':') ? ':' : ''
  const fields = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60]
  const count = Math.floor(part.replace(/\D/g, '').length / 2)
  return (offsetS < 0 ? '-' : '+') + fields.slice(0, count).map(two).join(colon)
}

/** Longest layout, in UTF-16 units. */
const LAYOUT_LENGTH = 200

/**
 * The time written in the zone where the text names none; undefined where the text does not fit the layout. Like
 * Go's it takes every part as long as it can be and never goes back, so its work is linear.
 */
export function parseTime(layout: string, text: string, zone: Zone): GoTime | undefined {
  if (layout.length > LAYOUT_LENGTH) return undefined
  const found = new Map<string, string>()
  let at = 0
  let layoutAt = 0
  for (const match of layout.matchAll(PART)) {
    const literal = layout.slice(layoutAt, match.index)
    if (!text.startsWith(literal, at)) return undefined
    layoutAt = match.index + match[0].length
    const taken = take(match[0], text, at + literal.length)
    if (!taken) return undefined
    found.set(match[0], taken[1] ?? '')
    at += literal.length + taken[0].length
    // Go takes a fraction behind the seconds even where the layout has none.
    if (!/^0?5$/.test(match[0]) || /^[.,](?:0+|9+)(?!\d)/.test(layout.slice(layoutAt))) continue
    const fraction = take('.9', text, at)
    found.set('.9', fraction?.[1] ?? '')
    at += fraction?.[0].length ?? 0
  }
  return text.slice(at) === layout.slice(layoutAt) ? timeOf(found, zone) : undefined
}

/** What parts take of the text, where it is not one or two digits. */
const TAKES: Readonly<Record<string, RegExp>> = {
  January: new RegExp(`(${MONTHS.join('|')})`, 'y'),
  Jan: new RegExp(`(${MONTHS.map((name) => name.slice(0, 3)).join('|')})`, 'y'),
  Monday: new RegExp(`(${DAYS.join('|')})`, 'y'),
  Mon: new RegExp(`(${DAYS.map((name) => name.slice(0, 3)).join('|')})`, 'y'),
  MST: /([A-Z]{3,4})/y,
  '2006': /(\d{4})/y,
  _2: / ?(\d{1,2})/y,
  __2: / {0,2}(\d{1,3})/y,
  '002': /(\d{3})/y,
  PM: /(AM|PM)/y,
  pm: /(am|pm)/y,
}
const ONE_OR_TWO = /(\d{1,2})/y
const TWO = /(\d{2})/y
const OPTIONAL_FRACTION = /(?:[.,](\d{1,9})\d*)?/y

function take(part: string, text: string, at: number): RegExpExecArray | null {
  const pattern = TAKES[part] ?? takes(part)
  pattern.lastIndex = at
  return pattern.exec(text)
}

function takes(part: string): RegExp {
  if (/^[.,]0/.test(part)) return new RegExp(`[.,](\\d{${part.length - 1}})`, 'y')
  if (/^[.,]9/.test(part)) return OPTIONAL_FRACTION
  if (part.includes('07')) return offsetPattern(part)
  return part.startsWith('0') ? TWO : ONE_OR_TWO
}

function offsetPattern(part: string): RegExp {
  const colon = part.includes(':') ? ':' : ''
  const count = Math.floor(part.replace(/\D/g, '').length / 2)
  const digits = Array.from({ length: count }, () => '\\d{2}').join(colon)
  return new RegExp(part.startsWith('Z') ? `(Z|[+-]${digits})` : `([+-]${digits})`, 'y')
}

function timeOf(found: ReadonlyMap<string, string>, zone: Zone): GoTime | undefined {
  const part = (...names: string[]): string | undefined =>
    names.map((name) => found.get(name)).find((text) => text)
  const number = (fallback: number, ...names: string[]): number => Number(part(...names) ?? fallback)
  const short = part('06')
  const year = short ? Number(short) + (Number(short) >= 69 ? 1900 : 2000) : number(0, '2006')
  const named = part('January', 'Jan')
  const month = named ? MONTHS.findIndex((name) => name.startsWith(named)) + 1 : number(1, '1', '01')
  const day = number(1, '2', '02', '_2')
  const hour = hourOf(number(0, '15', '3', '03'), part('PM', 'pm')?.toUpperCase())
  const [minute, second] = [number(0, '4', '04'), number(0, '5', '05')]
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const yearDay = part('002', '__2')
  const dayMs = yearDay ? startOfYear(year) + (Number(yearDay) - 1) * 86_400_000 : date.getTime()
  const localMs = dayMs + ((hour * 60 + minute) * 60 + second) * 1000
  const fraction = [...found].find(([name]) => /^[.,]/.test(name))?.[1] ?? ''
  const written = zoneOf(found, zone)
  const ns = BigInt(utcMs(localMs, written)) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, '0'))
  return { ns, zone: written }
}

function hourOf(hour: number, half: string | undefined): number {
  if (half === 'PM' && hour < 12) return hour + 12
  return half === 'AM' && hour === 12 ? 0 : hour
}

function zoneOf(found: ReadonlyMap<string, string>, zone: Zone): Zone {
  for (const [part, text] of found) {
    if (!part.includes('07') || text === '') continue
    if (text === 'Z') return UTC
    const [hours = 0, minutes = 0, seconds = 0] = (text.slice(1).match(/\d\d/g) ?? []).map(Number)
    const offsetS = (hours * 60 + minutes) * 60 + seconds
    return offsetS === 0 ? UTC : { offsetS: text.startsWith('-') ? -offsetS : offsetS, name: '' }
  }
  const name = found.get('MST')
  if (name === undefined || name === '') return zone
  // Go knows no offset for a name that it meets in a text.
  return name === UTC ? UTC : { offsetS: 0, name }
}

function utcMs(localMs: number, zone: Zone): number {
  const guess = localMs - offsetAt(zone, localMs).offsetS * 1000
  return localMs - offsetAt(zone, guess).offsetS * 1000
}

/** UTC where there is no zone of that name, and for `Local`: logctl's times are UTC throughout. */
export function zoneOrUtc(name: string): Zone {
  return zoneNamed(name) ? name : UTC
}
