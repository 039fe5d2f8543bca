// The JSON door's body: NDJSON, an array, one object however it is laid out, or plain text; the body decides, not
// its Content-Type. A bad line or element is refused alone.
import { type Account, closeAccount, openAccount, reject } from '../account.js'
import type { DecodeContext, Decoded } from '../decoded.js'
import { forEachLine, type JsonPiece, jsonPieces, nestsDeeper, skipSpace } from '../framing.js'
import { addTextLine, type FlatEvent, normaliseEvent } from '../normalise.js'
import { type BodyText, bodyText, pieceOf, repairText } from '../text.js'

/** Below this size a text cannot nest deep enough to hurt `JSON.parse`. Bytes. */
const SHALLOW_BYTES = 65_536
/** How many lines are tried before a body that opens an object counts as laid out over several lines. */
const LINES_TRIED = 100

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
const OBJECT_OPEN = 0x7b
const ARRAY_OPEN = 0x5b
/** `[`, then what can open an element, or a scalar before a comma or the closing bracket of the whole text. */
const ARRAY_START = /^\[\s*(?:["{[\]]|$|(?:-?\d[\d.eE+-]*|true|false|null)\s*(?:,|\]?\s*$))/

export interface Request {
  readonly account: Account
  readonly body: BodyText
}

/** A line without its end. */
export interface LineStretch {
  readonly from: number
  readonly to: number
  readonly line: number
}

export function decodeJsonEvents(bytes: Buffer, context: DecodeContext): Decoded {
  const account = openAccount(context)
  const request: Request = { account, body: bodyText(bytes) }
  account.mayEscape = request.body.escapes
  const mark = behindMark(bytes)
  const first = skipSpace(bytes, mark, bytes.length)
  if (bytes[first] === OBJECT_OPEN) takeObjects(request, mark)
  else if (bytes[first] === ARRAY_OPEN && opensArray(bytes, first)) takePieces(request, mark)
  else if (first < bytes.length) takeText(request, mark)
  return closeAccount(account)
}

/**
 * Takes one line of a body that is read line by line, each as if it were a request of its own: an event, an array of
 * them, or text. `line` is what a refusal names.
 */
export function takeEventLine(account: Account, body: BodyText, { from, to, line }: LineStretch): void {
  const { bytes } = body
  const first = skipSpace(bytes, from, to)
  if (first === to) return
  const request: Request = { account, body }
  if (bytes[first] === OBJECT_OPEN) takeLine(request, first, to, line)
  else if (bytes[first] === ARRAY_OPEN && opensArray(bytes.subarray(0, to), first))
    for (const piece of jsonPieces(bytes, first, to)) takePiece(request, piece, line)
  else addTextLine(account, pieceOf(account, body, from, to), line)
}

/** Where the lines of a body begin that has an object on each; undefined where it is anything else. */
export function opensLines(body: BodyText, depth: number): number | undefined {
  const mark = behindMark(body.bytes)
  const first = skipSpace(body.bytes, mark, body.bytes.length)
  return body.bytes[first] === OBJECT_OPEN && isLineByLine(body, mark, depth) ? mark : undefined
}

function behindMark(bytes: Buffer): number {
  return bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0
}

/** `[2025-01-11 09:30] started` and `[INFO] started` are lines of text, not arrays. */
function opensArray(bytes: Buffer, first: number): boolean {
  return ARRAY_START.test(bytes.toString('latin1', first, first + 256))
}

function takeText({ account, body }: Request, start: number): void {
  forEachLine(body.bytes, start, (from, to, line) =>
    addTextLine(account, pieceOf(account, body, from, to), line),
  )
}

function takeObjects(request: Request, start: number): void {
  const { account, body } = request
  if (!isLineByLine(body, start, account.context.limits.depth)) return takePieces(request, start)
  forEachLine(body.bytes, start, (from, to, line) => takeLine(request, from, to, line))
}

/** A line that is JSON on its own tells NDJSON; no line of an object laid out over several is. */
function isLineByLine(body: BodyText, start: number, depth: number): boolean {
  let tried = 0
  let found = false
  forEachLine(body.bytes, start, (from, to) => {
    found = body.bytes[from] === OBJECT_OPEN && isJson(body, from, to, depth)
    return !found && ++tried < LINES_TRIED
  })
  return found
}

function isJson(body: BodyText, from: number, to: number, depth: number): boolean {
  if (to - from > SHALLOW_BYTES && nestsDeeper(body.bytes, from, to, depth)) return false
  try {
    JSON.parse(body.bytes.toString('latin1', from, to))
    return true
  } catch {
    return false
  }
}

/** One line of NDJSON, its end not included. */
export function takeLine(request: Request, from: number, to: number, line: number): void {
  const { account, body } = request
  if (to - from > SHALLOW_BYTES && nestsDeeper(body.bytes, from, to, account.context.limits.depth))
    return tooDeep(account, line)
  const text = pieceOf(account, body, from, to)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return takeBadLine(request, from, to, line)
  }
  takeValue(account, value, text, line)
}

/** Takes a text that must be one object and nothing else; `line` is what a refusal names. */
export function takeDocument({ account, body }: Request, from: number, to: number, line: number): void {
  if (to - from > SHALLOW_BYTES && nestsDeeper(body.bytes, from, to, account.context.limits.depth))
    return tooDeep(account, line)
  const text = pieceOf(account, body, from, to)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return notJson(account, line)
  }
  if (typeof value === 'string') notAnObject(account, value, line)
  else takeValue(account, value, text, line)
}

/** Several whole objects on one line are as many events; anything else is refused as one. */
function takeBadLine(request: Request, from: number, to: number, line: number): void {
  const { account, body } = request
  account.textRepaired = false
  if (skipSpace(body.bytes, from, to) === to) return
  let objects = 0
  let last: JsonPiece | undefined
  for (const piece of jsonPieces(body.bytes, from, to)) {
    objects += piece.kind === 'object' && piece.state === 'whole' ? 1 : -Infinity
    last = piece
  }
  if (objects > 1) for (const piece of jsonPieces(body.bytes, from, to)) takePiece(request, piece, line)
  else if (to === body.bytes.length && last?.state === 'cut') cutOff(account, line)
  else notJson(account, line)
}

/** Elements count from 1, as refusals name them. */
function takePieces(request: Request, start: number): void {
  const { bytes } = request.body
  let element = 0
  for (const piece of jsonPieces(bytes, start, bytes.length)) takePiece(request, piece, ++element)
}

function takePiece({ account, body }: Request, piece: JsonPiece, element: number): void {
  if (piece.state === 'cut') return cutOff(account, element)
  if (piece.depth > account.context.limits.depth) return tooDeep(account, element)
  const text = pieceOf(account, body, piece.start, piece.end)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return notJson(account, element)
  }
  takeValue(account, value, text, element)
}

function takeValue(account: Account, value: unknown, text: string, line: number): void {
  if (typeof value === 'string') addTextLine(account, repairText(account, value), line)
  else if (typeof value === 'object' && value !== null && !Array.isArray(value))
    normaliseEvent(account, value as FlatEvent, text, line)
  else notAnObject(account, value, line)
}

function notAnObject(account: Account, value: unknown, line: number): void {
  reject(account, line, 'not_an_object', `an event is a JSON object, not ${kindOf(value)}`)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}

function notJson(account: Account, line: number): void {
  reject(account, line, 'not_json', 'it is not valid JSON')
}

function cutOff(account: Account, line: number): void {
  reject(account, line, 'not_json', 'the body ends in the middle of it')
}

function tooDeep(account: Account, line: number): void {
  reject(account, line, 'too_deep', `the event is nested deeper than ${account.context.limits.depth} levels`)
}
