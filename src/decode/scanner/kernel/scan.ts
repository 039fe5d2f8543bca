// Reads lines of JSON: a flat object with one time in RFC 3339, texts without `\u`, numbers spelled as JavaScript
// would print them. Whatever is anything else, or only unusual, is marked for JavaScript, which decides.
import { endOfText, equal, findNewline, hashOf, mix } from './bytes'
import { findGroup } from './groups'
import { FIELD, FOREIGN, LABEL, LINE, TIME, findKey, key } from './keys'
import { INPUT, LINES, LINE_BYTES, MAX_LINES, MAX_TOKENS, TOKENS, TOKEN_BYTES } from './memory'
import { digits, floorDiv, isUtc, ns, readTime } from './time'
import { ESCAPED_TEXT, NULL, TEXT, readValue } from './token'

// A line: 0 start, 4 end, 8 first token, 12 number of tokens, 14 status, 15 flags, 16 nanoseconds, 24 group,
// 28 the token of its time, 30 that of its line (none: the event is its own), 32 hash of its form, 40 its number among
// the lines of the piece, 44 day since the epoch, 48 hour.
export const NO_TOKEN: u16 = 0xffff
export const TAKEN: u8 = 1
/** Flags of a line: no space between tokens, backslashes in it, its time is written in UTC. */
export const COMPACT: u8 = 1
export const ESCAPED: u8 = 2
export const UTC: u8 = 4
const MOST_KEYS: i32 = 1000
const NS_PER_HOUR: i64 = 3_600_000_000_000

// Set by JavaScript for each piece.
export let contextHash: u64 = 0
export let latest: i64 = 0
export let earliest: i64 = 0
export let mostFields: i32 = 0
export let longestLine: i32 = 0

export let lineCount: i32 = 0
export let tokenCount: i32 = 0
/** Bytes of the piece that were read. */
export let consumed: i32 = 0
/** Lines of the piece that were read, empty ones too. */
export let lineNumber: i32 = 0

export function limit(context: i64, notAfter: i64, notBefore: i64, fields: i32, lineBytes: i32): void {
  contextHash = mix(context, 13)
  latest = notAfter
  earliest = notBefore
  mostFields = fields
  longestLine = lineBytes
}

/** Reads whole lines of the piece until its end, or until a table is full. */
export function scan(length: i32): void {
  lineCount = 0
  tokenCount = 0
  lineNumber = 0
  const end = INPUT + length
  let at: usize = INPUT
  while (at < end && lineCount < MAX_LINES && tokenCount + MOST_KEYS + 1 < MAX_TOKENS) {
    const newline = findNewline(at, end)
    const stop = newline < end && newline > at && load<u8>(newline - 1) === 0x0d ? newline - 1 : newline
    lineNumber++
    if (stop > at) addLine(at, stop)
    at = newline + 1
  }
  consumed = <i32>(min(at, end) - INPUT)
}

function addLine(start: usize, end: usize): void {
  const line = LINES + <usize>lineCount * LINE_BYTES
  store<u32>(line, <u32>start)
  store<u32>(line, <u32>end, 4)
  store<u32>(line, tokenCount, 8)
  store<u32>(line, lineNumber, 40)
  const before = tokenCount
  const taken = <i32>(end - start) <= longestLine && readLine(line, start, end)
  if (!taken) tokenCount = before
  store<u16>(line, <u16>(tokenCount - before), 12)
  store<u8>(line, taken ? TAKEN : 0, 14)
  lineCount++
}

// The line at hand.
let flags: u8 = 0
let form: u64 = 0
const FORM_START: u64 = 0x243f6a8885a308d3
let labels: u64 = 0
let timeToken: u16 = NO_TOKEN
let lineToken: u16 = NO_TOKEN
let fields: i32 = 0
/** What `isAccess` looks at: bits for method, status and source, and the best of uri, path and url. */
let access: u32 = 0
let address: u32 = 0
let lastKey: i32 = 0
let stamp: u32 = 0

function readLine(line: usize, start: usize, end: usize): bool {
  if (load<u8>(start) !== 0x7b || load<u8>(end - 1) !== 0x7d) return false
  flags = COMPACT
  form = FORM_START
  labels = contextHash
  timeToken = NO_TOKEN
  lineToken = NO_TOKEN
  fields = 0
  access = 0
  address = 0
  stamp++
  const first = tokenCount
  let at = start + 1
  for (;;) {
    at = readMember(at, end, first)
    if (at === 0) return false
    const byte = load<u8>(at)
    if (byte === 0x7d) break
    if (byte !== 0x2c) return false
    at++
  }
  return at + 1 === end && timeToken !== NO_TOKEN && fields <= mostFields && finish(line, first)
}

