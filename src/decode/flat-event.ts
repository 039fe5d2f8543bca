// A record as the flat event from which the JSON door makes the same record again: what people's scripts read with
// jq (`source`, `tenant`, `@timestamp`, `message`), and yet nothing is lost. Some records no flat event can say by
// itself: a tenant that came with the key, labels of Loki's that are no keys of flat events. For those the event has
// one key more, `_logctl`, with what is to be replaced in the record that the door would make.
import { type Labels, serviceNameOf } from '../record/labels.js'
import { isLevel, type Level } from '../record/level.js'
import { type LogRecord, type Scalar, recordToJson, withSortedFields } from '../record/record.js'
import { openAccount } from './account.js'
import type { DecodeContext } from './decoded.js'
import { takeEventLine } from './formats/json-events.js'
import { sharedLabels } from './stream-labels.js'
import { bodyText } from './text.js'

export const PATCH_KEY = '_logctl'

/** What replaces parts of a record. */
export interface RecordPatch {
  readonly tenant?: string
  readonly labels?: Labels
  readonly level?: Level
  readonly line?: string
  readonly fields?: Readonly<Record<string, Scalar>>
}

/** The event's JSON text, one line without its end. `context` is that of whoever reads it again. */
export function flatEvent(record: LogRecord, context: DecodeContext): string {
  const { line } = record
  // An event without a line of its own is its line: it goes out as it came in.
  if (line.startsWith('{') && !/[\n\r]|"_logctl":/.test(line)) {
    const read = readAgain(line, context)
    if (read !== undefined && recordToJson(read) === recordToJson(withSortedFields(record))) return line
  }
  const event = eventOf(record)
  const text = JSON.stringify(event)
  const read = readAgain(text, context)
  const patch = patchFor(record, read)
  if (patch === undefined) return text
  // An event that the door would refuse, such as one with more fields than may be, is read by its patch alone.
  const keys = read === undefined ? { '@timestamp': record.timestamp, message: record.line } : event
  return JSON.stringify({ ...keys, [PATCH_KEY]: patch })
}

/** The record with what the event says of it beyond its flat keys. */
export function patchedRecord(record: LogRecord, patch: RecordPatch): LogRecord {
  const { labels, ...rest } = patch
  return { ...record, ...rest, ...(labels && { labels: sharedLabels(labels) }) }
}

/** The patch of an event; undefined where it has none in our form, for others may use the key as they like. */
export function patchOf(event: unknown): RecordPatch | undefined {
  const patch = isObject(event) && Object.hasOwn(event, PATCH_KEY) ? event[PATCH_KEY] : undefined
  if (!isObject(patch)) return undefined
  const isGood = Object.entries(patch).every(([key, value]) => PARTS.get(key)?.(value) ?? false)
  return isGood ? (patch as RecordPatch) : undefined
}

const PARTS: ReadonlyMap<string, (value: unknown) => boolean> = new Map<string, (value: unknown) => boolean>([
  ['tenant', isText],
  ['line', isText],
  ['level', (value) => isText(value) && isLevel(value)],
  ['labels', (value) => isObject(value) && Object.values(value).every(isText)],
  ['fields', (value) => isObject(value) && Object.values(value).every(isScalar)],
])

function eventOf(record: LogRecord): Record<string, unknown> {
  const { timestamp, tenant, labels, line, fields } = record
  const { service_name: service, ...sent } = labels
  const event: Record<string, unknown> = { '@timestamp': timestamp }
  if (tenant !== 'none') event['tenant'] = tenant
  for (const name of Object.keys(sent)) event[name] ??= sent[name]
  if (service !== serviceNameOf(sent)) event['service_name'] ??= service
  event['message'] = line
  for (const name of Object.keys(fields))
    if (name !== PATCH_KEY && name !== '__proto__') event[name] ??= fields[name]
  return event
}

function readAgain(text: string, context: DecodeContext): LogRecord | undefined {
  const account = openAccount(context)
  const body = bodyText(Buffer.from(text))
  takeEventLine(account, body, { from: 0, to: body.bytes.length, line: 1 })
  const [record, another] = account.records
  return record && another === undefined ? withSortedFields(record) : undefined
}

/** Undefined where nothing is to be replaced. */
function patchFor(record: LogRecord, read: LogRecord | undefined): RecordPatch | undefined {
  const wanted = withSortedFields(record)
  if (read !== undefined && recordToJson(read) === recordToJson(wanted)) return undefined
  const { tenant, labels, level, line, fields } = wanted
  const parts = { tenant, labels, level, line, fields }
  const differing = Object.entries(parts).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(read?.[name as keyof LogRecord]),
  )
  return Object.fromEntries(differing)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isScalar(value: unknown): value is Scalar {
  return isText(value) || typeof value === 'number' || typeof value === 'boolean'
}
