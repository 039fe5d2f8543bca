// Vector's own protocol (vector.PushEventsRequest), walked by hand so that nothing is built that is not kept. A request
// is events 1; an event is log 1, metric 2 or trace 3; a log has its fields as a map 1, unless its value 2 is there,
// which stands for the whole event then. Metadata (3, 4) is skipped: it may hold secrets of other sinks.
import { Reader } from 'protobufjs/minimal.js'
import { fail, messageOf } from '../../errors.js'
import { Dictionary } from '../../record/dictionary.js'
import { timestampOfMs } from '../../record/time.js'
import { type Account, closeAccount, openAccount, reject } from '../account.js'
import type { DecodeContext, Decoded } from '../decoded.js'
import { normaliseValues } from '../normalise.js'
import { finite, int64, lengthTag } from '../protobuf.js'
import { type BodyText, bodyText, pieceOf } from '../text.js'

export interface DecodedVector extends Decoded {
  /** Events in the request, refused ones too. */
  readonly entries: number
}

const FIRST = lengthTag(1)
const SECOND = lengthTag(2)
const THIRD = lengthTag(3)

/** The kinds of a value, by their tags: bytes 1, timestamp 2, integer 4, double 5, boolean 6, map 7, array 8, null 9. */
const INTEGER = 4 * 8
const DOUBLE = 5 * 8 + 1
const BOOLEAN = 6 * 8
const MAP = lengthTag(7)
const ARRAY = lengthTag(8)
/** Seconds of the years that a timestamp can hold. */
const FIRST_SECOND = Date.UTC(1678, 0, 1) / 1000
const LAST_SECOND = Date.UTC(2262, 0, 1) / 1000 - 1
/** Characters that one byte of a message becomes at most: a timestamp of two bytes has thirty. */
const CHARS_PER_BYTE = 16

interface Push {
  readonly account: Account
  readonly reader: Reader
  readonly body: BodyText
  readonly deepest: number
  events: number
  /** The event at hand nests deeper than may be; its values below that were skipped. */
  tooDeep: boolean
}

/** Throws BODY_INVALID. */
export function decodeVector(message: Buffer, context: DecodeContext): DecodedVector {
  const account = openAccount(context)
  // Protobuf has no escapes: what is damaged is repaired where its bytes become text.
  account.mayEscape = false
  const push: Push = {
    account,
    reader: new Reader(message),
    body: bodyText(message),
    deepest: context.limits.depth,
    events: 0,
    tooDeep: false,
  }
  try {
    const { reader } = push
    while (reader.pos < message.length) {
      const tag = reader.uint32()
      if (tag !== FIRST) reader.skipType(tag & 7, 0, tag >>> 3)
      else readEvent(push, stopOf(reader, message.length))
    }
  } catch (error) {
    return fail('BODY_INVALID', `the message is not a PushEventsRequest: ${messageOf(error)}`, {
      cause: error,
    })
  }
  return { ...closeAccount(account), entries: push.events }
}

/** The end of a field whose length comes next. */
function stopOf(reader: Reader, end: number): number {
  const size = reader.uint32()
  const stop = reader.pos + size
  if (stop > end) throw new RangeError('a field is longer than its message')
  return stop
}

/** A field that is not read; it must end within its message. */
function skip(reader: Reader, tag: number, end: number): void {
  reader.skipType(tag & 7, 0, tag >>> 3)
  if (reader.pos > end) throw new RangeError('a field is longer than its message')
}

function readEvent(push: Push, end: number): void {
  const { account, reader } = push
  const number = ++push.events
  let isLog = false
  let isOther = false
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === FIRST && !isLog) {
      isLog = true
      readLog(push, stopOf(reader, end), number)
    } else {
      isOther ||= tag === SECOND || tag === THIRD
      skip(reader, tag, end)
    }
  }
  if (isLog) return
  const what = isOther ? 'metrics and traces are not kept' : 'the event is empty'
  reject(account, number, isOther ? 'unsupported' : 'malformed', what)
}