/** Behind the member and the spaces that follow; 0 where JavaScript has to read the line. */
function readMember(from: usize, end: usize, first: i32): usize {
  const keyAt = skipSpaces(from)
  if (load<u8>(keyAt) !== 0x22 || tokenCount - first >= MOST_KEYS) return 0
  const number = keyAtPlace(keyAt, end)
  if (number < 0) return 0
  const known = key(number)
  if (load<u32>(known, 20) === stamp) return 0
  store<u32>(known, stamp, 20)
  const role = load<u8>(known, 24)
  if (role === FOREIGN) return 0
  const keyEnd = keyAt + load<u32>(known, 12)
  const colon = skipSpaces(keyEnd)
  if (load<u8>(colon) !== 0x3a) return 0
  const valueAt = skipSpaces(colon + 1)
  const token = TOKENS + <usize>tokenCount * TOKEN_BYTES
  const behind = readValue(token, valueAt, end)
  if (behind === 0) return 0
  if (load<u8>(token, 14) === ESCAPED_TEXT) flags |= ESCAPED
  store<u32>(token, <u32>keyAt, 8)
  store<u16>(token, <u16>number, 12)
  store<u8>(token, role, 15)
  const next = skipSpaces(behind)
  const gaps =
    ((keyAt - from) << 12) | ((colon - keyEnd) << 8) | ((valueAt - colon - 1) << 4) | (next - behind)
  if (gaps !== 0) {
    if (keyAt - from > 8 || colon - keyEnd > 8 || valueAt - colon > 8 || next - behind > 8) return 0
    flags &= ~COMPACT
  }
  if (!takeRole(token, known, role, <i32>(tokenCount - first))) return 0
  const kind = load<u8>(token, 14)
  const quoted: u64 = kind === TEXT || kind === ESCAPED_TEXT ? 1 : kind === NULL ? 2 : 0
  form = mix(form, ((<u64>number) << 20) | ((<u64>gaps) << 2) | quoted)
  tokenCount++
  return next
}

function skipSpaces(from: usize): usize {
  let at = from
  while (load<u8>(at) === 0x20) at++
  return at
}

/** The number of the key whose quote stands here; −1 where there is none. */
function keyAtPlace(at: usize, end: usize): i32 {
  const guess = load<i32>(key(lastKey), 16)
  const known = key(guess)
  const length = load<u32>(known, 12)
  if (length > 0 && equal(load<u32>(known, 8), at, length)) {
    lastKey = guess
    return guess
  }
  const close = endOfText(at + 1, end)
  if (close >= end || load<u8>(close) !== 0x22) return -1
  const number = findKey(at, close + 1 - at)
  if (number < 0) return -1
  store<u32>(key(lastKey), number, 16)
  lastKey = number
  return number
}

function takeRole(token: usize, known: usize, role: u8, place: i32): bool {
  const kind = load<u8>(token, 14)
  const special = load<u8>(known, 25)
  if (special !== 0) noteAccess(special, kind)
  if (kind === NULL) return true
  const length = load<u32>(token, 4)
  if (role === FIELD) fields++
  else if (role === LABEL) {
    labels = mix(labels, ((<u64>load<u16>(token, 12)) << 8) | kind)
    labels = hashOf(labels, load<u32>(token), length)
    // An empty label is none, so that a line with it has another shape.
    if (length === 0) form = mix(form, 0x5555)
  } else if (role === TIME) {
    if (timeToken !== NO_TOKEN || kind !== TEXT || !readTime(load<u32>(token), length)) return false
    timeToken = <u16>place
    flags |= isUtc ? UTC : 0
    form = mix(form, offsetHash(token, length))
  } else {
    if (lineToken !== NO_TOKEN || (kind !== TEXT && kind !== ESCAPED_TEXT)) return false
    lineToken = <u16>place
  }
  return true
}

/** How a time is written beside its digits. */
function offsetHash(token: usize, length: u32): u64 {
  const behind = load<u32>(token) + 19 + (digits > 0 ? 1 + digits : 0)
  return hashOf(digits, behind, load<u32>(token) + length - behind)
}

/** Keys by number: method, status, uri, path, url, source where that is no label. */
function noteAccess(special: u8, kind: u8): void {
  if (kind === NULL) return
  const isText = kind === TEXT || kind === ESCAPED_TEXT
  if (special === 1) access |= isText ? 1 : 0
  else if (special === 2) access |= 2
  else if (special === 6) access |= 4
  else {
    const rank: u32 = special
    if (address === 0 || rank < address >> 1) address = (rank << 1) | (isText ? 1 : 0)
  }
}

function finish(line: usize, first: i32): bool {
  if (ns > latest || ns < earliest) return false
  const own = lineToken === NO_TOKEN
  // Whether a source that is no label is empty would have to be looked at.
  if (own && (access & 4) !== 0) return false
  const kindOfLine: u64 = own ? 16 | (access & 3) | ((address & 1) << 2) : 8
  store<u8>(line, flags, 15)
  store<i64>(line, ns, 16)
  store<u16>(line, timeToken, 28)
  store<u16>(line, lineToken, 30)
  store<u64>(line, form, 32)
  const hours = floorDiv(ns, NS_PER_HOUR)
  const day = floorDiv(hours, 24)
  store<i32>(line, <i32>day, 44)
  store<u8>(line, <u8>(hours - day * 24), 48)
  store<u16>(line, <u16>(tokenCount - first), 12)
  const found = findGroup(mix(labels, kindOfLine), lineCount)
  store<i32>(line, found, 24)
  return found >= 0
}
