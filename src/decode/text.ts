// Text at the door: invalid UTF-8, NUL and lone surrogates become U+FFFD, and a line is cut at its limit.
import { isAscii, isUtf8 } from 'node:buffer'
import type { Account } from './account.js'

const REPLACEMENT = '\ufffd'
const NOT_TEXT = /[\0\p{Surrogate}]/u
const NOT_TEXT_ALL = /[\0\p{Surrogate}]/gu
const CONTROL = /\p{Control}/gu

/** Buffer's own decoders without the look-up of an encoding's name, which costs a fifth of a short line's decoding. */
interface BufferSlices {
  latin1Slice(start: number, end: number): string
  utf8Slice(start: number, end: number): string
}

/** A body and how its bytes become text. */
export interface BodyText {
  readonly bytes: Buffer & BufferSlices
  readonly ascii: boolean
  /** Holds NUL or invalid UTF-8 somewhere, so that each piece is looked at. */
  readonly damaged: boolean
  /** Holds `\u` somewhere, so that JSON may spell NUL or half a surrogate pair. */
  readonly escapes: boolean
}

/** Looks at a whole body once; these searches run at memory speed. */
export function bodyText(bytes: Buffer): BodyText {
  const ascii = isAscii(bytes)
  const damaged = bytes.includes(0) || !(ascii || isUtf8(bytes))
  return { bytes: bytes as Buffer & BufferSlices, ascii, damaged, escapes: bytes.includes('\\u') }
}

/** The text between two offsets, repaired. Notes a repair in the account. */
export function pieceOf(account: Account, body: BodyText, start: number, end: number): string {
  if (body.damaged) return repairedPiece(account, body.bytes.subarray(start, end))
  return body.ascii ? body.bytes.latin1Slice(start, end) : body.bytes.utf8Slice(start, end)
}

function repairedPiece(account: Account, bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (!bytes.includes(0) && isUtf8(bytes)) return text
  account.textRepaired = true
  return text.replaceAll('\0', REPLACEMENT)
}

/** A text that JSON escapes or another encoding may have put NUL or lone surrogates into. Notes a repair. */
export function repairText(account: Account, text: string): string {
  if (!NOT_TEXT.test(text)) return text
  account.textRepaired = true
  return text.replace(NOT_TEXT_ALL, REPLACEMENT)
}

/** Control characters have no place in a name that becomes part of paths and headers. */
export function withoutControls(text: string): string {
  return text.replace(CONTROL, REPLACEMENT)
}

/** UTF-8 takes at most three bytes for one UTF-16 unit. */
const MOST_BYTES = 3

export function isLongerThan(text: string, bytes: number): boolean {
  return text.length * MOST_BYTES > bytes && Buffer.byteLength(text) > bytes
}

const encoder = new TextEncoder()

/** The longest front part of whole characters that fits into so many bytes of UTF-8. */
export function cutText(text: string, bytes: number): string {
  const { read } = encoder.encodeInto(text.slice(0, bytes), new Uint8Array(bytes))
  return text.slice(0, read)
}
