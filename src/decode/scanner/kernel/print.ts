// Prints scanned lines as the hot log keeps them, and counts them: moment, stream and level, then the shape where the
// event is its own text, else the line, then the fields.
import { copy, printNumber } from './bytes'
import { levelOf, meetShape } from './calls'
import { LEVEL_IN_LINE, group, isOpen } from './groups'
import { FIELD, key } from './keys'
import {
  FIELDS_LENGTH,
  FIELDS_PIECE,
  LEVEL_NAMES,
  LINES,
  LINE_BYTES,
  LINE_LENGTH,
  LINE_PIECE,
  OUTPUT,
  OUTPUT_END,
  PIECES,
  SHAPES,
  SHAPE_LENGTH,
  SHAPE_MASK,
  SHAPES_USED,
  SHAPE_PIECE,
  START_LENGTH,
  TOKENS,
  TOKEN_BYTES,
} from './memory'
import { COMPACT, ESCAPED, NO_TOKEN, TAKEN, UTC } from './scan'
import { countLine, hasRoom, turnTo } from './tally'
import { printTime } from './time'
import { ESCAPED_TEXT, NULL, TEXT } from './token'
import { indexValues, mayTellLevel } from './values'
import { flushWords } from './words'

// Why printing stopped.
const DONE: i32 = 0
const FOR_JAVASCRIPT: i32 = 1
const FULL: i32 = 2

const LEVEL_UNKNOWN: u8 = 6
/** More than a line takes beside what it holds several times. */
const ROOM: usize = 0x12000

export let stopped: i32 = DONE
/** Where the next line is printed. */
export let output: usize = OUTPUT

/** Where printing goes on, behind what JavaScript has printed or taken away. */
export function printAt(place: i32): void {
  output = place
}

export function forgetShapes(): void {
  memory.fill(SHAPES, 0, (<usize>SHAPE_MASK + 1) * 16)
}

/** Prints lines until one is for JavaScript, the output is full or all are done; gives the line at which it stopped. */
export function print(from: i32, to: i32): i32 {
  for (let number = from; number < to; number++) {
    const line = LINES + <usize>number * LINE_BYTES
    const length = <usize>(load<u32>(line, 4) - load<u32>(line))
    if (output + length * 4 + ROOM > OUTPUT_END) return stop(number, FULL)
    if (load<u8>(line, 14) !== TAKEN || !printLine(line, number)) return stop(number, FOR_JAVASCRIPT)
  }
  return stop(to, DONE)
}

function stop(at: i32, why: i32): i32 {
  flushWords()
  stopped = why
  return at
}

function printLine(line: usize, number: i32): bool {
  const place = load<i32>(line, 24)
  if (!hasRoom() || !isOpen(place) || !turnTo(load<i32>(line, 44))) return false
  const its = group(place)
  const own = load<u16>(line, 30) === NO_TOKEN
  const flags = load<u8>(line, 15)
  const start = output
  indexValues(line, own)
  let level = load<u8>(its, 8)
  if (level === LEVEL_IN_LINE) level = mayTellLevel ? askLevel(line, own) : LEVEL_UNKNOWN
  printStart(line, its, level, flags)
  const shape = own && !(flags & ESCAPED) ? shapeOf(line, number) : -1
  let bytes = load<u32>(line, 4) - load<u32>(line)
  if (shape >= 0) {
    put(SHAPE_PIECE, SHAPE_LENGTH)
    output = printNumber(output, shape)
    put(FIELDS_PIECE + 1, FIELDS_LENGTH - 1)
  } else {
    put(LINE_PIECE, LINE_LENGTH)
    if (own) printEscaped(load<u32>(line), load<u32>(line, 4))
    else bytes = printText(line)
    put(FIELDS_PIECE, FIELDS_LENGTH)
  }
  printFields(line, flags)
  countLine(line, load<u32>(its, 16) * 7 + level, bytes, <u32>(output - start))
  return true
}

function askLevel(line: usize, own: bool): u8 {
  if (own) {
    const start = load<u32>(line)
    return <u8>levelOf(start, load<u32>(line, 4) - start, false)
  }
  const token = tokenAt(line, load<u16>(line, 30))
  return <u8>levelOf(load<u32>(token), load<u32>(token, 4), load<u8>(token, 14) === ESCAPED_TEXT)
}

function tokenAt(line: usize, place: u32): usize {
  return TOKENS + <usize>(load<u32>(line, 8) + place) * TOKEN_BYTES
}

function put(piece: usize, length: usize): void {
  v128.store(output, v128.load(piece))
  output += length
}

