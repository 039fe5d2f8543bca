// One flat event to one record: which key is its time, its line, its level, which are labels; the rest are fields.
// Used by every door whose protocol has events rather than streams.
import type { Labels } from '../record/labels.js'
import { Dictionary } from '../record/dictionary.js'
import type { Level } from '../record/level.js'
import { levelOfLine } from '../record/level.js'
import type { Scalar } from '../record/record.js'
import type { Timestamp } from '../record/time.js'
import { type Account, accept, judgeTime, reject } from './account.js'
import type { RejectReason } from './decoded.js'
import {
  type Draft,
  addValue,
  emptyDraft,
  jsonOf,
  noteNumber,
  noteNumbers,
  openDraft,
  sentText,
} from './draft.js'
import { INDEX, IS_LABEL, IS_LEVEL, IS_LINE, IS_TENANT, IS_TIME, keyRoles, LINE_KEYS } from './event-keys.js'
import { isSpellingOfLevel, LEVEL_KEYS, levelOfKey, LOG_LEVEL } from './event-level.js'
import { readTime, TIME_KEYS } from './event-time.js'
import { parseExactly, withoutMark } from './exact-numbers.js'
import { hasLabel, labelsOf, withLabel } from './stream-labels.js'
import { cutText, isLongerThan, withoutControls } from './text.js'

export type FlatEvent = Readonly<Record<string, unknown>>

/** In UTF-16 units. */
export const LONGEST_TENANT = 256
const NO_TENANT = 'none'
/** The field that says how long a cut line was, in bytes of UTF-8. */
export const CUT_FIELD = '_truncated'

const drafts = new WeakMap<Account, Draft>()

/**
 * Adds the record of an event to the account, or its refusal. `raw` is the event's own JSON text, which is its
 * line where no key is one; undefined when it did not come as JSON. `line` is what a refusal names.
 */
export function normaliseEvent(
  account: Account,
  event: FlatEvent,
  raw: string | undefined,
  line: number,
): void {
  const draft = readEvent(account, event, raw)
  if (draft.inexact && raw !== undefined) finishExactly(draft, raw, asItIs, line)
  else finish(draft, event, line)
}

/** A JSON text that holds more than an event, and how the event comes from what it says. */
export interface Wrapped {
  readonly raw: string
  readonly shape: (parsed: unknown) => FlatEvent
}

/** The same for an event in an envelope, which is `parsed`. The event needs a key that is its line. */
export function normaliseWrapped(account: Account, parsed: unknown, wrapped: Wrapped, line: number): void {
  const { raw, shape } = wrapped
  const event = shape(parsed)
  const draft = readEvent(account, event, raw)
  if (draft.inexact) finishExactly(draft, raw, shape, line)
  else finish(draft, event, line)
}

function asItIs(parsed: unknown): FlatEvent {
  return parsed as FlatEvent
}

function readEvent(account: Account, event: FlatEvent, raw: string | undefined): Draft {
  let draft = drafts.get(account)
  if (draft === undefined) drafts.set(account, (draft = openDraft(account)))
  emptyDraft(draft, raw)
  readKeys(draft, event)
  return draft
}

/** Reads it again, with the numbers as they were sent. */
function finishExactly(draft: Draft, raw: string, shape: Wrapped['shape'], line: number): void {
  emptyDraft(draft, raw).exact = true
  const exact = shape(parseExactly(raw))
  readKeys(draft, exact)
  finish(draft, exact, line)
}

/** The same for an event that came in no JSON; its values together are no longer than `chars`, in UTF-16 units. */
export function normaliseValues(account: Account, event: FlatEvent, chars: number, line: number): void {
  finish(readEvent(account, event, undefined), event, line, chars)
}

/** Adds a bare line of text, whose only labels are the door's. */
export function addTextLine(account: Account, text: string, line: number): void {
  account.timeMissing = true
  const { tenant = NO_TENANT } = account.context
  const fields = new Dictionary<Scalar>()
  const kept = keepLine(account, text, fields)
  const level = levelOfLine(kept) ?? 'unknown'
  const record = { timestamp: account.arrival, tenant, labels: account.doorLabels, level, line: kept, fields }
  accept(account, line, record, sizeBound(kept.length, 0))
}