function readLog(push: Push, end: number, number: number): void {
  const { account, reader } = push
  const bytes = end - reader.pos
  const fields: Record<string, unknown> = new Dictionary<unknown>()
  let whole: unknown
  let hasValue = false
  push.tooDeep = false
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === FIRST) readEntry(push, stopOf(reader, end), fields, 1)
    else if (tag === SECOND) {
      hasValue = true
      whole = readValue(push, stopOf(reader, end), 1)
    } else skip(reader, tag, end)
  }
  if (push.tooDeep)
    return reject(account, number, 'too_deep', `the event is nested deeper than ${push.deepest} levels`)
  const event = hasValue ? eventOf(whole) : fields
  normaliseValues(account, event, bytes * CHARS_PER_BYTE, number)
}

/** An event that is no object is its message. */
function eventOf(value: unknown): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Record<string, unknown>) : { message: value ?? '' }
}

/** An entry of a map: key 1, value 2. Either may be left out where it is empty. */
function readEntry(push: Push, end: number, into: Record<string, unknown>, depth: number): void {
  const { reader } = push
  let key = ''
  let value: unknown = null
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === FIRST) {
      const stop = stopOf(reader, end)
      key = textTo(push, stop)
      reader.pos = stop
    } else if (tag === SECOND) value = readValue(push, stopOf(reader, end), depth)
    else skip(reader, tag, end)
  }
  into[key] = value
}

/** Null where it has no kind that is known. Leaves the reader at `end`. */
function readValue(push: Push, end: number, depth: number): unknown {
  const { reader } = push
  let value: unknown = null
  while (reader.pos < end) {
    const tag = reader.uint32()
    switch (tag) {
      case FIRST: {
        const stop = stopOf(reader, end)
        value = textTo(push, stop)
        reader.pos = stop
        break
      }
      case SECOND:
        value = readTimestamp(reader, stopOf(reader, end))
        break
      case INTEGER:
        value = int64(reader)
        break
      case DOUBLE:
        value = finite(reader.double())
        break
      case BOOLEAN:
        value = reader.bool()
        break
      case MAP:
        value = readMap(push, stopOf(reader, end), depth + 1)
        break
      case ARRAY:
        value = readArray(push, stopOf(reader, end), depth + 1)
        break
      default:
        skip(reader, tag, end)
    }
  }
  if (reader.pos !== end) throw new RangeError('a value is longer than its message')
  return value
}

function readMap(push: Push, end: number, depth: number): Record<string, unknown> {
  const { reader } = push
  const object: Record<string, unknown> = new Dictionary<unknown>()
  if (depth > push.deepest) {
    push.tooDeep = true
    reader.pos = end
  }
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === FIRST) readEntry(push, stopOf(reader, end), object, depth)
    else skip(reader, tag, end)
  }
  return object
}

function readArray(push: Push, end: number, depth: number): unknown[] {
  const { reader } = push
  const items: unknown[] = []
  if (depth > push.deepest) {
    push.tooDeep = true
    reader.pos = end
  }
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === FIRST) items.push(readValue(push, stopOf(reader, end), depth))
    else skip(reader, tag, end)
  }
  return items
}

/** google.protobuf.Timestamp: seconds 1, nanos 2. One that no calendar holds becomes a text, so that it is still seen. */
function readTimestamp(reader: Reader, end: number): string {
  let seconds = 0
  let nanos = 0
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === 8) seconds = Number(reader.int64())
    else if (tag === 16) nanos = reader.int32()
    else skip(reader, tag, end)
  }
  if (reader.pos !== end) throw new RangeError('a timestamp is longer than its message')
  const isMoment = seconds >= FIRST_SECOND && seconds <= LAST_SECOND && nanos >= 0 && nanos <= 999_999_999
  if (!isMoment) return `${seconds} s ${nanos} ns`
  return timestampOfMs(seconds * 1000 + Math.floor(nanos / 1_000_000), nanos % 1_000_000)
}

function textTo({ account, body, reader }: Push, end: number): string {
  return pieceOf(account, body, reader.pos, end)
}
