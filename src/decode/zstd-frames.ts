// The outline of a zstd body (RFC 8878 §3.1): frames, their windows and sizes, read from headers alone, so that a
// body that is cut off or wants too much memory is refused before anything is decompressed.
import { fail } from '../errors.js'

const MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const
const DICTIONARY_BYTES = [0, 1, 2, 4] as const
const BLOCK_HEADER_BYTES = 3
const CHECKSUM_BYTES = 4
/** RFC 8878 §3.1.1.1.2 asks every decoder to take windows of 8 MiB. */
const SMALLEST_WINDOW_LIMIT = 8 * 1024 * 1024

export interface ZstdFrame {
  readonly start: number
  readonly end: number
}

/** The frames that hold data. Throws BODY_INVALID or BODY_TOO_LARGE. */
export function zstdFrames(body: Buffer, limitBytes: number): ZstdFrame[] {
  const frames: ZstdFrame[] = []
  let known = 0
  for (let start = 0; start < body.length;) {
    const magic = uint(body, start, 4)
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
      start += 8 + uint(body, start + 4, 4)
      if (start > body.length) broken()
      continue
    }
    if (magic !== MAGIC) broken()
    const header = readHeader(body, start + 4)
    known += header.contentBytes
    if (known > limitBytes)
      fail('BODY_TOO_LARGE', `the body is larger than ${limitBytes} bytes when decompressed`)
    if (header.windowBytes > Math.max(limitBytes, SMALLEST_WINDOW_LIMIT))
      fail('BODY_INVALID', `the zstd body wants a window of ${header.windowBytes} bytes`)
    const end = endOfBlocks(body, header.end) + (header.hasChecksum ? CHECKSUM_BYTES : 0)
    if (end > body.length) broken()
    frames.push({ start, end })
    start = end
  }
  return frames
}

interface Header {
  readonly end: number
  readonly windowBytes: number
  /** 0 where the frame does not say. */
  readonly contentBytes: number
  readonly hasChecksum: boolean
}

function readHeader(body: Buffer, start: number): Header {
  const descriptor = uint(body, start, 1)
  const isSingle = (descriptor & 0x20) !== 0
  const sizeBytes = isSingle && descriptor >> 6 === 0 ? 1 : (CONTENT_SIZE_BYTES[descriptor >> 6] as number)
  const dictionaryBytes = DICTIONARY_BYTES[descriptor & 3] as number
  if ((descriptor & 0x08) !== 0) broken()
  if (dictionaryBytes > 0 && uint(body, start + (isSingle ? 1 : 2), dictionaryBytes) !== 0)
    fail('BODY_INVALID', 'the zstd body wants a dictionary')
  const sizeAt = start + (isSingle ? 1 : 2) + dictionaryBytes
  const contentBytes = contentSize(body, sizeAt, sizeBytes)
  return {
    end: sizeAt + sizeBytes,
    windowBytes: isSingle ? contentBytes : windowSize(uint(body, start + 1, 1)),
    contentBytes,
    hasChecksum: (descriptor & 0x04) !== 0,
  }
}

function contentSize(body: Buffer, at: number, bytes: number): number {
  if (bytes === 0) return 0
  if (bytes === 8) return uint(body, at, 4) + uint(body, at + 4, 4) * 2 ** 32
  return uint(body, at, bytes) + (bytes === 2 ? 256 : 0)
}

/** Exponent in the upper five bits, eighths in the lower three (§3.1.1.1.2). */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}

function endOfBlocks(body: Buffer, start: number): number {
  for (let at = start; ;) {
    const header = uint(body, at, BLOCK_HEADER_BYTES)
    const type = (header >> 1) & 3
    if (type === 3) broken()
    // A run-length block holds one byte, whatever its size says.
    at += BLOCK_HEADER_BYTES + (type === 1 ? 1 : header >> 3)
    if (at > body.length) broken()
    if ((header & 1) === 1) return at
  }
}

function uint(body: Buffer, at: number, bytes: number): number {
  return at + bytes > body.length ? broken() : body.readUIntLE(at, bytes)
}

function broken(): never {
  return fail('BODY_INVALID', 'the body is not whole zstd data')
}
