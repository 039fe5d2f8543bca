// OTLP's ExportLogsServiceRequest in protobuf, walked by hand (opentelemetry-proto, logs.proto and common.proto):
// request 1 = resource_logs {1 resource, 2 scope_logs {1 scope, 2 log_records}}; attributes are pairs {1 key, 2 value}.
import { Reader } from 'protobufjs/minimal.js'
import { fail, messageOf } from '../../errors.js'
import { Dictionary } from '../../record/dictionary.js'
import { type Account, closeAccount, openAccount } from '../account.js'
import type { DecodeContext } from '../decoded.js'
import { eachField, finite, int64, lengthTag } from '../protobuf.js'
import { type BodyText, bodyText, pieceOf } from '../text.js'
import {
  addLog,
  type DecodedOtlp,
  EMPTY_LOG,
  NO_SCOPE,
  openResource,
  type OtlpLog,
  type OtlpResource,
  type OtlpScope,
} from './otlp-record.js'

/** Values that nest deeper are skipped without being built; the limit of depth refuses them long before. */
const DEEPEST = 200

const FIRST = lengthTag(1)
const SECOND = lengthTag(2)

interface Export {
  readonly account: Account
  readonly reader: Reader
  readonly body: BodyText
  entries: number
}

/** A scope of a resource whose records are being read, and the bytes that both add to each. */
interface Origin {
  readonly resource: OtlpResource
  readonly scope: OtlpScope
  readonly bytes: number
}

/** Throws BODY_INVALID. */
export function decodeOtlpProtobuf(message: Buffer, context: DecodeContext): DecodedOtlp {
  const account = openAccount(context)
  account.mayEscape = false
  const request: Export = { account, reader: new Reader(message), body: bodyText(message), entries: 0 }
  try {
    eachField(request.reader, message.length, (tag, end) => {
      if (tag === FIRST) readResourceLogs(request, end)
    })
  } catch (error) {
    return fail('BODY_INVALID', `the body is not an ExportLogsServiceRequest: ${messageOf(error)}`, {
      cause: error,
    })
  }
  return { ...closeAccount(account), entries: request.entries }
}

/** The resource may stand behind its records, so it is found first. */
function readResourceLogs(request: Export, end: number): void {
  const { account, reader } = request
  const start = reader.pos
  const attributes: [string, unknown][] = []
  let bytes = 0
  eachField(reader, end, (tag, stop) => {
    if (tag !== FIRST) return
    bytes += stop - reader.pos
    eachField(reader, stop, (inner, innerStop) => {
      if (inner === FIRST) attributes.push(readPair(request, innerStop, 1))
    })
  })
  const resource = openResource(account, attributes)
  reader.pos = start
  eachField(reader, end, (tag, stop) => {
    if (tag === SECOND) readScopeLogs(request, resource, bytes, stop)
  })
}

function readScopeLogs(request: Export, resource: OtlpResource, resourceBytes: number, end: number): void {
  const { reader } = request
  const start = reader.pos
  let scope = NO_SCOPE
  let bytes = resourceBytes
  eachField(reader, end, (tag, stop) => {
    if (tag !== FIRST) return
    bytes += stop - reader.pos
    scope = readScope(request, stop)
  })
  const origin: Origin = { resource, scope, bytes }
  reader.pos = start
  eachField(reader, end, (tag, stop) => {
    if (tag === SECOND) readLog(request, origin, stop)
  })
}

/** InstrumentationScope: 1 name, 2 version, 3 attributes. */
function readScope(request: Export, end: number): OtlpScope {
  const scope = { name: '', version: '', attributes: [] as [string, unknown][] }
  eachField(request.reader, end, (tag, stop) => {
    if (tag === FIRST) scope.name = textTo(request, stop)
    else if (tag === SECOND) scope.version = textTo(request, stop)
    else if (tag === lengthTag(3)) scope.attributes.push(readPair(request, stop, 1))
  })
  return scope
}

