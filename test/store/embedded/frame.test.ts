// Frames: whole batches are found whatever stands around them, and nothing is taken for a batch that is none.
import { describe, expect, test } from 'vitest'
import { printFrame, printHeader, readSegment } from '#logctl/store/embedded/frame.js'

const LINES = [
  [
    '{"timestamp":"2025-01-11T00:00:00.000000000Z","line":"one"}',
    '{"line":"two {\\"_batch\\":{ \\"crc32\\":1"}',
  ],
  ['{"line":"three"}'],
  ['{"line":"four"}', '{"line":"five"}', '{"line":"é😀"}'],
].map((lines) => Buffer.from(lines.map((line) => `${line}\n`).join('')))
const ARRIVED = '2025-01-11T00:00:00.000Z'

const HEADER = printHeader(7, ARRIVED)
const BATCHES = LINES.map((lines, i) => {
  const frame = { sequence: 7 + i * 3, records: 3, arrived: ARRIVED, key: i === 1 ? 'k"}\n' : undefined }
  return Buffer.concat([lines, printFrame(frame, lines)])
})
const SEGMENT = Buffer.concat([HEADER, ...BATCHES])

/** The batches that are found, as their bytes with their frames. */
function found(content: Buffer, hasHeader = true): string[] {
  return readSegment(content, { hasHeader }).batches.map(({ start, next }) =>
    content.toString('latin1', start, next),
  )
}

const EXPECTED = BATCHES.map((batch) => batch.toString('latin1'))

test('a segment is NDJSON throughout', () => {
  for (const line of SEGMENT.toString().trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
})

test('whole batches are found, with what their frames say', () => {
  const { batches, damaged, goodEnd } = readSegment(SEGMENT)
  expect(found(SEGMENT)).toEqual(EXPECTED)
  expect(damaged).toEqual([])
  expect(goodEnd).toBe(SEGMENT.length)
  expect(batches.map(({ frame }) => [frame.sequence, frame.records, frame.bytes, frame.key])).toEqual([
    [7, 3, LINES[0]?.length, undefined],
    [10, 3, LINES[1]?.length, 'k"}\n'],
    [13, 3, LINES[2]?.length, undefined],
  ])
  expect(batches.map(({ start, end }) => SEGMENT.subarray(start, end))).toEqual(LINES)
})

test('a piece that begins behind a batch has no header', () => {
  const piece = Buffer.concat(BATCHES.slice(1))
  expect(found(piece, false)).toEqual(EXPECTED.slice(1))
  expect(readSegment(piece, { hasHeader: false }).damaged).toEqual([])
})

function framed(content: Buffer): boolean[] {
  return readSegment(content).damaged.map((one) => one.framed)
}

describe('a torn tail', () => {
  test('cut at any byte, the batches before it are found', () => {
    for (let length = 0; length < SEGMENT.length; length++) {
      const whole = BATCHES.filter((_, i) => HEADER.length + sizeOf(BATCHES.slice(0, i + 1)) <= length).length
      const { goodEnd, damaged } = readSegment(SEGMENT.subarray(0, length))
      expect(found(SEGMENT.subarray(0, length)), `cut at ${length}`).toEqual(EXPECTED.slice(0, whole))
      const end = length < HEADER.length ? 0 : HEADER.length + sizeOf(BATCHES.slice(0, whole))
      expect({ length, goodEnd }).toEqual({ length, goodEnd: end })
      expect(damaged.map(({ start, end }) => [start, end])).toEqual(end < length ? [[end, length]] : [])
    }
  })

  test('zeros or rubbish behind the last batch hide nothing', () => {
    for (const tail of [
      Buffer.alloc(4096),
      Buffer.from('{"_batch":{'),
      Buffer.from('{"_batch":{}}\n'),
      Buffer.from([255, 10, 0]),
    ]) {
      const { goodEnd, damaged } = readSegment(Buffer.concat([SEGMENT, tail]))
      expect(found(Buffer.concat([SEGMENT, tail]))).toEqual(EXPECTED)
      expect(goodEnd).toBe(SEGMENT.length)
      expect(damaged).toHaveLength(1)
    }
  })

  test('what was only partly written is no frame, what was framed is', () => {
    expect(framed(SEGMENT.subarray(0, SEGMENT.length - (BATCHES[2]?.length ?? 0) + 10))).toEqual([false])
    expect(framed(flipped(SEGMENT, SEGMENT.length - 200, 0))).toEqual([true])
    expect(framed(flipped(SEGMENT, SEGMENT.length - 1, 0))).toEqual([true])
  })
})

test('a flipped bit costs no batch but the one that it is in', () => {
  for (let at = 0; at < SEGMENT.length; at++) {
    const hit = BATCHES.findIndex((_, i) => at < HEADER.length + sizeOf(BATCHES.slice(0, i + 1)))
    const others = EXPECTED.filter((_, i) => i !== hit || at < HEADER.length)
    for (let bit = 0; bit < 8; bit++) {
      const seen = found(flipped(SEGMENT, at, bit))
      expect({ at, bit, lost: others.filter((batch) => !seen.includes(batch)) }).toEqual({
        at,
        bit,
        lost: [],
      })
      expect({ at, bit, invented: seen.filter((batch) => !EXPECTED.includes(batch)) }).toEqual({
        at,
        bit,
        invented: [],
      })
    }
  }
})

test('a frame of another batch does not vouch for these lines', () => {
  const [one, two] = BATCHES as [Buffer, Buffer]
  const frame = two.subarray(LINES[1]?.length)
  expect(found(Buffer.concat([HEADER, LINES[0] as Buffer, frame, two]))).toEqual([EXPECTED[1]])
  expect(found(Buffer.concat([HEADER, one, frame]))).toEqual([EXPECTED[0]])
})

function sizeOf(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0)
}

function flipped(content: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(content)
  copy.writeUInt8(copy.readUInt8(at) ^ (1 << bit), at)
  return copy
}
