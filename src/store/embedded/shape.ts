// Shapes: an event without a message is its own JSON text, and nearly all of that text stands in its labels and
// fields already. A shape is what remains: the text with its values taken out. A line is stored as its shape only
// where putting the values back gives exactly the bytes that were sent; everything else is kept as text.
import type { LogRecord } from '../../record/record.js'
import { type Timestamp, msOf, nsOf } from '../../record/time.js'

/**
 * Literal text, or the place of a value: `label` and `field` by name, `quoted` where it stands in JSON quotes;
 * `time` with its number of fractional digits and its offset as written (`Z`, `-05:00`), or as an epoch.
 */
export type ShapePart =
  | string
  | { readonly label: string }
  | { readonly field: string; readonly quoted: boolean }
  | { readonly time: number; readonly offset: string }
  | { readonly epoch: EpochUnit }

/** How many digits of nanoseconds an epoch in this unit lacks. */
const EPOCH_UNITS = { s: 9, ms: 6, us: 3, ns: 0 } as const
type EpochUnit = keyof typeof EPOCH_UNITS

export type Shape = readonly ShapePart[]

/** What a line's values are taken from. */
export type ShapedRecord = Pick<LogRecord, 'timestamp' | 'labels' | 'fields'>

/** A longer line is kept as text. UTF-16 units. */
const MAX_SHAPED_CHARS = 65_536

/** The line that a shape and a record make. */
export function lineOf(shape: Shape, record: ShapedRecord): string {
  let line = ''
  for (const part of shape) line += typeof part === 'string' ? part : (valueText(part, record) ?? '')
  return line
}

/**
 * True when `lineOf` would give exactly this line; makes no text. Lines with escapes are never shaped: so what is
 * found in a shaped line stands in one of its values or literals as it is.
 */
export function fits(shape: Shape, record: ShapedRecord, line: string): boolean {
  if (line.includes('\\')) return false
  let at = 0
  for (const part of shape) {
    const text = typeof part === 'string' ? part : valueText(part, record)
    if (text === undefined || !line.startsWith(text, at)) return false
    at += text.length
  }
  return at === line.length
}

/**
 * The shape of a line that is a flat JSON object of the record's own values; undefined when it is anything else. A
 * value with no place (a number in another spelling, an array) would make each line a shape of its own.
 */
export function shapeOf(record: ShapedRecord, line: string): Shape | undefined {
  if (!mayBeShaped(line)) return undefined
  const parts: ShapePart[] = []
  let literalFrom = 0
  for (const member of members(line)) {
    const part = partFor(record, line, member)
    if (part === undefined) return undefined
    parts.push(line.slice(literalFrom, member.start), part)
    literalFrom = member.end
  }
  parts.push(line.slice(literalFrom))
  const nested = /[{[]/.test(literalsOf(parts).join('').slice(1))
  return parts.length > 1 && !nested && fits(parts, record, line) ? parts : undefined
}

function mayBeShaped(line: string): boolean {
  return line.startsWith('{') && line.endsWith('}') && line.length <= MAX_SHAPED_CHARS && !line.includes('\\')
}

/** A top-level value: `start` and `end` are inside the quotes of a text. */
interface Member {
  readonly key: string
  readonly start: number
  readonly end: number
  readonly quoted: boolean
}

const MEMBER = /"([^"]*)"\s*:\s*(?:"([^"]*)"|(-?\d[\d.eE+-]*|true|false))/dg

/** What looks like members; whether they are, `fits` decides in the end. */
function* members(line: string): Generator<Member> {
  for (const { 1: key = '', indices } of line.matchAll(MEMBER)) {
    const [start, end] = indices?.[2] ?? indices?.[3] ?? [0, 0]
    yield { key, start, end, quoted: indices?.[2] !== undefined }
  }
}

function partFor(record: ShapedRecord, line: string, member: Member): ShapePart | undefined {
  const { key, start, end, quoted } = member
  const text = line.slice(start, end)
  if (Object.hasOwn(record.fields, key)) {
    const part = { field: key, quoted }
    return valueText(part, record) === text ? part : undefined
  }
  if (quoted && Object.hasOwn(record.labels, key)) {
    const part = { label: key }
    return valueText(part, record) === text ? part : undefined
  }
  return timePart(record, text) ?? epochPart(record, text)
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/

function timePart(record: ShapedRecord, text: string): ShapePart | undefined {
  const [, digits = '', offset = ''] = TIME.exec(text) ?? []
  const part = { time: digits.length, offset }
  return offset !== '' && valueText(part, record) === text ? part : undefined
}

function epochPart(record: ShapedRecord, text: string): ShapePart | undefined {
  const units = Object.keys(EPOCH_UNITS) as EpochUnit[]
  const epoch = units.find((unit) => valueText({ epoch: unit }, record) === text)
  return epoch && { epoch }
}

function valueText(part: Exclude<ShapePart, string>, record: ShapedRecord): string | undefined {
  if ('time' in part) return timeText(record.timestamp, part.time, part.offset)
  if ('epoch' in part) return epochText(record.timestamp, part.epoch)
  if ('label' in part) return record.labels[part.label]
  const value = Object.hasOwn(record.fields, part.field) ? record.fields[part.field] : undefined
  return value === undefined || (typeof value === 'string') !== part.quoted ? undefined : String(value)
}

function timeText(timestamp: Timestamp, digits: number, offset: string): string {
  const fraction = digits === 0 ? '' : timestamp.slice(19, 20 + digits)
  if (offset === 'Z') return `${timestamp.slice(0, 19)}${fraction}Z`
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6))
  const local = msOf(timestamp) + (offset.startsWith('-') ? -minutes : minutes) * 60_000
  return `${new Date(local).toISOString().slice(0, 19)}${fraction}${offset}`
}

