// Loki's protobuf push (logproto.PushRequest), walked by hand so that nothing is built that is not kept. The message
// comes here without snappy.
import { Reader } from 'protobufjs/minimal.js'
import { fail, messageOf } from '../../errors.js'
import { type Timestamp, timestampOfMs } from '../../record/time.js'
import { type Account, closeAccount, openAccount } from '../account.js'
import type { DecodeContext } from '../decoded.js'
import { parseLabelText } from '../label-text.js'
import { type BodyText, bodyText, pieceOf } from '../text.js'
import { addEntry, brokenStream, type DecodedPush, openStream, type PushStream } from './loki-push.js'

/** Wire type 2: bytes behind their length. */
const LENGTH_DELIMITED = 2
/** Seconds of the years that a timestamp can hold; nothing outside reaches the calendar. */
const FIRST_SECOND = Date.UTC(1678, 0, 1) / 1000
const LAST_SECOND = Date.UTC(2262, 0, 1) / 1000 - 1

interface Push {
  readonly account: Account
  readonly reader: Reader
  readonly body: BodyText
  /** Streams by their label text: some senders make a stream of each line. */
  readonly known: Map<string, PushStream>
  streams: number
  entries: number
}

/** Throws BODY_INVALID. */
export function decodeLokiProtobuf(message: Buffer, context: DecodeContext): DecodedPush {
  const account = openAccount(context)
  const reader = new Reader(message)
  const push: Push = { account, reader, body: bodyText(message), known: new Map(), streams: 0, entries: 0 }
  try {
    eachField(reader, message.length, (field, end) => {
      if (field === 1) readStream(push, end)
    })
  } catch (error) {
    return fail('BODY_INVALID', `the push is not a protobuf PushRequest: ${messageOf(error)}`, {
      cause: error,
    })
  }
  return { ...closeAccount(account), streams: push.streams, entries: push.entries }
}

/** Calls back for each field with a length, at its first byte; the callback may read it, or leave it. */
function eachField(reader: Reader, end: number, visit: (field: number, end: number) => void): void {
  while (reader.pos < end) {
    const tag = reader.uint32()
    if ((tag & 7) !== LENGTH_DELIMITED) {
      reader.skipType(tag & 7, 0, tag >>> 3)
      continue
    }
    const size = reader.uint32()
    const stop = reader.pos + size
    if (stop > end) throw new RangeError('a field is longer than its message')
    visit(tag >>> 3, stop)
    reader.pos = stop
  }
  if (reader.pos !== end) throw new RangeError('a field is longer than its message')
}

/** StreamAdapter: labels = 1, entries = 2. The labels may stand behind the entries, so they are found first. */
function readStream(push: Push, end: number): void {
  const { reader } = push
  const start = reader.pos
  let labels = ''
  eachField(reader, end, (field, stop) => {
    if (field === 1) labels = textTo(push, stop)
  })
  push.streams++
  const stream = streamOf(push, labels)
  reader.pos = start
  eachField(reader, end, (field, stop) => {
    if (field === 2) readEntry(push, stream, stop)
  })
}

function streamOf(push: Push, text: string): PushStream {
  let stream = push.known.get(text)
  if (stream === undefined) {
    const labels = parseLabelText(text)
    stream =
      labels === undefined
        ? brokenStream(`error parsing labels '${text.slice(0, 200)}'`)
        : openStream(push.account, labels)
    push.known.set(text, stream)
  }
  return stream
}

/** EntryAdapter: timestamp = 1, line = 2, structuredMetadata = 3. */
function readEntry(push: Push, stream: PushStream, end: number): void {
  const { account, reader } = push
  let timestamp: Timestamp | undefined = timestampOfMs(0)
  let line = ''
  const names: string[] = []
  const values: string[] = []
  eachField(reader, end, (field, stop) => {
    if (field === 1) timestamp = readTimestamp(reader, stop)
    else if (field === 2) line = textTo(push, stop)
    else if (field === 3) readPair(push, stop, names, values)
  })
  addEntry(account, stream, { timestamp, line, names, values }, ++push.entries)
}

/** google.protobuf.Timestamp: seconds = 1, nanos = 2. */
function readTimestamp(reader: Reader, end: number): Timestamp | undefined {
  let seconds = 0
  let nanos = 0
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === 8) seconds = Number(reader.int64())
    else if (tag === 16) nanos = reader.int32()
    else reader.skipType(tag & 7, 0, tag >>> 3)
  }
  if (reader.pos !== end) throw new RangeError('a timestamp is longer than its message')
  if (seconds < FIRST_SECOND || seconds > LAST_SECOND || nanos < 0 || nanos > 999_999_999) return undefined
  return timestampOfMs(seconds * 1000 + Math.floor(nanos / 1_000_000), nanos % 1_000_000)
}

/** LabelPairAdapter: name = 1, value = 2. */
function readPair(push: Push, end: number, names: string[], values: string[]): void {
  let name = ''
  let value = ''
  eachField(push.reader, end, (field, stop) => {
    if (field === 1) name = textTo(push, stop)
    else if (field === 2) value = textTo(push, stop)
  })
  names.push(name)
  values.push(value)
}

function textTo({ account, body, reader }: Push, end: number): string {
  return pieceOf(account, body, reader.pos, end)
}
