// Splunk's HTTP Event Collector: JSON objects one after another, each an event in an envelope of time, host, source,
// sourcetype, index and fields; or bare lines, about which the address says the same.
import { type Account, addDoorLabels, closeAccount, openAccount, reject } from '../account.js'
import type { DecodeContext, Decoded } from '../decoded.js'
import { LINE_KEYS } from '../event-keys.js'
import { forEachLine, type JsonPiece, jsonPieces } from '../framing.js'
import { addTextLine, type FlatEvent, normaliseWrapped } from '../normalise.js'
import { type BodyText, bodyText, pieceOf, repairText } from '../text.js'

/** Splunk's own code of the first event that it would not take. */
export interface DecodedCollection extends Decoded {
  /** 6 no JSON object, 12 without `event`, 13 a blank `event`; undefined when all were events. */
  readonly code?: 6 | 12 | 13
  /** Events in the body, refused ones too. */
  readonly events: number
}

type Envelope = Readonly<Record<string, unknown>>

/** The parts of an envelope that few values have. */
const LABELS = ['sourcetype', 'index'] as const
const LONGEST_LABEL = 1024

interface Collection {
  readonly account: Account
  readonly body: BodyText
  code: DecodedCollection['code'] | undefined
}

/** Never throws. `context.addLabels` is what the address says. */
export function decodeSplunkEvents(bytes: Buffer, context: DecodeContext): DecodedCollection {
  const account = openAccount(context)
  const body = bodyText(bytes)
  account.mayEscape = body.escapes
  const collection: Collection = { account, body, code: undefined }
  let events = 0
  for (const piece of jsonPieces(bytes, 0, bytes.length)) takePiece(collection, piece, ++events)
  const { code } = collection
  return { ...closeAccount(account), ...(code && { code }), events }
}

/** Lines that are not empty, as they are. */
export function decodeSplunkLines(bytes: Buffer, context: DecodeContext): DecodedCollection {
  const account = openAccount(context)
  const body = bodyText(bytes)
  let events = 0
  forEachLine(bytes, 0, (from, to, line) => {
    events++
    addTextLine(account, pieceOf(account, body, from, to), line)
  })
  return { ...closeAccount(account), events }
}

function takePiece(collection: Collection, piece: JsonPiece, number: number): void {
  const { account, body } = collection
  if (piece.state === 'cut') return refuse(collection, number, 6, 'the body ends in the middle of it')
  if (piece.depth > account.context.limits.depth + 1) {
    collection.code ??= 6
    return reject(account, number, 'too_deep', `it nests deeper than ${account.context.limits.depth} levels`)
  }
  const text = pieceOf(account, body, piece.start, piece.end)
  let envelope: unknown
  try {
    envelope = JSON.parse(text)
  } catch {
    return refuse(collection, number, 6, 'it is not valid JSON')
  }
  if (!isObject(envelope)) return refuse(collection, number, 6, 'it is not a JSON object')
  const { event } = envelope
  if (event === undefined || event === null) return refuse(collection, number, 12, 'it has no "event"')
  if (event === '') return refuse(collection, number, 13, 'its "event" is blank')
  addDoorLabels(account, labelsOf(account, envelope))
  normaliseWrapped(account, envelope, { raw: text, shape: flatEvent }, number)
}

function refuse(collection: Collection, number: number, code: 6 | 12 | 13, reason: string): void {
  collection.code ??= code
  collection.account.textRepaired = false
  reject(collection.account, number, code === 6 ? 'not_json' : 'malformed', reason)
}

function labelsOf(account: Account, envelope: Envelope): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const name of LABELS) {
    const value = envelope[name]
    if (typeof value === 'string' && value !== '')
      labels[name] = repairText(account, value.slice(0, LONGEST_LABEL))
  }
  return labels
}

/**
 * What the envelope says, then its fields, then the event itself; of a name that comes twice the first counts. An
 * event without a line is its own text. Keys in front of it never make a line of what the sender meant as a field.
 */
function flatEvent(sent: unknown): FlatEvent {
  const { time, host, source, event, fields } = sent as Envelope
  const flat = Object.create(null) as Record<string, unknown>
  const put = (name: string, value: unknown): void => {
    if (!(name in flat)) flat[name] = value
  }
  if (time !== undefined && time !== null) put('@timestamp', time)
  if (host !== undefined && host !== null) put('host', host)
  if (source !== undefined && source !== null) put('source', source)
  const own = isObject(event) ? event : {}
  const hasLine = LINE_KEYS.some((key) => own[key] !== undefined && own[key] !== null)
  if (!hasLine) put('message', event)
  for (const [name, value] of Object.entries(isObject(fields) ? fields : {})) put(name, value)
  for (const [name, value] of Object.entries(own)) put(name, value)
  return flat
}

function isObject(value: unknown): value is Envelope {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
