// OTLP's ExportLogsServiceRequest in JSON: names in lowerCamelCase, ids in hex, 64-bit numbers as texts or numbers,
// enums as numbers (opentelemetry-proto, "JSON Protobuf Encoding"). What has the wrong form refuses its record alone.
import { fail } from '../../errors.js'
import { Dictionary } from '../../record/dictionary.js'
import { type Account, closeAccount, openAccount, reject } from '../account.js'
import type { DecodeContext } from '../decoded.js'
import { nestsDeeper } from '../framing.js'
import { finite } from '../protobuf.js'
import { bodyText, pieceOf } from '../text.js'
import {
  addLog,
  type Attributes,
  type DecodedOtlp,
  EMPTY_LOG,
  NO_SCOPE,
  openResource,
  type OtlpLog,
  type OtlpScope,
} from './otlp-record.js'

/** Each level of a value takes four of JSON: value, list, pairs, pair. */
const DEPTH = 256
const WHOLE = /^-?\d{1,20}$/
const HEX = /^[0-9a-fA-F]{0,64}$/

type JsonObject = Readonly<Record<string, unknown>>

/** Throws BODY_INVALID. */
export function decodeOtlpJson(bytes: Buffer, context: DecodeContext): DecodedOtlp {
  const account = openAccount(context)
  const request = parsed(account, bytes)
  let entries = 0
  for (const logs of listOf(request, 'resourceLogs')) entries = takeResource(account, logs, entries)
  return { ...closeAccount(account), entries }
}

function parsed(account: Account, bytes: Buffer): JsonObject {
  if (nestsDeeper(bytes, 0, bytes.length, DEPTH)) fail('BODY_INVALID', 'the request is nested too deep')
  const body = bodyText(bytes)
  account.mayEscape = body.escapes
  let request: unknown
  try {
    request = JSON.parse(pieceOf(account, body, 0, bytes.length))
  } catch (error) {
    return fail('BODY_INVALID', 'the request is not valid JSON', { cause: error })
  }
  if (!isObject(request)) return fail('BODY_INVALID', 'the request is not a JSON object')
  const logs = request['resourceLogs'] ?? []
  return Array.isArray(logs) ? request : fail('BODY_INVALID', '"resourceLogs" is no array')
}

/** Returns how many records there were so far. */
function takeResource(account: Account, logs: unknown, entriesBefore: number): number {
  const sent = isObject(logs) ? logs['resource'] : undefined
  const resource = openResource(account, attributesOf(sent))
  const resourceBytes = sizeOf(sent)
  let entries = entriesBefore
  for (const group of listOf(logs, 'scopeLogs')) {
    const scope = scopeOf(isObject(group) ? group['scope'] : undefined)
    const bytes = resourceBytes + sizeOf(scope)
    for (const record of listOf(group, 'logRecords')) {
      const log = logOf(record)
      const number = ++entries
      if (log === undefined) reject(account, number, 'malformed', 'the log record has not the form of OTLP')
      else addLog(account, { resource, scope }, log, { number, bytes: bytes + sizeOf(record) })
    }
  }
  return entries
}

function sizeOf(part: unknown): number {
  return part === undefined ? 0 : JSON.stringify(part).length
}

function scopeOf(sent: unknown): OtlpScope {
  if (!isObject(sent)) return NO_SCOPE
  return { name: textOf(sent['name']), version: textOf(sent['version']), attributes: attributesOf(sent) }
}

/** Undefined where a time, an id or the severity is not what it must be. */
function logOf(sent: unknown): OtlpLog | undefined {
  if (!isObject(sent)) return undefined
  const time = nanosecondsOf(sent['timeUnixNano'])
  const observedTime = nanosecondsOf(sent['observedTimeUnixNano'])
  const severityNumber = sent['severityNumber'] ?? 0
  const traceId = sent['traceId'] ?? ''
  const spanId = sent['spanId'] ?? ''
  const isGood =
    time !== undefined &&
    observedTime !== undefined &&
    typeof severityNumber === 'number' &&
    isHex(traceId) &&
    isHex(spanId)
  if (!isGood) return undefined
  return {
    ...EMPTY_LOG,
    time,
    observedTime,
    severityNumber,
    severityText: textOf(sent['severityText']),
    body: valueOf(sent['body']),
    attributes: attributesOf(sent),
    flags: typeof sent['flags'] === 'number' ? sent['flags'] : 0,
    traceId: traceId.toLowerCase(),
    spanId: spanId.toLowerCase(),
    eventName: textOf(sent['eventName']),
  }
}

function nanosecondsOf(value: unknown): bigint | undefined {
  if (value === undefined || value === null || value === '') return 0n
  if (typeof value === 'number')
    return Number.isSafeInteger(Math.trunc(value / 1024)) ? BigInt(Math.trunc(value)) : undefined
  return typeof value === 'string' && WHOLE.test(value) ? BigInt(value) : undefined
}

function attributesOf(sent: unknown): Attributes {
  return listOf(sent, 'attributes').flatMap((pair) =>
    isObject(pair) ? [[textOf(pair['key']), valueOf(pair['value'])] as const] : [],
  )
}

/** The value of an AnyValue; null where it has none that is known. */
function valueOf(sent: unknown): unknown {
  if (!isObject(sent)) return null
  if (typeof sent['stringValue'] === 'string') return sent['stringValue']
  if (typeof sent['boolValue'] === 'boolean') return sent['boolValue']
  if ('intValue' in sent) return intOf(sent['intValue'])
  if ('doubleValue' in sent) return doubleOf(sent['doubleValue'])
  if (isObject(sent['arrayValue'])) return listOf(sent['arrayValue'], 'values').map(valueOf)
  if (isObject(sent['kvlistValue'])) return objectOf(listOf(sent['kvlistValue'], 'values'))
  return typeof sent['bytesValue'] === 'string' ? sent['bytesValue'] : null
}

/** What a double cannot hold stays as the text it was sent as. */
function intOf(value: unknown): unknown {
  if (typeof value === 'number') return finite(value)
  if (typeof value !== 'string' || !WHOLE.test(value)) return null
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function doubleOf(value: unknown): unknown {
  if (typeof value === 'number') return finite(value)
  if (typeof value !== 'string' || value.trim() === '') return null
  return Number.isFinite(Number(value)) ? Number(value) : value
}

function objectOf(pairs: readonly unknown[]): Record<string, unknown> {
  const object = new Dictionary<unknown>()
  for (const [name, value] of attributesOf({ attributes: pairs })) object[name] ??= value
  return object
}

function listOf(sent: unknown, name: string): readonly unknown[] {
  const list = isObject(sent) ? sent[name] : undefined
  return Array.isArray(list) ? list : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isHex(value: unknown): value is string {
  return typeof value === 'string' && HEX.test(value)
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
