// Snappy: the block form that Loki's clients send, and the framed form (Google's "Snappy framing format
// description"). Written here because the package for it (snappyjs 0.7) loops for ever on a literal of negative
// length and gives a short body for a whole one.
import { fail } from '../errors.js'

const STREAM_START = Buffer.from([0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59])
const COMPRESSED_CHUNK = 0x00
const PLAIN_CHUNK = 0x01
/** Chunk types from here on may be skipped: padding, a repeated stream start, reserved ones. */
const FIRST_SKIPPABLE = 0x80
const CHECKSUM_BYTES = 4

/** Throws BODY_TOO_LARGE or BODY_INVALID. */
export function unsnappy(body: Buffer, limitBytes: number): Buffer {
  return body.subarray(0, STREAM_START.length).equals(STREAM_START)
    ? readFrames(body, limitBytes)
    : readBlock(body, limitBytes)
}

/** Checksums are not compared: they are CRC-32C, which Node does not have, and TCP or TLS has checked the bytes. */
function readFrames(body: Buffer, limitBytes: number): Buffer {
  const chunks: Buffer[] = []
  let size = 0
  for (let at = 0; at < body.length;) {
    const type = body[at] ?? broken()
    const start = at + 4
    if (start > body.length) broken()
    const end = start + body.readUIntLE(at + 1, 3)
    if (end > body.length) broken()
    if (type === COMPRESSED_CHUNK || type === PLAIN_CHUNK) {
      if (end - start < CHECKSUM_BYTES) broken()
      const data = body.subarray(start + CHECKSUM_BYTES, end)
      const chunk = type === PLAIN_CHUNK ? data : readBlock(data, limitBytes - size)
      size += chunk.length
      if (size > limitBytes) tooLarge(limitBytes)
      chunks.push(chunk)
    } else if (type < FIRST_SKIPPABLE) broken()
    at = end
  }
  return Buffer.concat(chunks, size)
}

function readBlock(block: Buffer, limitBytes: number): Buffer {
  const { size, start } = readSize(block)
  if (size > limitBytes) tooLarge(limitBytes)
  const out = Buffer.alloc(size)
  let to = 0
  for (let at = start; at < block.length;) {
    const tag = block[at] as number
    if ((tag & 3) === 0) {
      const { length, from } = readLiteral(block, at)
      if (from + length > block.length || to + length > size) broken()
      block.copy(out, to, from, from + length)
      to += length
      at = from + length
    } else {
      const { length, offset, next } = readCopy(block, at)
      if (offset === 0 || offset > to || to + length > size) broken()
      // Byte by byte, because a copy may read what it has just written.
      for (const end = to + length; to < end; to++) out[to] = out[to - offset] as number
      at = next
    }
  }
  return to === size ? out : broken()
}

/** The length of the whole, a varint of at most 32 bits. */
function readSize(block: Buffer): { size: number; start: number } {
  let size = 0
  for (let at = 0; at < 5 && at < block.length; at++) {
    const byte = block[at] as number
    size += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return { size, start: at + 1 }
  }
  return broken()
}

/** Up to 60 bytes by the tag itself, longer ones by one to four bytes after it. */
function readLiteral(block: Buffer, at: number): { length: number; from: number } {
  const short = ((block[at] as number) >> 2) + 1
  if (short <= 60) return { length: short, from: at + 1 }
  const width = short - 60
  if (at + 1 + width > block.length) broken()
  return { length: block.readUIntLE(at + 1, width) + 1, from: at + 1 + width }
}

function readCopy(block: Buffer, at: number): { length: number; offset: number; next: number } {
  const tag = block[at] as number
  const width = (tag & 3) === 1 ? 1 : (tag & 3) === 2 ? 2 : 4
  const next = at + 1 + width
  if (next > block.length) broken()
  const low = block.readUIntLE(at + 1, width)
  return width === 1
    ? { length: ((tag >> 2) & 7) + 4, offset: ((tag >> 5) << 8) | low, next }
    : { length: (tag >> 2) + 1, offset: low, next }
}

function broken(): never {
  return fail('BODY_INVALID', 'the body is not whole snappy data')
}

function tooLarge(limitBytes: number): never {
  return fail('BODY_TOO_LARGE', `the body is larger than ${limitBytes} bytes when decompressed`)
}
