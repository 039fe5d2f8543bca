// The draft of a record while its event is read key by key: fields and labels so far, and the values that may
// become its time, line and level. One draft serves all events of a request.
import { Dictionary } from '../record/dictionary.js'
import type { Scalar } from '../record/record.js'
import type { Account } from './account.js'
import type { RejectReason } from './decoded.js'
import { jsonWithoutMarks, mayBeInexact, withoutMark } from './exact-numbers.js'
import { type StreamNode, streamRoot } from './stream-labels.js'
import { cutText, isLongerThan, repairText } from './text.js'

/** A longer field name is cut. Bytes of UTF-8. */
const NAME_BYTES = 256

export interface Draft {
  readonly account: Account
  fields: Record<string, Scalar>
  fieldCount: number
  /** Names that nesting made longer than the event spells them. UTF-16 units. */
  flattenedChars: number
  /** Some object was flattened, so that a name may come twice. */
  flattened: boolean
  /** The labels so far. */
  stream: StreamNode
  tenant: string
  /** Values by their index in TIME_KEYS, LINE_KEYS, LEVEL_KEYS; the sets say which of them are this event's. */
  readonly times: unknown[]
  readonly lines: unknown[]
  readonly levels: unknown[]
  timeSet: number
  lineSet: number
  levelSet: number
  /** Those of `levelSet` that are kept elsewhere: as a label, or in an object. */
  levelKept: number
  /** The event's own text; undefined when it did not come as JSON. */
  raw: string | undefined
  /** The text may spell NUL or lone surrogates by `\u`. */
  escapes: boolean
  /** Numbers beyond doubles are marked texts. */
  exact: boolean
  /** A number was met that may be spelled with more than a double holds. */
  inexact: boolean
  refusal: RejectReason | undefined
}

export function openDraft(account: Account): Draft {
  return {
    account,
    fields: new Dictionary<Scalar>(),
    fieldCount: 0,
    flattenedChars: 0,
    flattened: false,
    stream: streamRoot(),
    tenant: '',
    times: [],
    lines: [],
    levels: [],
    timeSet: 0,
    lineSet: 0,
    levelSet: 0,
    levelKept: 0,
    raw: undefined,
    escapes: false,
    exact: false,
    inexact: false,
    refusal: undefined,
  }
}

/** Makes the draft ready for the next event. */
export function emptyDraft(draft: Draft, raw: string | undefined): Draft {
  draft.fields = new Dictionary<Scalar>()
  draft.fieldCount = 0
  draft.flattenedChars = 0
  draft.flattened = false
  draft.stream = streamRoot()
  draft.tenant = ''
  draft.timeSet = 0
  draft.lineSet = 0
  draft.levelSet = 0
  draft.levelKept = 0
  draft.raw = raw
  draft.escapes = draft.account.mayEscape && (raw === undefined || raw.includes('\\u'))
  draft.exact = false
  draft.inexact = false
  draft.refusal = undefined
  return draft
}

/** A value of any kind under its name: scalars as they are, objects flattened, arrays as JSON text, null not at all. */
export function addValue(draft: Draft, name: string, value: unknown): void {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    addScalar(draft, name, value)
  else if (typeof value === 'object' && value !== null) addNested(draft, name, value, 2)
}

function addScalar(draft: Draft, name: string, value: Scalar): void {
  const key = fieldName(draft, name)
  if (draft.flattened && key in draft.fields) return
  if (++draft.fieldCount > draft.account.context.limits.fields) draft.refusal = 'too_many_fields'
  else draft.fields[key] = typeof value === 'string' ? sentText(draft, value) : noteNumber(draft, value)
}

/** `depth` counts the event itself as 1. */
function addNested(draft: Draft, name: string, value: object, depth: number): void {
  if (depth > draft.account.context.limits.depth) draft.refusal = 'too_deep'
  else if (Array.isArray(value)) addScalar(draft, name, jsonOf(draft, value, depth))
  else addObject(draft, name, value as Record<string, unknown>, depth)
}

function addObject(draft: Draft, name: string, object: Record<string, unknown>, depth: number): void {
  draft.flattened = true
  const prefix = fieldName(draft, name)
  for (const key in object) {
    if (draft.refusal !== undefined) return
    const value = object[key]
    if (value === null || value === undefined) continue
    draft.flattenedChars += prefix.length
    const full = `${prefix}_${key}`
    if (typeof value === 'object') addNested(draft, full, value, depth + 1)
    else addScalar(draft, full, value as Scalar)
  }
}

/** The JSON text of a part of the event, with its numbers as they were sent. Refuses what nests too deep. */
export function jsonOf(draft: Draft, value: unknown, depth: number): string {
  if (nestsDeeper(draft, value, draft.account.context.limits.depth - depth)) {
    draft.refusal = 'too_deep'
    return ''
  }
  const json = JSON.stringify(value)
  return draft.exact ? jsonWithoutMarks(json) : json
}

/** Also looks at the numbers on the way, so that the event is read again where they matter. */
function nestsDeeper(draft: Draft, value: unknown, levels: number): boolean {
  if (typeof value === 'number') noteNumber(draft, value)
  if (typeof value !== 'object' || value === null) return false
  if (levels < 0) return true
  for (const part of Array.isArray(value) ? value : Object.values(value))
    if (nestsDeeper(draft, part, levels - 1)) return true
  return false
}

/** A text of the event, repaired, and without the mark of an exact number. */
export function sentText(draft: Draft, text: string): string {
  const sent = draft.exact ? withoutMark(text) : text
  return draft.escapes ? repairText(draft.account, sent) : sent
}

/** Notes a number that `JSON.parse` may have changed. */
export function noteNumber<T>(draft: Draft, value: T): T {
  if (typeof value === 'number' && !Number.isSafeInteger(value) && !draft.exact && draft.raw !== undefined)
    draft.inexact ||= mayBeInexact(value, draft.raw)
  return value
}

/** The same for a value of any kind that is kept for later, when it is too late to read the event again. */
export function noteNumbers<T>(draft: Draft, value: T): T {
  nestsDeeper(draft, value, draft.account.context.limits.depth)
  return value
}

function fieldName(draft: Draft, name: string): string {
  const sent = draft.escapes ? repairText(draft.account, name) : name
  if (!isLongerThan(sent, NAME_BYTES)) return sent
  draft.account.textRepaired = true
  draft.flattened = true
  return cutText(sent, NAME_BYTES)
}
