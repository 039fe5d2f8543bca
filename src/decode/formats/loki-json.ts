// Loki's JSON push (`{"streams":[{"stream":{…},"values":[["ns","line",{…}]]}]}`). One bad entry is refused alone; a
// body that is no such JSON is refused whole.
import { fail } from '../../errors.js'
import { Dictionary } from '../../record/dictionary.js'
import type { Labels } from '../../record/labels.js'
import { type Timestamp, timestampOfMs, timestampOfNs } from '../../record/time.js'
import { type Account, closeAccount, openAccount } from '../account.js'
import type { DecodeContext } from '../decoded.js'
import { nestsDeeper } from '../framing.js'
import { bodyText, pieceOf } from '../text.js'
import {
  addEntry,
  brokenStream,
  type DecodedPush,
  openStream,
  type PushStream,
  refuseEntry,
} from './loki-push.js'

/** Object, streams, stream, values, entry, metadata, and some room for keys that are ignored. */
const DEPTH = 32
const NANOSECONDS = /^-?\d{1,19}$/
const NO_METADATA: readonly string[] = []

type JsonObject = Readonly<Record<string, unknown>>

/** Throws BODY_INVALID. */
export function decodeLokiJson(bytes: Buffer, context: DecodeContext): DecodedPush {
  const account = openAccount(context)
  const streams = streamsOf(account, bytes)
  let entries = 0
  for (const stream of streams) entries = takeStream(account, stream, entries)
  return { ...closeAccount(account), streams: streams.length, entries }
}

function streamsOf(account: Account, bytes: Buffer): unknown[] {
  if (nestsDeeper(bytes, 0, bytes.length, DEPTH)) fail('BODY_INVALID', 'the push is nested too deep')
  const text = pieceOf(account, bodyText(bytes), 0, bytes.length)
  let push: unknown
  try {
    push = JSON.parse(text)
  } catch (error) {
    return fail('BODY_INVALID', 'the push is not valid JSON', { cause: error })
  }
  if (!isObject(push)) return fail('BODY_INVALID', 'the push is not a JSON object')
  const streams = push['streams'] ?? []
  return Array.isArray(streams) ? streams : fail('BODY_INVALID', 'the "streams" of the push are no array')
}

/** Returns how many entries there were so far. */
function takeStream(account: Account, sent: unknown, entriesBefore: number): number {
  const values = isObject(sent) ? (sent['values'] ?? []) : undefined
  if (!Array.isArray(values)) {
    refuseEntry(account, entriesBefore + 1, 'a stream is an object with "stream" and "values"')
    return entriesBefore + 1
  }
  const stream = streamOf(account, (sent as JsonObject)['stream'])
  let entries = entriesBefore
  for (const value of values) if (value !== null) takeValue(account, stream, value, ++entries)
  return entries
}

function streamOf(account: Account, sent: unknown): PushStream {
  const labels = labelsOf(sent ?? {})
  return labels === undefined
    ? brokenStream('the labels of the stream are no object of texts')
    : openStream(account, labels)
}

/** Loki takes any scalar as the text it is written as. */
function labelsOf(sent: unknown): Labels | undefined {
  if (!isObject(sent)) return undefined
  const labels = new Dictionary<string>()
  for (const name in sent) {
    const value = sent[name]
    if (typeof value === 'object' && value !== null) return undefined
    labels[name] = typeof value === 'string' ? value : String(value)
  }
  return labels
}

function takeValue(account: Account, stream: PushStream, value: unknown, number: number): void {
  if (!Array.isArray(value) || value.length < 2)
    return refuseEntry(account, number, 'an entry is an array of timestamp and line')
  const [time, line, metadata] = value as unknown[]
  if (typeof time !== 'string' || !NANOSECONDS.test(time))
    return refuseEntry(account, number, 'the timestamp is not a string of nanoseconds')
  if (typeof line !== 'string') return refuseEntry(account, number, 'the line is not a string')
  if (metadata === undefined || metadata === null)
    return addEntry(
      account,
      stream,
      { timestamp: timeOf(time), line, names: NO_METADATA, values: NO_METADATA },
      number,
    )
  const values = isObject(metadata) ? Object.values(metadata) : undefined
  if (values === undefined || !values.every((one) => typeof one === 'string'))
    return refuseEntry(account, number, 'the structured metadata is no object of strings')
  addEntry(account, stream, { timestamp: timeOf(time), line, names: Object.keys(metadata), values }, number)
}

function timeOf(nanoseconds: string): Timestamp | undefined {
  const isPlain =
    nanoseconds.length === 19 && nanoseconds < '9000000000000000000' && !nanoseconds.startsWith('-')
  return isPlain
    ? timestampOfMs(Number(nanoseconds.slice(0, 13)), Number(nanoseconds.slice(13)))
    : timestampOfNs(BigInt(nanoseconds))
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