const TIME = 1 * 8 + 1
const SEVERITY_NUMBER = 2 * 8
const SEVERITY_TEXT = lengthTag(3)
const BODY = lengthTag(5)
const ATTRIBUTE = lengthTag(6)
const FLAGS = 8 * 8 + 5
const TRACE_ID = lengthTag(9)
const SPAN_ID = lengthTag(10)
const OBSERVED_TIME = 11 * 8 + 1
const EVENT_NAME = lengthTag(12)

function readLog(request: Export, origin: Origin, end: number): void {
  const { account, reader } = request
  const bytes = origin.bytes + (end - reader.pos)
  const attributes: [string, unknown][] = []
  const log: { -readonly [Key in keyof OtlpLog]: OtlpLog[Key] } = { ...EMPTY_LOG, attributes }
  eachField(reader, end, (tag, stop) => {
    switch (tag) {
      case SEVERITY_TEXT:
        log.severityText = textTo(request, stop)
        return false
      case BODY:
        log.body = readValue(request, stop, 1)
        return false
      case ATTRIBUTE:
        attributes.push(readPair(request, stop, 1))
        return false
      case TRACE_ID:
        log.traceId = hexTo(request, stop)
        return false
      case SPAN_ID:
        log.spanId = hexTo(request, stop)
        return false
      case EVENT_NAME:
        log.eventName = textTo(request, stop)
        return false
      case TIME:
        log.time = fixed64(reader)
        return true
      case OBSERVED_TIME:
        log.observedTime = fixed64(reader)
        return true
      case SEVERITY_NUMBER:
        log.severityNumber = reader.int32()
        return true
      case FLAGS:
        log.flags = reader.fixed32()
        return true
      default:
        return false
    }
  })
  addLog(account, origin, log, { number: ++request.entries, bytes })
}

function readPair(request: Export, end: number, depth: number): [string, unknown] {
  let name = ''
  let value: unknown = null
  eachField(request.reader, end, (tag, stop) => {
    if (tag === FIRST) name = textTo(request, stop)
    else if (tag === SECOND) value = readValue(request, stop, depth)
  })
  return [name, value]
}

/** AnyValue: 1 text, 2 bool, 3 int, 4 double, 5 array {1 values}, 6 list of pairs {1 pairs}, 7 bytes. */
function readValue(request: Export, end: number, depth: number): unknown {
  const { reader } = request
  let value: unknown = null
  if (depth > DEEPEST) return value
  eachField(reader, end, (tag, stop) => {
    switch (tag) {
      case FIRST:
        value = textTo(request, stop)
        return false
      case 2 * 8:
        value = reader.bool()
        return true
      case 3 * 8:
        value = int64(reader)
        return true
      case 4 * 8 + 1:
        value = finite(reader.double())
        return true
      case lengthTag(5):
        value = readArray(request, stop, depth + 1)
        return false
      case lengthTag(6):
        value = readPairs(request, stop, depth + 1)
        return false
      case lengthTag(7):
        value = request.body.bytes.toString('base64', reader.pos, stop)
        return false
      default:
        return false
    }
  })
  return value
}

function readArray(request: Export, end: number, depth: number): unknown[] {
  const items: unknown[] = []
  eachField(request.reader, end, (tag, stop) => {
    if (tag === FIRST) items.push(readValue(request, stop, depth))
  })
  return items
}

function readPairs(request: Export, end: number, depth: number): Record<string, unknown> {
  const object = new Dictionary<unknown>()
  eachField(request.reader, end, (tag, stop) => {
    if (tag !== FIRST) return
    const [name, value] = readPair(request, stop, depth)
    object[name] ??= value
  })
  return object
}

function fixed64(reader: Reader): bigint {
  const low = BigInt(reader.fixed32())
  return (BigInt(reader.fixed32()) << 32n) | low
}

function hexTo({ body, reader }: Export, end: number): string {
  return body.bytes.toString('hex', reader.pos, end)
}

function textTo({ account, body, reader }: Export, end: number): string {
  return pieceOf(account, body, reader.pos, end)
}
