// Indexes the values of a line: words, types and texts of columns. A value that its column has met before in the
// segment costs a hash and a look.
import { hashOf, mix } from './bytes'
import { meetText } from './calls'
import { FIELD, LABEL, LINE, TIME, key } from './keys'
import { TOKENS, TOKEN_BYTES, VALUES, VALUE_MASK } from './memory'
import { NAME_SEEN, TEXTS_TOLD, addKinds, column, countField, flag, flagsOf, slot } from './tally'
import { ESCAPED_TEXT, FLOAT, INTEGER, NULL, TEXT } from './token'
import { addWords, levelWords, noteLevelWords, textKinds } from './words'

// Types of values, as the columns of a day are told them.
const INTEGER_BIT: u8 = 1
const FLOAT_BIT: u8 = 2
const BOOLEAN_BIT: u8 = 4
const TEXT_BIT: u8 = 8

/** Set where some text of the line at hand holds a word that may say its level. */
export let mayTellLevel: bool = false
let salt: u64 = 1
/** Values that were not remembered. */
let passed: u32 = 0

export function forgetValues(): void {
  salt = mix(salt, 11)
}

/** `own`: the line is the event's own text, so that all of its words are the line's. */
export function indexValues(line: usize, own: bool): void {
  mayTellLevel = false
  const first = TOKENS + <usize>load<u32>(line, 8) * TOKEN_BYTES
  const end = first + <usize>load<u16>(line, 12) * TOKEN_BYTES
  for (let token = first; token < end; token += TOKEN_BYTES) {
    const at = column(load<u16>(token, 12))
    if (own) {
      if (!(flagsOf(at) & NAME_SEEN)) addName(token, at)
      if (load<u8>(key(load<u16>(token, 12)), 26) !== 0) mayTellLevel = true
    }
    indexValue(token, at, own)
  }
}

function addName(token: usize, at: usize): void {
  const known = key(load<u16>(token, 12))
  addWords(load<u32>(known, 8), load<u32>(known, 12), true)
  flag(at, NAME_SEEN)
}

function indexValue(token: usize, at: usize, own: bool): void {
  const kind = load<u8>(token, 14)
  const role = load<u8>(token, 15)
  if (kind === TEXT || kind === ESCAPED_TEXT) {
    if (role === FIELD) countField(at, TEXT_BIT)
    if (role === TIME) {
      if (own) addTime(load<u32>(token), load<u32>(token, 4))
    } else if (own || role !== LABEL) indexText(token, at, role, own)
    return
  }
  if (role === FIELD && kind !== NULL)
    countField(at, kind === INTEGER ? INTEGER_BIT : kind === FLOAT ? FLOAT_BIT : BOOLEAN_BIT)
  if (own) addWords(load<u32>(token), load<u32>(token, 4), true)
}

/** A field's text counts decoded; in a line that is the event's own text it counts as it stands there, too. */
function indexText(token: usize, at: usize, role: u8, own: bool): void {
  const from = <usize>load<u32>(token)
  const length = <usize>load<u32>(token, 4)
  const escaped = load<u8>(token, 14) === ESCAPED_TEXT
  const isTwice = own && escaped
  const ofLine = own || role === LINE
  const hash = hashOf(mix(salt, isTwice ? at | 0x100000 : at), from, length) & ~1
  const place = VALUES + ((<usize>((hash >> 20) & VALUE_MASK)) << 3)
  const known = load<u64>(place)
  if ((known & ~1) === hash) {
    if (known & 1 && ofLine) mayTellLevel = true
    return
  }
  noteLevelWords(false)
  if (isTwice) addWords(from, length, true)
  if (!isTwice || role === FIELD) addWords(from, length, false)
  if (role === FIELD) addKinds(at, textKinds)
  if (levelWords && ofLine) mayTellLevel = true
  const isTold = role === FIELD && (flagsOf(at) & TEXTS_TOLD) !== 0
  // Values that seldom come again would drive out those that do.
  if (isTold && (++passed & 3) !== 0) return
  store<u64>(place, hash | (levelWords ? 1 : 0))
  if (role !== FIELD || isTold) return
  if (meetText(<i32>at, from, <i32>length, escaped)) flag(at, TEXTS_TOLD)
}

/** The last time up to its minute, and the day that its words were added to. */
let lastHigh: u64 = 0
let lastLow: u64 = 0
let lastSalt: u64 = 0

function addTime(at: usize, length: u32): void {
  const high = load<u64>(at)
  const low = load<u64>(at, 8)
  const its = salt ^ ((<u64>slot) << 48)
  if (high !== lastHigh || low !== lastLow || its !== lastSalt) {
    addWords(at, 16, true)
    lastHigh = high
    lastLow = low
    lastSalt = its
  }
  addWords(at + 17, length - 17, true)
}
