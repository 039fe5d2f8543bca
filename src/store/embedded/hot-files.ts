// Reads segment files of the hot log: whole at start, and on from where it stopped while another process writes.
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errnoOf } from '../../errors.js'
import { type SegmentContents, readSegment } from './frame.js'
import { hotFolder, sequenceOfName } from './filenames.js'
import { Segment } from './segment.js'

export interface SegmentName {
  readonly path: string
  readonly firstSequence: number
}

/** The segment files that are there, in the order of their sequence. */
export async function listSegments(data: string): Promise<SegmentName[]> {
  const names = await readdir(hotFolder(data)).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  })
  return names
    .filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) => {
      const firstSequence = sequenceOfName(name)
      return firstSequence === undefined ? [] : [{ path: join(hotFolder(data), name), firstSequence }]
    })
    .sort((a, b) => a.firstSequence - b.firstSequence)
}

/** A segment of another process's hot log, read up to its last whole batch. */
export interface FollowedSegment {
  readonly segment: Segment
  /** Offset in the file behind the last batch that was taken in. */
  offset: number
  /** Bytes between good batches that are no batch: records are missing there. */
  damagedBytes: number
}

/** Takes in the batches that have come since; what is not whole yet waits for the next call. */
export async function readOn(followed: FollowedSegment): Promise<void> {
  const handle = await open(followed.segment.path, 'r')
  try {
    const content = await readFrom(handle, followed.offset)
    const contents = readSegment(content, { hasHeader: followed.offset === 0 })
    addBatches(followed.segment, content, contents)
    for (const { start, end } of contents.damaged)
      if (end <= contents.goodEnd) followed.damagedBytes += end - start
    followed.offset += contents.goodEnd
  } finally {
    await handle.close()
  }
}

export function addBatches(segment: Segment, content: Buffer, { batches }: SegmentContents): void {
  for (const { frame, start, end, next } of batches)
    segment.add({ frame, lines: content.subarray(start, end) }, next - end)
}

async function readFrom(handle: FileHandle, offset: number): Promise<Buffer> {
  const { size } = await handle.stat()
  const content = Buffer.allocUnsafeSlow(Math.max(0, size - offset))
  let filled = 0
  while (filled < content.length) {
    const { bytesRead } = await handle.read(content, filled, content.length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return content.subarray(0, filled)
}