/** The line within its limit; what was cut off is flagged in `fields`. */
export function keepLine(account: Account, text: string, fields: Record<string, Scalar>): string {
  const limit = account.context.limits.lineBytes
  if (!isLongerThan(text, limit)) return text
  account.lineCut = true
  fields[CUT_FIELD] = Buffer.byteLength(text)
  return cutText(text, limit)
}

function readKeys(draft: Draft, event: FlatEvent): void {
  const roles = keyRoles(draft.account.context.labelKeys)
  for (const key in event) {
    const value = event[key]
    if (value === null || value === undefined) continue
    const role = roles.get(key)
    if (role === undefined) addValue(draft, key, value)
    else readRole(draft, key, role, value)
    if (draft.refusal !== undefined) return
  }
}

function readRole(draft: Draft, key: string, role: number, value: unknown): void {
  const index = role & INDEX
  if (role & IS_TIME) {
    draft.times[index] = noteNumbers(draft, value)
    draft.timeSet |= 1 << index
  } else if (role & IS_LINE) {
    draft.lines[index] = noteNumbers(draft, value)
    draft.lineSet |= 1 << index
    if (key === 'log') readLogLevel(draft, value)
  } else {
    const isLabel = (role & IS_LABEL) !== 0 && addLabel(draft, key, value)
    if (role & IS_TENANT) readTenant(draft, value)
    if (role & IS_LEVEL) {
      draft.levels[index] = noteNumbers(draft, value)
      draft.levelSet |= 1 << index
      if (isLabel) draft.levelKept |= 1 << index
    } else if (!isLabel) addValue(draft, key, value)
  }
}

function readTenant(draft: Draft, value: unknown): void {
  if (typeof value === 'string') draft.tenant = withoutControls(sentText(draft, value))
  else if (typeof value === 'number') draft.tenant = String(noteNumber(draft, value))
}

/** `{"log":{"level":"info"}}`: Elastic's schema, nested. */
function readLogLevel(draft: Draft, value: unknown): void {
  const level = (value as Readonly<Record<string, unknown>>)['level']
  if (typeof value !== 'object' || typeof level !== 'string') return
  draft.levels[LOG_LEVEL] = level
  draft.levelSet |= 1 << LOG_LEVEL
  draft.levelKept |= 1 << LOG_LEVEL
}

/** True when the value can be a label; an empty one is none, and is no field either. */
function addLabel(draft: Draft, name: string, value: unknown): boolean {
  if (typeof value === 'object') return false
  const text = typeof value === 'string' ? sentText(draft, value) : String(noteNumber(draft, value))
  if (text !== '') putLabel(draft, name, text)
  return true
}

function putLabel(draft: Draft, name: string, value: string): void {
  draft.stream = withLabel(draft.stream, name, value)
}

function finish(draft: Draft, event: FlatEvent, line: number, chars = draft.raw?.length ?? Infinity): void {
  const { account } = draft
  const early = draft.refusal
  if (early !== undefined) return reject(account, line, early, reasonOf(draft, early, account.arrival))
  const timestamp = takeTime(draft)
  const text = takeLine(draft, event)
  const level = takeLevel(draft, text)
  const late = draft.refusal ?? judgeTime(account, timestamp) ?? tenantRefusal(draft)
  if (late !== undefined) return reject(account, line, late, reasonOf(draft, late, timestamp))
  const tenant = account.context.tenant ?? (draft.tenant || NO_TENANT)
  const labels = takeLabels(draft)
  const kept = keepLine(account, text, draft.fields)
  const bound = sizeBound(Math.max(chars, kept.length), draft.flattenedChars)
  accept(account, line, { timestamp, tenant, labels, level, line: kept, fields: draft.fields }, bound)
}

