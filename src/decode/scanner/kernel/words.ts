// The words of texts as hashes (FNV-1a over the bytes of a word, ASCII letters in lower case), in one set a day, and
// their pieces (three neighbouring letters, digits or `_`) as bits.
import { takeWords } from './calls'
import {
  FIRST_WORDS,
  KIND_BIT,
  LEVEL_WORDS,
  MOST_PENDING,
  OTHER_WORDS,
  PENDING_WORDS,
  PIECE_BITS,
  PIECE_BITS_BYTES,
  PIECE_BYTE,
  RECENT_MASK,
  RECENT_WORDS,
  WORDS,
  WORD_BYTE,
} from './memory'

const OFFSET: u32 = 0x811c9dc5
const PRIME: u32 = 0x01000193
/** Hashes in each set, and whether one of them is 0, which marks an empty slot. */
const COUNTS: usize = 0x11000
const ZEROES: usize = 0x11100

/** Set where a text held a word by which lines may say their level. */
export let levelWords: bool = false

/** The kinds of characters of the text whose words were added last. */
export let textKinds: u8 = 0
/** Numbers of characters in pieces, with 0. */
const PIECE_NUMBERS: u32 = 38
let pieceBits: usize = PIECE_BITS

/** How many words wait. */
let pending: i32 = 0
/** Keeps the compiler from leaving out loads of which nothing else comes. */
export let touched: u32 = 0
let day: i32 = 0
let set: usize = WORDS
let mask: u32 = FIRST_WORDS - 1
/** JavaScript takes the words beyond this many. */
let most: u32 = (FIRST_WORDS / 5) * 3

export function noteLevelWords(found: bool): void {
  levelWords = found
}

export function setPlace(its: i32): usize {
  return its === 0 ? WORDS : WORDS + <usize>FIRST_WORDS * 4 + <usize>(its - 1) * OTHER_WORDS * 4
}

export function setSize(its: i32): u32 {
  return its === 0 ? FIRST_WORDS : OTHER_WORDS
}

export function wordsOn(its: i32): void {
  flushWords()
  day = its
  set = setPlace(its)
  mask = setSize(its) - 1
  most = (setSize(its) / 5) * 3
  pieceBits = PIECE_BITS + <usize>its * PIECE_BITS_BYTES
}

export function emptyPieces(its: i32): void {
  memory.fill(PIECE_BITS + <usize>its * PIECE_BITS_BYTES, 0, PIECE_BITS_BYTES)
}

export function wordCount(its: i32): u32 {
  return load<u32>(COUNTS + its * 4)
}

export function holdsZero(its: i32): bool {
  return load<u8>(ZEROES + its) !== 0
}

export function emptyWords(its: i32): void {
  memory.fill(setPlace(its), 0, <usize>setSize(its) * 4)
  memory.fill(RECENT_WORDS, 0, (<usize>RECENT_MASK + 1) * 8)
  store<u32>(COUNTS + its * 4, 0)
  store<u8>(ZEROES + its, 0)
}

function add(hash: u32): void {
  const recent = RECENT_WORDS + ((<usize>(hash & RECENT_MASK)) << 3)
  const named = ((<u64>day + 1) << 32) | hash
  if (load<u64>(recent) === named) return
  store<u64>(recent, named)
  store<u32>(PENDING_WORDS + ((<usize>pending) << 2), hash)
  pending++
  if (pending === MOST_PENDING) flushWords()
}

/**
 * Puts the words that wait into their set: first their slots are loaded, all at once as far as the processor is
 * concerned, then filled. One by one, each would wait for memory.
 */
export function flushWords(): void {
  let loaded: u32 = 0
  for (let i = 0; i < pending; i++) loaded ^= load<u32>(placeOf(load<u32>(PENDING_WORDS + ((<usize>i) << 2))))
  touched = loaded
  const count = pending
  pending = 0
  for (let i = 0; i < count; i++) insert(load<u32>(PENDING_WORDS + ((<usize>i) << 2)))
}

function placeOf(hash: u32): usize {
  return set + ((<usize>((hash ^ (hash >> 15)) & mask)) << 2)
}

function insert(hash: u32): void {
  let slot = (hash ^ (hash >> 15)) & mask
  for (;;) {
    const known = load<u32>(set + ((<usize>slot) << 2))
    if (known === hash) {
      if (hash === 0) store<u8>(ZEROES + day, 1)
      return
    }
    if (known === 0) break
    slot = (slot + 1) & mask
  }
  store<u32>(set + ((<usize>slot) << 2), hash)
  const count = load<u32>(COUNTS + day * 4) + 1
  store<u32>(COUNTS + day * 4, count)
  if (count < most) return
  takeWords(day)
  emptyWords(day)
}

/** Adds the words and pieces of a text as it stands in JSON: what an escape means ends a word, or, `raw`, its letter is one. */
export function addWords(from: usize, length: usize, raw: bool): void {
  const end = from + length
  let hash = OFFSET
  let start: usize = 0
  let high: u32 = 0
  let kinds: u8 = 0
  let before: u32 = 0
  let last: u32 = 0
  for (let at = from; at < end; at++) {
    const byte = <u32>load<u8>(at)
    kinds |= load<u8>(KIND_BIT + byte)
    const number = <u32>load<u8>(PIECE_BYTE + byte)
    if (number !== 0 && last !== 0 && before !== 0)
      notePiece((before * PIECE_NUMBERS + last) * PIECE_NUMBERS + number)
    before = last
    last = number
    const folded = <u32>load<u8>(WORD_BYTE + byte)
    if (folded !== 0) {
      if (start === 0) start = at
      hash = (hash ^ folded) * PRIME
      high |= byte
      continue
    }
    if (start !== 0) endWord(hash, start, at, high)
    hash = OFFSET
    start = 0
    high = 0
    if (byte === 0x5c && !raw) at++
  }
  if (start !== 0) endWord(hash, start, end, high)
  textKinds = kinds
}

function notePiece(piece: u32): void {
  const at = pieceBits + ((<usize>(piece >> 5)) << 2)
  store<u32>(at, load<u32>(at) | (1 << (piece & 31)))
}

function endWord(hash: u32, start: usize, end: usize, high: u32): void {
  add(hash)
  if (high & 0x80) noteParts(start, end)
  else if (isLevelWord(hash)) levelWords = true
}

/** To a regular expression letters beyond ASCII end a word. */
function noteParts(start: usize, end: usize): void {
  let hash = OFFSET
  for (let at = start; at < end; at++) {
    const byte = load<u8>(at)
    if (byte < 0x80) {
      hash = (hash ^ load<u8>(WORD_BYTE + byte)) * PRIME
      continue
    }
    if (isLevelWord(hash)) levelWords = true
    hash = OFFSET
  }
  if (isLevelWord(hash)) levelWords = true
}

function isLevelWord(hash: u32): bool {
  let slot = hash & 0xff
  let known = load<u32>(LEVEL_WORDS + slot * 4)
  while (known !== 0 && known !== hash) {
    slot = (slot + 1) & 0xff
    known = load<u32>(LEVEL_WORDS + slot * 4)
  }
  return known !== 0
}
