// Reads segment files of the hot log: whole at start, and on from where it stopped while another process writes.
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errnoOf } from '../../errors.js'
import { type SegmentContents, readSegment } from './frame.js'
import { HotBatch } from './hot-batch.js'
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
  segment: Segment
  /** The file's own number: recovery puts another file under the same name. */
  inode: number
  /** Offset in the file behind the last batch that was taken in. */
  offset: number
  /** Bytes between good batches that are no batch: records are missing there. */
  damagedBytes: number
}

/** A segment of which nothing has been read. */
export function unread({ path, firstSequence }: SegmentName): FollowedSegment {
  return { segment: new Segment(path, firstSequence, false), inode: 0, offset: 0, damagedBytes: 0 }
}

/** Takes in the batches that have come since; what is not whole yet waits for the next call. */
export async function readOn(followed: FollowedSegment): Promise<void> {
  const { path, firstSequence } = followed.segment
  const handle = await open(path, 'r')
  try {
    const { ino, size } = await handle.stat()
    // A file that is another or has become shorter has lost batches that were never acknowledged.
    if (ino !== followed.inode || size < followed.offset)
      Object.assign(followed, unread({ path, firstSequence }), { inode: ino })
    const content = await readFrom(handle, followed.offset, size)
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
    segment.add(new HotBatch(frame, content.subarray(start, end), start), next - end)
}

async function readFrom(handle: FileHandle, offset: number, size: number): Promise<Buffer> {
  const content = Buffer.allocUnsafeSlow(Math.max(0, size - offset))
  let filled = 0
  while (filled < content.length) {
    const { bytesRead } = await handle.read(content, filled, content.length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return content.subarray(0, filled)
}
