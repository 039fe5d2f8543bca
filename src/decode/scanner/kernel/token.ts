// Reads one value: a text with plain escapes at most, a number as JavaScript would print it, true, false or null.
import { endOfText } from './bytes'

// A token: 0 start of the value (of a text: inside its quotes), 4 its length, 8 start of the key, 12 key, 14 kind,
// 15 role.
export const TEXT: u8 = 1
export const INTEGER: u8 = 2
export const FLOAT: u8 = 3
export const BOOLEAN: u8 = 4
export const NULL: u8 = 5
export const ESCAPED_TEXT: u8 = 6

/** Fills in the token's value and gives the place behind it, 0 where JavaScript has to read the line. */
export function readValue(token: usize, at: usize, end: usize): usize {
  const byte = load<u8>(at)
  if (byte === 0x22) return readText(token, at + 1, end)
  store<u32>(token, <u32>at)
  if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) return readNumber(token, at)
  if (byte === 0x74) return literal(token, at, 0x65757274, 4, BOOLEAN)
  if (byte === 0x6e) return literal(token, at, 0x6c6c756e, 4, NULL)
  if (byte === 0x66 && load<u8>(at, 4) === 0x65) return literal(token, at, 0x736c6166, 5, BOOLEAN)
  return 0
}

function literal(token: usize, at: usize, text: u32, length: u32, kind: u8): usize {
  if (load<u32>(at) !== text) return 0
  store<u32>(token, length, 4)
  store<u8>(token, kind, 14)
  return at + length
}

function readText(token: usize, start: usize, end: usize): usize {
  let kind = TEXT
  let at = start
  for (;;) {
    at = endOfText(at, end)
    if (at >= end) return 0
    const byte = load<u8>(at)
    if (byte === 0x22) break
    // JSON.stringify prints these escapes as they came; the others are left to it.
    if (byte !== 0x5c || !isPlainEscape(load<u8>(at, 1))) return 0
    kind = ESCAPED_TEXT
    at += 2
  }
  store<u32>(token, <u32>start)
  store<u32>(token, <u32>(at - start), 4)
  store<u8>(token, kind, 14)
  return at + 1
}

/** `"`, `\`, b, f, n, r, t. */
function isPlainEscape(byte: u8): bool {
  return (
    byte === 0x22 ||
    byte === 0x5c ||
    byte === 0x6e ||
    byte === 0x74 ||
    byte === 0x72 ||
    byte === 0x62 ||
    byte === 0x66
  )
}

/** Numbers of at most fifteen digits that JavaScript prints as they are spelled. */
function readNumber(token: usize, start: usize): usize {
  const first = load<u8>(start) === 0x2d ? start + 1 : start
  let at = first
  while (isDigit(at)) at++
  const whole = at - first
  if (whole === 0 || whole > 15 || (load<u8>(first) === 0x30 && whole > 1)) return 0
  let kind = INTEGER
  if (load<u8>(at) === 0x2e) {
    const fraction = at + 1
    at = fraction
    while (isDigit(at)) at++
    const places = at - fraction
    if (places === 0 || whole + places > 15 || load<u8>(at - 1) === 0x30) return 0
    // Below a millionth JavaScript writes an exponent.
    if (load<u8>(first) === 0x30 && isTiny(fraction)) return 0
    kind = FLOAT
  } else if (first > start && load<u8>(first) === 0x30) return 0
  const byte = load<u8>(at)
  if (byte === 0x65 || byte === 0x45) return 0
  store<u32>(token, <u32>(at - start), 4)
  store<u8>(token, kind, 14)
  return at
}

function isDigit(at: usize): bool {
  return <u8>(load<u8>(at) - 0x30) <= 9
}

function isTiny(fraction: usize): bool {
  for (let i: usize = 0; i < 6; i++) if (load<u8>(fraction + i) !== 0x30) return false
  return true
}
