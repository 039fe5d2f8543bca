// Fluent's forward protocol, version 1, as Fluentd, Fluent Bit, Docker's driver and the fluent-logger libraries speak
// it: events of MessagePack in one of four modes. Each event is a flat one, like those of the JSON door.
import { Decoder, ExtData, ExtensionCodec } from '@msgpack/msgpack'
import { fail } from '../../errors.js'
import { type Timestamp, timestampOfMs } from '../../record/time.js'
import { type Account, reject } from '../account.js'
import { decompress } from '../compression.js'
import { LINE_KEYS } from '../event-keys.js'
import { msgpackValues } from '../msgpack-framing.js'
import { normaliseEvent } from '../normalise.js'
import { repairText } from '../text.js'

export interface ForwardMessage {
  readonly tag: string
  /** Events of a message that are values of it already. */
  readonly entries: readonly (readonly unknown[])[]
  /** Events one after another, perhaps compressed. */
  readonly packed: Buffer | undefined
  readonly compressed: string | undefined
  /** What the sender wants to have back once the events are durable. */
  readonly chunk: string | undefined
}

/** Seconds and nanoseconds, 32 bits each. */
class EventTime {
  constructor(readonly timestamp: Timestamp) {}
}

const extensionCodec = new ExtensionCodec()
extensionCodec.register({
  type: 0,
  encode: () => null,
  decode: (data) => eventTime(Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
})
/** All integers of 64 bits come as bigint: a double would change the large ones. */
const decoder = new Decoder({ extensionCodec, useBigInt64: true, mapKeyConverter: String })

function eventTime(data: Buffer): EventTime | undefined {
  if (data.length !== 8) return undefined
  const ns = data.readUInt32BE(4)
  if (ns > 999_999_999) return undefined
  return new EventTime(timestampOfMs(data.readUInt32BE(0) * 1000 + Math.floor(ns / 1e6), ns % 1e6))
}

/** One value. Throws BODY_INVALID. */
export function readMsgpack(bytes: Buffer): unknown {
  try {
    return decoder.decode(bytes)
  } catch (error) {
    return fail('BODY_INVALID', 'the message is not MessagePack', { cause: error })
  }
}

/** Undefined for a heartbeat. Throws BODY_INVALID. */
export function forwardMessage(value: unknown): ForwardMessage | undefined {
  if (value === null) return undefined
  if (!Array.isArray(value) || typeof value[0] !== 'string')
    return fail('BODY_INVALID', 'a message is an array that begins with a tag')
  const [tag, second, third, fourth] = value as unknown as readonly [string, ...unknown[]]
  const bare = { tag, entries: [], packed: undefined, ...optionsOf(third) }
  if (typeof second === 'string') return { ...bare, packed: Buffer.from(second) }
  if (second instanceof Uint8Array) return { ...bare, packed: bufferOf(second) }
  if (Array.isArray(second) && !isMap(third) && third !== undefined && third !== null)
    return fail('BODY_INVALID', 'the options of a message are a map')
  if (Array.isArray(second) && !isTimeWithMetadata(second, third, value.length))
    return { ...bare, entries: second.map((entry) => (Array.isArray(entry) ? entry : [])) }
  return { tag, entries: [[second, third]], packed: undefined, ...optionsOf(fourth) }
}

/** Fluent Bit also writes `[[time, metadata], record]`; in place of a time that is no list of entries. */
function isTimeWithMetadata(second: readonly unknown[], third: unknown, parts: number): boolean {
  return second.length === 2 && !Array.isArray(second[0]) && isMap(second[1]) && isMap(third) && parts >= 3
}

function optionsOf(options: unknown): Pick<ForwardMessage, 'compressed' | 'chunk'> {
  const { compressed, chunk } = isMap(options) ? options : {}
  return { compressed: textOf(compressed), chunk: textOf(chunk) }
}

function textOf(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return bufferOf(value).toString('latin1')
  return typeof value === 'string' ? value : undefined
}

/** The same message with its events not compressed. Throws BODY_TOO_LARGE, BODY_INVALID or MEDIA_UNSUPPORTED. */
export async function unpacked(message: ForwardMessage, limitBytes: number): Promise<ForwardMessage> {
  const { packed, compressed } = message
  if (packed === undefined || compressed === undefined || compressed === 'text') return message
  return { ...message, packed: await decompress(packed, compressed, limitBytes), compressed: undefined }
}

/** Adds the events of a message to the account, or their refusals; gives how many there were. */
export function addForward(
  account: Account,
  { tag, entries, packed }: ForwardMessage,
  before: number,
): number {
  let number = before
  for (const entry of entries) addEntry(account, tag, entry, ++number)
  if (packed)
    for (const bytes of msgpackValues(packed)) {
      const entry = bytes && entryOf(bytes)
      if (entry) addEntry(account, tag, entry, ++number)
      else reject(account, ++number, 'malformed', 'the entry is not MessagePack of [time, record]')
    }
  return number
}

function entryOf(bytes: Buffer): readonly unknown[] | undefined {
  try {
    const entry = decoder.decode(bytes)
    return Array.isArray(entry) ? entry : undefined
  } catch {
    return undefined
  }
}

function addEntry(account: Account, tag: string, [time, record]: readonly unknown[], number: number): void {
  if (!isMap(record)) return reject(account, number, 'malformed', 'an entry is an array of time and record')
  if (depthOf(record, account.context.limits.depth) === undefined)
    return reject(
      account,
      number,
      'too_deep',
      `the event is nested deeper than ${account.context.limits.depth} levels`,
    )
  const event = plain(record, account) as Record<string, unknown>
  const sent = timeOf(Array.isArray(time) ? time[0] : time)
  // Like at the JSON door, an event without a line is its own text, as it was before names were added.
  if (LINE_KEYS.every((key) => event[key] === undefined || event[key] === null))
    event['message'] = JSON.stringify(event)
  if (event['@timestamp'] === undefined && sent !== undefined) event['@timestamp'] = sent
  normaliseEvent(account, named(event, repairText(account, tag)), undefined, number)
}

/** The protocol's own time. An epoch of 0 is what senders without a clock write. */
function timeOf(time: unknown): string | number | undefined {
  if (time instanceof EventTime) return time.timestamp
  if (typeof time === 'bigint') return Number(time)
  return typeof time === 'number' && time > 0 ? time : undefined
}

/**
 * Fluentd's people know their events by tag, so the tag is the event's source where it names none itself. Docker's
 * driver calls the stream `source`, and its containers by their path.
 */
function named(event: Record<string, unknown>, tag: string): Record<string, unknown> {
  const { source, container_id: id, container_name: name } = event
  const isDocker =
    typeof id === 'string' && typeof name === 'string' && /^std(?:out|err)$/.test(String(source))
  if (isDocker) {
    const { container_name: _, ...rest } = event
    return { ...rest, source: tag, stream: source, container: name.replace(/^\//, '') }
  }
  if (source === undefined || source === null || source === '') return { ...event, source: tag }
  return event['tag'] === undefined ? { ...event, tag } : event
}

/** Undefined where it is nested deeper than so many levels. */
function depthOf(value: unknown, levels: number): number | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return levels
  if (levels === 0) return undefined
  for (const part of Array.isArray(value) ? value : Object.values(value))
    if (depthOf(part, levels - 1) === undefined) return undefined
  return levels
}

/** A value as JSON could have said it; numbers that a double would change, and those that are none, as text. */
function plain(value: unknown, account: Account): unknown {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint')
    return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value))
      ? Number(value)
      : String(value)
  if (value instanceof Uint8Array) return repairText(account, bufferOf(value).toString('utf8'))
  if (value instanceof EventTime) return value.timestamp
  if (value instanceof ExtData) return undefined
  if (Array.isArray(value)) return value.map((part) => plain(part, account))
  if (!isMap(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part, account)]))
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof EventTime) &&
    !(value instanceof ExtData)
  )
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
