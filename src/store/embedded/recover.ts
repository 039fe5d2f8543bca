// Recovery: what start-up finds in the hot folder becomes closed segments of good batches. Torn tails are cut,
// damaged stretches are kept aside; nobody has to do anything.
import { readFile, rename, rm, truncate } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Steps, makeFolder, syncFile, syncFolder, writeNew } from './durable.js'
import { type FramedBatch, type SegmentContents, printHeader, readSegment } from './frame.js'
import { damagedFolder, hotFolder, segmentFile } from './filenames.js'
import { type SegmentName, addBatches, listSegments } from './hot-files.js'
import type { Tell } from './options.js'
import { Segment } from './segment.js'

const NEWLINE = 10

export interface Recovered {
  /** Closed segments behind `sealedThrough`, in order. */
  readonly segments: readonly Segment[]
  /** Files below `sealedThrough`, which a crash kept from being removed. */
  readonly retired: readonly string[]
  /** Behind every sequence that readers may have seen, also where the batch that had it is damaged now. */
  readonly nextSequence: number
}

export interface RecoverContext {
  readonly data: string
  readonly steps: Steps
  readonly sealedThrough: number
  readonly log: Tell
  readonly warn: Tell
}

export async function recoverHotLog(context: RecoverContext): Promise<Recovered> {
  const segments: Segment[] = []
  const retired: string[] = []
  let nextSequence = context.sealedThrough + 1
  for (const name of await listSegments(context.data)) {
    // A crash while a damaged segment was split leaves it in place beside some of its pieces.
    if (name.firstSequence <= (segments.at(-1)?.lastSequence ?? 0)) continue
    const content = await readFile(name.path)
    const contents = readSegment(content)
    nextSequence = Math.max(nextSequence, sequenceBehind(name, content, contents))
    const last = contents.batches.at(-1)?.frame
    if (last && last.sequence + last.records - 1 <= context.sealedThrough) retired.push(name.path)
    else segments.push(...(await recoverSegment(context, name, content, contents)))
  }
  return { segments, retired, nextSequence }
}

/** What follows the last good batch may have been acknowledged: it held at most as many records as it has lines. */
function sequenceBehind(name: SegmentName, content: Buffer, { batches, damaged }: SegmentContents): number {
  const last = batches.at(-1)
  const behind = last ? last.frame.sequence + last.frame.records : name.firstSequence
  const tail = damaged.at(-1)
  if (!tail?.framed || tail.end < content.length) return behind
  return behind + content.subarray(tail.start).filter((byte) => byte === NEWLINE).length
}

async function recoverSegment(
  context: RecoverContext,
  name: SegmentName,
  content: Buffer,
  contents: SegmentContents,
): Promise<Segment[]> {
  const tail = contents.damaged.at(-1)
  const torn = tail !== undefined && tail.end === content.length && !tail.framed
  const aside = torn ? contents.damaged.slice(0, -1) : contents.damaged
  if (aside.length > 0) return splitAround(context, name, content, contents)
  if (torn) {
    context.log('cut a torn tail off the hot log', { file: name.path, bytes: tail.end - tail.start })
    await context.steps.take('recover.cut', () => cut(name.path, contents.goodEnd))
  }
  if (contents.batches.length === 0) {
    await rm(name.path, { force: true })
    return []
  }
  return [segmentOf(name, content, contents)]
}

async function cut(path: string, length: number): Promise<void> {
  await truncate(path, length)
  await syncFile(path)
}

/**
 * Sequences within a segment have no gap, so around a damaged stretch it becomes several. The whole file is kept
 * aside first; a crash on the way finds it in place again.
 */
async function splitAround(
  context: RecoverContext,
  name: SegmentName,
  content: Buffer,
  contents: SegmentContents,
): Promise<Segment[]> {
  const { data, steps } = context
  const kept = join(damagedFolder(data), basename(name.path))
  context.warn('a segment of the hot log is damaged; its good batches are kept', {
    file: name.path,
    aside: kept,
  })
  await makeFolder(damagedFolder(data))
  await steps.take('recover.aside', async () => {
    await writeNew(kept, content)
    await syncFile(kept)
    await syncFolder(damagedFolder(data))
  })
  const runs = runsOf(contents.batches)
  const pieces: { readonly name: SegmentName; readonly content: Buffer }[] = []
  // From the back, so that the original, which the first run replaces, is the last to change.
  for (const run of runs.toReversed()) {
    const first = run[0] as FramedBatch
    const piece = Buffer.concat([
      printHeader(first.frame.sequence, first.frame.arrived),
      content.subarray(first.start, (run.at(-1) as FramedBatch).next),
    ])
    const path = segmentFile(data, first.frame.sequence)
    await steps.take('recover.keep', async () => {
      const beside = `${path}.tmp`
      await writeNew(beside, piece)
      await syncFile(beside)
      await rename(beside, path)
      await syncFolder(hotFolder(data))
    })
    pieces.unshift({ name: { path, firstSequence: first.frame.sequence }, content: piece })
  }
  if (!pieces.some((piece) => piece.name.path === name.path)) {
    await rm(name.path, { force: true })
    await syncFolder(hotFolder(data))
  }
  return pieces.map((piece) => segmentOf(piece.name, piece.content, readSegment(piece.content)))
}

/** Batches without a gap in the sequence between them. */
function runsOf(batches: readonly FramedBatch[]): FramedBatch[][] {
  const runs: FramedBatch[][] = []
  let expected = -1
  for (const batch of batches) {
    const run = runs.at(-1)
    if (run && batch.frame.sequence === expected) run.push(batch)
    else runs.push([batch])
    expected = batch.frame.sequence + batch.frame.records
  }
  return runs
}

function segmentOf(name: SegmentName, content: Buffer, contents: SegmentContents): Segment {
  const segment = new Segment(name.path, name.firstSequence)
  addBatches(segment, content, contents)
  return segment
}
