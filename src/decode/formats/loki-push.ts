// What Loki's two push formats share: labels of a stream kept as sent, structured metadata as fields, the level by
// Loki's order, and refusals in Loki's words, which its clients log.
import { Dictionary } from '../../record/dictionary.js'
import type { Labels } from '../../record/labels.js'
import { type Level, levelOfLine } from '../../record/level.js'
import type { Scalar } from '../../record/record.js'
import type { Timestamp } from '../../record/time.js'
import { type Account, accept, judgeTime, reject } from '../account.js'
import { decompress } from '../compression.js'
import type { Decoded, RejectReason } from '../decoded.js'
import { LEVEL_KEYS, levelOfKey } from '../event-level.js'
import { labelText } from '../label-text.js'
import { keepLine, LONGEST_TENANT } from '../normalise.js'
import { sharedLabels } from '../stream-labels.js'
import { repairText, withoutControls } from '../text.js'
import { unsnappy } from '../snappy.js'

export interface DecodedPush extends Decoded {
  /** Streams in the push; Loki answers 422 when there are none. */
  readonly streams: number
  /** Entries in the push, refused ones too. */
  readonly entries: number
}

/** Labels by which Promtail, Alloy and others name the tenant of a stream. */
const TENANT_LABELS = ['__tenant_id__', 'tenant'] as const
const DETECTED = 'detected_level'
const NO_TENANT = 'none'

export interface PushStream {
  readonly labels: Labels
  readonly tenant: string
  /** What a label says. */
  readonly level: Level | undefined
  /** Why every entry of the stream is refused. */
  readonly refusal: { readonly why: RejectReason; readonly reason: string } | undefined
}

export interface PushEntry {
  /** Undefined when it lies outside the years a timestamp can hold. */
  readonly timestamp: Timestamp | undefined
  readonly line: string
  /** Names and values side by side. */
  readonly names: readonly string[]
  readonly values: readonly string[]
}

export function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json'
}

/**
 * The push message of a request body. As in Loki, protobuf is always snappy underneath: Content-Encoding `snappy`
 * says so once more, `gzip`, `deflate` and `zstd` come on top. Throws as `decompress` does.
 */
export async function pushMessage(
  body: Buffer,
  contentType: string | undefined,
  encoding: string | undefined,
  limitBytes: number,
): Promise<Buffer> {
  if (isJson(contentType)) return decompress(body, encoding, limitBytes)
  const isSaidTwice = encoding?.trim().toLowerCase() === 'snappy'
  const outer = isSaidTwice ? body : await decompress(body, encoding, limitBytes)
  return outer.length === 0 ? outer : unsnappy(outer, limitBytes)
}

export function openStream(account: Account, sent: Labels): PushStream {
  const names = Object.keys(sent).map((name) => repairText(account, name))
  const values = Object.values(sent).map((value) => repairText(account, value))
  const labels = sharedLabels(repairedLabels(names, values))
  const tenant = account.context.tenant ?? tenantOf(labels)
  return { labels, tenant, level: levelOfNames(names, values), refusal: refusalOf(account, sent, tenant) }
}

/** Of names that repair makes equal the first counts. */
function repairedLabels(names: readonly string[], values: readonly string[]): Labels {
  const labels = new Dictionary<string>()
  for (const [index, name] of names.entries()) if (!(name in labels)) labels[name] = values[index] as string
  return labels
}

/** A stream whose labels cannot be read: its entries are counted and refused. */
export function brokenStream(reason: string): PushStream {
  return { labels: {}, tenant: NO_TENANT, level: undefined, refusal: { why: 'malformed', reason } }
}

