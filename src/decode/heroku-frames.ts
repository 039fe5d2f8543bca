// Octet-counted frames (RFC 6587 §3.4.1) as Heroku's drains send them: `LENGTH SP <PRI>1 …`. A length is believed when
// it leads to the next frame or to the end; else the next frame is looked for.

const SPACE = 0x20
const OPEN = 0x3c
const LF = 0x0a
const CR = 0x0d
/** More digits than any body is long. */
const MOST_DIGITS = 9
/** Line ends between two frames that are looked over to see whether the second is one. */
const MOST_LINE_ENDS = 16

/** Calls back for each frame without its count; returns how many of them had a count that was wrong or missing. */
export function forEachFrame(bytes: Buffer, visit: (start: number, end: number) => void): number {
  let recovered = 0
  for (let at = skipLineEnds(bytes, 0); at < bytes.length; at = skipLineEnds(bytes, at)) {
    const count = countAt(bytes, at)
    const start = count?.behind ?? at
    const told = count === undefined ? -1 : start + count.length
    const isTrue = told > start && leadsOn(bytes, told)
    const end = isTrue ? told : nextFrame(bytes, start)
    if (!isTrue) recovered++
    visit(start, end)
    at = end
  }
  return recovered
}

interface Count {
  readonly length: number
  /** Where the frame begins. */
  readonly behind: number
}

/** Digits, a space, and what opens a message. */
function countAt(bytes: Buffer, at: number): Count | undefined {
  let length = 0
  let next = at
  while (isDigit(bytes[next]) && next - at < MOST_DIGITS)
    length = length * 10 + (bytes[next++] as number) - 0x30
  const isCount = next > at && bytes[next] === SPACE && bytes[next + 1] === OPEN
  return isCount ? { length, behind: next + 1 } : undefined
}

/** Whether a frame may end here: nothing follows but line ends, or another frame does. */
function leadsOn(bytes: Buffer, at: number): boolean {
  if (at > bytes.length || splitsCount(bytes, at)) return false
  const next = skipLineEnds(bytes, at, at + MOST_LINE_ENDS)
  return next === bytes.length || countAt(bytes, next) !== undefined
}

/** Inside the digits of the next count: those behind a line end belong together. */
function splitsCount(bytes: Buffer, at: number): boolean {
  if (!isDigit(bytes[at])) return false
  let first = at
  while (at - first < MOST_DIGITS && isDigit(bytes[first - 1])) first--
  return first < at && bytes[first - 1] === LF
}

/** Behind the next line end that a frame follows, with its count or without; the end where there is none. */
function nextFrame(bytes: Buffer, start: number): number {
  for (let lf = bytes.indexOf(LF, start); lf !== -1; lf = bytes.indexOf(LF, lf + 1)) {
    const next = lf + 1
    if (countAt(bytes, next) !== undefined || opensMessage(bytes, next)) return next
  }
  return bytes.length
}

/** `<40>1 `, as the front of a frame that lost its count. */
function opensMessage(bytes: Buffer, at: number): boolean {
  return bytes[at] === OPEN && /^<\d{1,3}>\d{1,2} /.test(bytes.toString('latin1', at, at + 8))
}

function skipLineEnds(bytes: Buffer, start: number, stop = bytes.length): number {
  let at = start
  while (at < stop && (bytes[at] === LF || bytes[at] === CR)) at++
  return at
}

/** Where the text of a frame ends: before its line ends. */
export function withoutLineEnd(bytes: Buffer, start: number, end: number): number {
  let at = end
  while (at > start && (bytes[at - 1] === LF || bytes[at - 1] === CR)) at--
  return at
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}