/** Up to and with the level, whose closing quote stands in the next piece. */
function printStart(line: usize, its: usize, level: u8, flags: u8): void {
  put(PIECES, START_LENGTH)
  const token = tokenAt(line, load<u16>(line, 28))
  if (flags & UTC) copyTime(load<u32>(token), load<u32>(token, 4))
  else printTime(output, load<i64>(line, 16))
  output += 30
  const length = <usize>load<u32>(its, 24)
  copy(output, load<u32>(its, 20), length)
  output += length
  const name = LEVEL_NAMES + <usize>level * 16
  const letters = <usize>load<u8>(name)
  put(name + 1, letters)
}

/** A time in UTC, its fraction filled up to nine digits. */
function copyTime(at: usize, length: u32): void {
  v128.store(output, v128.load(at))
  store<u32>(output, load<u32>(at, 16), 16)
  v128.store(output + 20, i8x16.splat(0x30))
  store<u8>(output, 0x2e, 19)
  for (let i: u32 = 20; i + 1 < length; i++) store<u8>(output + i, load<u8>(at + i))
  store<u8>(output, 0x5a, 29)
}

/** The line of an event that has one; gives its bytes without the escapes of JSON. */
function printText(line: usize): u32 {
  const token = tokenAt(line, load<u16>(line, 30))
  const from = <usize>load<u32>(token)
  const length = load<u32>(token, 4)
  copy(output, from, length)
  output += length
  if (load<u8>(token, 14) !== ESCAPED_TEXT) return length
  let escapes: u32 = 0
  for (let at = from; at < from + length; at++) {
    if (load<u8>(at) !== 0x5c) continue
    escapes++
    at++
  }
  return length - escapes
}

/** JSON as a text in JSON: there is nothing to escape but quotes and backslashes. */
function printEscaped(from: usize, end: usize): void {
  const quote = i8x16.splat(0x22)
  const backslash = i8x16.splat(0x5c)
  for (let at = from; at < end;) {
    const bytes = v128.load(at)
    const mask = i8x16.bitmask(v128.or(i8x16.eq(bytes, quote), i8x16.eq(bytes, backslash)))
    v128.store(output, bytes)
    const plain = min<usize>(mask === 0 ? 16 : <usize>ctz(mask), end - at)
    at += plain
    output += plain
    if (mask === 0 || at >= end) continue
    store<u8>(output, 0x5c)
    store<u8>(output, load<u8>(at), 1)
    output += 2
    at++
  }
}

function isField(token: usize): bool {
  return load<u8>(token, 15) === FIELD && load<u8>(token, 14) !== NULL
}

function printFields(line: usize, flags: u8): void {
  const count = <u32>load<u16>(line, 12)
  let some = false
  for (let place: u32 = 0; place < count;) {
    const token = tokenAt(line, place)
    if (!isField(token)) {
      place++
      continue
    }
    if (some) {
      store<u8>(output, 0x2c)
      output++
    }
    some = true
    if (flags & COMPACT) place = printRun(line, place, count)
    else {
      printMember(token)
      place++
    }
  }
  store<u32>(output, 0x0a7d7d)
  output += 3
}

/** Adjacent fields as they stand in the event; gives the place behind them. */
function printRun(line: usize, from: u32, count: u32): u32 {
  let next = from + 1
  while (next < count && isField(tokenAt(line, next))) next++
  const start = <usize>load<u32>(tokenAt(line, from), 8)
  const length = valueEnd(tokenAt(line, next - 1)) - start
  copy(output, start, length)
  output += length
  return next
}

function isText(token: usize): bool {
  const kind = load<u8>(token, 14)
  return kind === TEXT || kind === ESCAPED_TEXT
}

function valueEnd(token: usize): usize {
  return <usize>(load<u32>(token) + load<u32>(token, 4)) + (isText(token) ? 1 : 0)
}

function printMember(token: usize): void {
  const its = key(load<u16>(token, 12))
  copy(output, load<u32>(its, 8), load<u32>(its, 12))
  output += load<u32>(its, 12)
  store<u8>(output, 0x3a)
  output++
  const start = <usize>load<u32>(token) - (isText(token) ? 1 : 0)
  copy(output, start, valueEnd(token) - start)
  output += valueEnd(token) - start
}

/** By the form of an event: the number of its shape in the segment. */
function shapeOf(line: usize, number: i32): i32 {
  const hash = load<u64>(line, 32) | 1
  const at = SHAPES + ((<usize>((<u32>(hash >> 7)) & SHAPE_MASK)) << 4)
  if (load<u64>(at) !== hash) {
    store<i32>(at, meetShape(number), 8)
    store<u64>(at, hash)
  }
  const shape = load<i32>(at, 8)
  if (shape >= 0) store<u8>(SHAPES_USED + shape, 1)
  return shape
}