/** Keeps or refuses one entry; `number` counts the entries of the push from 1. */
export function addEntry(account: Account, stream: PushStream, entry: PushEntry, number: number): void {
  if (stream.refusal !== undefined) return reject(account, number, stream.refusal.why, stream.refusal.reason)
  const { timestamp } = entry
  if (timestamp === undefined) return refuseEntry(account, number, 'the timestamp is out of range')
  const late = judgeTime(account, timestamp)
  if (late !== undefined) return reject(account, number, late, lateReason(account, stream, timestamp, late))
  const fields = fieldsOf(account, entry)
  if (fields === undefined) return refuseEntry(account, number, tooManyFields(account), 'too_many_fields')
  const text = repairText(account, entry.line)
  const level = stream.level ?? levelOfNames(entry.names, entry.values) ?? levelOfLine(text) ?? 'unknown'
  const line = keepLine(account, text, fields)
  const record = { timestamp, tenant: stream.tenant, labels: stream.labels, level, line, fields }
  accept(account, number, record, sizeBound(stream, line, entry))
}

export function refuseEntry(
  account: Account,
  number: number,
  reason: string,
  why: RejectReason = 'malformed',
): void {
  reject(account, number, why, reason)
}

function tenantOf(labels: Labels): string {
  for (const name of TENANT_LABELS) {
    const value = labels[name]
    if (value !== undefined) return withoutControls(value)
  }
  return NO_TENANT
}

function refusalOf(account: Account, sent: Labels, tenant: string): PushStream['refusal'] {
  const { limits } = account.context
  const count = Object.keys(sent).length
  if (count > limits.labels)
    return {
      why: 'too_many_labels',
      reason: `entry for stream '${labelText(sent)}' has ${count} label names; limit ${limits.labels}`,
    }
  return tenant.length > LONGEST_TENANT && account.context.tenant === undefined
    ? { why: 'too_large', reason: `the tenant is longer than ${LONGEST_TENANT} characters` }
    : undefined
}

/** Loki's texts (pkg/validation): times without their fraction. */
function lateReason(account: Account, stream: PushStream, timestamp: Timestamp, late: RejectReason): string {
  const shown = `entry for stream '${labelText(stream.labels)}' has timestamp`
  const when = `${timestamp.slice(0, 19)}Z`
  if (late === 'too_far_ahead') return `${shown} too new: ${when}`
  return `${shown} too old: ${when}, oldest acceptable timestamp is: ${(account.earliest ?? '').slice(0, 19)}Z`
}

/** Undefined when there are too many. Names as Loki cleans them; of two that become one the first counts. */
function fieldsOf(account: Account, { names, values }: PushEntry): Record<string, Scalar> | undefined {
  const fields = new Dictionary<Scalar>()
  if (names.length > account.context.limits.fields) return undefined
  for (const [index, sent] of names.entries()) {
    const value = values[index] as string
    const name = sent.replace(/[^A-Za-z0-9_]/g, '_')
    const isLevel = name === DETECTED && levelOfKey(LEVEL_KEYS.indexOf(DETECTED), value) !== undefined
    if (name !== '' && !isLevel && !(name in fields)) fields[name] = repairText(account, value)
  }
  return fields
}

function tooManyFields(account: Account): string {
  return `the entry has more than ${account.context.limits.fields} labels of structured metadata`
}

/** The first of Loki's level names that is there and means a level. */
function levelOfNames(names: readonly string[], values: readonly string[]): Level | undefined {
  if (names.length === 0) return undefined
  for (const [index, key] of LEVEL_KEYS.entries()) {
    const at = names.indexOf(key)
    const level = at === -1 ? undefined : levelOfKey(index, values[at])
    if (level !== undefined) return level
  }
  return undefined
}

/** Bytes that the JSON form cannot pass: six for each UTF-16 unit. */
function sizeBound(stream: PushStream, line: string, { names, values }: PushEntry): number {
  let chars = line.length + stream.tenant.length + 256
  for (const text of names) chars += text.length
  for (const text of values) chars += text.length
  for (const name of Object.keys(stream.labels)) chars += name.length + (stream.labels[name] ?? '').length
  return chars * 6
}