/** The first key that reads; the others are fields. */
function takeTime(draft: Draft): Timestamp {
  const { account, times } = draft
  let found: Timestamp | undefined
  for (let set = draft.timeSet; set !== 0; set &= set - 1) {
    const index = lowestOf(set)
    const value = times[index]
    const read =
      found === undefined
        ? readTime(draft.exact && typeof value === 'string' ? withoutMark(value) : value)
        : undefined
    if (read === undefined) addValue(draft, TIME_KEYS[index] as string, value)
    else found = read
  }
  account.timeMissing = draft.timeSet === 0
  account.timeUnreadable = found === undefined && draft.timeSet !== 0
  return found ?? account.arrival
}

/** The first key that is there, else the event's own text; the other keys are fields. */
function takeLine(draft: Draft, event: FlatEvent): string {
  if (draft.lineSet === 0) return ownText(draft, event)
  const first = lowestOf(draft.lineSet)
  for (let set = draft.lineSet & (draft.lineSet - 1); set !== 0; set &= set - 1)
    addValue(draft, LINE_KEYS[lowestOf(set)] as string, draft.lines[lowestOf(set)])
  const value = draft.lines[first]
  return typeof value === 'string' ? sentText(draft, value) : jsonOf(draft, noteNumber(draft, value), 2)
}

/** An event without a line is an access log or the like: its own JSON text is its line. */
function ownText(draft: Draft, event: FlatEvent): string {
  if (isAccess(event)) putLabel(draft, 'source', 'access')
  return draft.raw === undefined ? JSON.stringify(event) : draft.raw.trim()
}

/** An access line as Navigator writes it: a request's method, address and status, and no source. */
function isAccess(event: FlatEvent): boolean {
  if (event['source'] !== undefined && event['source'] !== null && event['source'] !== '') return false
  if (typeof event['method'] !== 'string' || event['status'] === undefined || event['status'] === null)
    return false
  return typeof (event['uri'] ?? event['path'] ?? event['url']) === 'string'
}

/**
 * The first key whose value means a level, else what the line says. A key that says no more than the level is not
 * repeated among the fields; one that says more (`notice`, `30`, an unknown word) is.
 */
function takeLevel(draft: Draft, line: string): Level {
  let found: Level | undefined
  for (let set = draft.levelSet; set !== 0; set &= set - 1) {
    const index = lowestOf(set)
    const value = draft.levels[index]
    const level = found === undefined ? levelOfKey(index, value) : undefined
    found ??= level
    const isSaid = (draft.levelKept & (1 << index)) !== 0 || (level !== undefined && isSpellingOfLevel(value))
    if (!isSaid) addValue(draft, LEVEL_KEYS[index] as string, value)
  }
  return found ?? levelOfLine(line) ?? 'unknown'
}

/** The event's labels, then those of the door that it does not have itself. */
function takeLabels(draft: Draft): Labels {
  const { added } = draft.account
  if (added !== undefined)
    for (const name of Object.keys(added))
      if (!hasLabel(draft.stream, name)) putLabel(draft, name, added[name] ?? '')
  return labelsOf(draft.stream)
}

function tenantRefusal(draft: Draft): RejectReason | undefined {
  const isOwn = draft.account.context.tenant === undefined
  return isOwn && draft.tenant.length > LONGEST_TENANT ? 'too_large' : undefined
}

function reasonOf(draft: Draft, why: RejectReason, timestamp: Timestamp): string {
  const { limits } = draft.account.context
  if (why === 'too_many_fields') return `the event has more than ${limits.fields} fields`
  if (why === 'too_deep') return `the event is nested deeper than ${limits.depth} levels`
  if (why === 'too_large') return `the tenant is longer than ${LONGEST_TENANT} characters`
  if (why === 'too_old') return `its time ${timestamp} is older than ${(limits.maxAgeMs ?? 0) / 1000} seconds`
  return `its time ${timestamp} is more than ${limits.aheadMs / 1000} seconds ahead of the clock`
}

/**
 * Bytes that the record's JSON form cannot pass: each UTF-16 unit of the event stands in the line and once more as
 * a label or field, escaped at worst to six bytes; the rest is the frame and `service_name`.
 */
function sizeBound(chars: number, flattenedChars: number): number {
  return chars * 18 + flattenedChars * 6 + 2048
}

/** The index of the lowest bit of a set. */
function lowestOf(set: number): number {
  return 31 - Math.clz32(set & -set)
}
