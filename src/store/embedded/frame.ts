// The frames of the hot log. A segment is NDJSON: a header line, then batches; a batch is its record lines and
// then one frame line, whose checksum covers the lines and the frame itself. A batch without a good frame was
// never acknowledged. Record lines never contain the frame's opening bytes: JSON escapes the quotes in texts.
import { crc32 } from 'node:zlib'
import type { Shape } from './shape.js'

/** What a frame says about the batch before it. */
export interface Frame {
  /** Sequence of the first record; the batch's others follow without gap. */
  readonly sequence: number
  readonly records: number
  /** Bytes of the record lines before the frame. */
  readonly bytes: number
  /** RFC 3339. */
  readonly arrived: string
  /** Idempotency key of the request. */
  readonly key?: string | undefined
  /** How many events of the request were refused. */
  readonly rejected?: number | undefined
  /** By number: the shapes of lines that are told by nothing else, so that each batch can be read on its own. */
  readonly shapes?: Readonly<Record<string, Shape>> | undefined
}

const FRAME_START = Buffer.from('{"_batch":{')
const CHECKSUM_KEY = Buffer.from('"crc32":')
const HEADER_START = '{"_segment":{'
const NEWLINE = 10

export function printHeader(firstSequence: number, created: string): Buffer {
  return Buffer.from(`${HEADER_START}"format":1,"sequence":${firstSequence},"created":"${created}"}}\n`)
}

/** The frame line for record lines that are given; bytes are taken from them. */
export function printFrame(frame: Omit<Frame, 'bytes'>, lines: Buffer): Buffer {
  const body = JSON.stringify({ _batch: { ...frame, bytes: lines.length } }).slice(0, -2)
  return Buffer.from(`${body},"crc32":${crc32(body, crc32(lines))}}}\n`)
}

/** A batch found in a segment: where its lines lie, and its frame. */
export interface FramedBatch {
  readonly frame: Frame
  /** Offset of the first line. */
  readonly start: number
  /** Offset behind the last line, where the frame begins. */
  readonly end: number
  /** Offset behind the frame line. */
  readonly next: number
}

/** A stretch that no good batch covers. */
export interface DamagedStretch {
  readonly start: number
  readonly end: number
  /** True when a frame, or what a flipped bit left of one, stands in it: then it may have been acknowledged. */
  readonly framed: boolean
}

export interface SegmentContents {
  readonly batches: readonly FramedBatch[]
  /** In order; the last one may be a torn tail. */
  readonly damaged: readonly DamagedStretch[]
  /** Offset behind the last good batch (or the header). */
  readonly goodEnd: number
}

/** Finds the good batches of a segment, or of a piece of one that begins behind a batch and so has no header. */
export function readSegment(content: Buffer, { hasHeader = true } = {}): SegmentContents {
  const batches: FramedBatch[] = []
  const damaged: DamagedStretch[] = []
  let good = hasHeader ? endOfHeader(content) : 0
  let search = good
  for (;;) {
    const frameAt = content.indexOf(FRAME_START, search)
    if (frameAt < 0) break
    const newline = content.indexOf(NEWLINE, frameAt)
    if (newline < 0) break
    search = newline + 1
    const batch = readBatch(content, frameAt, newline)
    if (!batch || batch.start < good) continue
    if (batch.start > good) damaged.push(stretch(content, good, batch.start))
    batches.push(batch)
    good = batch.next
  }
  if (good < content.length) damaged.push(stretch(content, good, content.length))
  return { batches, damaged, goodEnd: good }
}

function readBatch(content: Buffer, frameAt: number, newline: number): FramedBatch | undefined {
  const text = content.toString('utf8', frameAt, newline)
  const match = /^(.*),"crc32":(\d+)\}\}$/.exec(text)
  if (!match) return undefined
  const [, body = '', checksum] = match
  const frame = parseFrame(`${body}}}`)
  if (!frame) return undefined
  const start = frameAt - frame.bytes
  if (start < 0 || crc32(body, crc32(content.subarray(start, frameAt))) !== Number(checksum)) return undefined
  return { frame, start, end: frameAt, next: newline + 1 }
}

function parseFrame(text: string): Frame | undefined {
  try {
    const { _batch: frame } = JSON.parse(text) as { _batch: Frame }
    const whole = [frame.sequence, frame.records, frame.bytes].every((n) => Number.isSafeInteger(n) && n >= 0)
    return whole && typeof frame.arrived === 'string' ? frame : undefined
  } catch {
    return undefined
  }
}

/** 0 where no header stands: when its newline is damaged, the first line runs into the first batch. */
function endOfHeader(content: Buffer): number {
  if (content.toString('latin1', 0, HEADER_START.length) !== HEADER_START) return 0
  const newline = content.indexOf(NEWLINE)
  try {
    JSON.parse(content.toString('utf8', 0, Math.max(0, newline)))
    return newline + 1
  } catch {
    return 0
  }
}

function stretch(content: Buffer, start: number, end: number): DamagedStretch {
  const bytes = content.subarray(start, end)
  return { start, end, framed: bytes.includes(FRAME_START) || bytes.includes(CHECKSUM_KEY) }
}