function epochText(timestamp: Timestamp, unit: EpochUnit): string | undefined {
  const lacking = EPOCH_UNITS[unit]
  const ns = String(nsOf(timestamp))
  return ns.length > lacking && ns.endsWith('0'.repeat(lacking))
    ? ns.slice(0, ns.length - lacking)
    : undefined
}

/** The literal texts of a shape. */
export function literalsOf(shape: Shape): readonly string[] {
  return shape.filter((part) => typeof part === 'string')
}

/** What ends a value in a shaped line, or could stand in the text of its time. */
const ENDS_VALUE = /["{}[\],:\s]+/
const TIME_LIKE = /^[-+.0-9TZ]+$/

/**
 * The pieces of a text between characters that end a value: in a shaped line that contains the text each stands in
 * one value or in one literal of its shape. Pieces that may stand in its time say nothing and are left out.
 */
export function piecesOf(text: string, shapes: readonly Shape[]): string[] {
  return text.split(ENDS_VALUE).filter((piece) => piece !== '' && !mayBeInTime(piece, shapes))
}

/** Digits alone are at most a year, the fraction of a second, or an epoch. */
function mayBeInTime(piece: string, shapes: readonly Shape[]): boolean {
  if (!TIME_LIKE.test(piece)) return false
  const digits = shapes.flat().map((part) => {
    if (typeof part === 'string') return 0
    return 'time' in part ? part.time : 'epoch' in part ? 19 : 0
  })
  return !/^\d+$/.test(piece) || piece.length <= Math.max(4, ...digits)
}

/** A segment's shapes are few; whoever sends more than this has their lines kept as text. */
const MAX_SHAPES = 200
/** How many shapes a line is compared with before it is taken to have a new one. */
const MAX_TRIES = 8
/** After so many lines in a row that have no shape, only each 64th is looked at. */
const PATIENCE = 256

/** The shapes of a segment, by number. */
export class Shapes {
  readonly list: Shape[] = []
  /** Numbers, lately used ones first. */
  readonly #recent: number[] = []
  #misses = 0

  /** Takes a shape over from the log; false where it is known by another number, or the number for another. */
  adopt(number: number, shape: Shape): boolean {
    const known = this.list[number]
    if (known) return JSON.stringify(known) === JSON.stringify(shape)
    if (number !== this.list.length) return false
    this.list.push(shape)
    this.#recent.unshift(number)
    return true
  }

  /** The number of the line's shape, which may be new; undefined when the line is kept as text. */
  numberFor(record: ShapedRecord, line: string): number | undefined {
    if (!mayBeShaped(line)) return undefined
    for (const [place, number] of this.#recent.entries()) {
      if (place === MAX_TRIES) break
      if (!fits(this.list[number] as Shape, record, line)) continue
      if (place > 0) this.#recent.unshift(...this.#recent.splice(place, 1))
      this.#misses = 0
      return number
    }
    return this.#newShape(record, line)
  }

  #newShape(record: ShapedRecord, line: string): number | undefined {
    this.#misses++
    if (this.list.length >= MAX_SHAPES || (this.#misses > PATIENCE && this.#misses % 64 !== 0))
      return undefined
    const shape = shapeOf(record, line)
    if (!shape) return undefined
    this.#misses = 0
    const number = this.list.push(shape) - 1
    this.#recent.unshift(number)
    return number
  }
}
