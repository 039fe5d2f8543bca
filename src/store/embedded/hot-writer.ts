// The writing side of the hot log: gives sequences, frames batches, opens and closes segments, gathers small
// batches into one commit, and shows a batch to readers once it is on disk.
import type { Printed } from '../../decode/scanner/print-target.js'
import { leaveTarget } from '../../decode/scanner/scan-events.js'
import type { LogRecord } from '../../record/record.js'
import type { AppendBatch, Appended } from '../store.js'
import { segmentFile } from './filenames.js'
import { type Frame, printFrame, printHeader } from './frame.js'
import { HotBatch } from './hot-batch.js'
import type { HotLog } from './hot-log.js'
import { BlockPool, SegmentMemory } from './hot-memory.js'
import type { WriteOrder } from './hot-thread.js'
import type { EmbeddedOptions } from './options.js'
import { Segment } from './segment.js'
import type { Shape } from './shape.js'

/** While the disk is busy, a commit waits no longer than this for company: senders wait for it. Milliseconds. */
const MAX_GATHER_MS = 5

/** A segment that is written to, or whose last writes are under way. */
interface Writing {
  readonly segment: Segment
  /** Until the first batch is ordered, which makes the file. */
  unopened: WriteOrder['open']
  readonly openedMs: number
  lastWriteMs: number
  /** Bytes ordered, on disk or not. */
  orderedBytes: number
  /** Where the next batch lies in the file. */
  fileBytes: number
  /** Batches ordered that are not on disk yet. */
  pending: number
  closed: boolean
}

interface Gathered {
  readonly bytes: readonly Buffer[]
  readonly open: WriteOrder['open']
  readonly records: number
  readonly settle: (write: Promise<void>) => void
}

export class HotWriter {
  readonly #log: HotLog
  readonly #options: EmbeddedOptions
  readonly #blocks = new BlockPool()
  readonly #onClosed: (segment: Segment) => void
  /** In order; all but the last are closed. */
  #writing: Writing[] = []
  #nextSequence: number
  #gathered: Gathered[] = []
  #gatherTimer: NodeJS.Timeout | undefined
  #inFlight = 0
  #closed = false
  /** The last sequence that is on disk. */
  #newest: number
  #waitingForGrowth: (() => void)[] = []

  constructor(
    log: HotLog,
    nextSequence: number,
    options: EmbeddedOptions,
    onClosed: (segment: Segment) => void,
  ) {
    this.#log = log
    this.#options = options
    this.#nextSequence = nextSequence
    this.#newest = nextSequence - 1
    this.#onClosed = onClosed
  }

  /** The segments that the sealer has not got yet, with what is on disk of them. */
  get segments(): Segment[] {
    return this.#writing.map(({ segment }) => segment)
  }

  async append(batch: AppendBatch): Promise<Appended> {
    const { rejected = 0, idempotencyKey: key } = batch
    const nowMs = Date.now()
    const writing = this.#segmentFor(nowMs)
    const { segment } = writing
    // Before anything is counted: a batch too large to be printed must leave no gap in the segment.
    const { lines, records, content } = print(batch, segment)
    const sequence = this.#nextSequence
    this.#nextSequence += records
    const frame: Frame = {
      sequence,
      records,
      bytes: lines.length,
      arrived: new Date(nowMs).toISOString(),
      key,
      rejected: rejected > 0 ? rejected : undefined,
      shapes: 'shapes' in content ? shapesOf(content, segment) : undefined,
    }
    const printed = inMemory(printFrame(frame, lines), segment)
    const offset = writing.fileBytes
    writing.orderedBytes += lines.length + printed.length
    writing.fileBytes += lines.length + printed.length
    writing.pending++
    writing.lastWriteMs = nowMs
    const open = writing.unopened
    writing.unopened = undefined
    try {
      await this.#order([lines, printed], open, records)
      segment.add(new HotBatch(frame, lines, offset), printed.length, content)
      this.#newest = segment.lastSequence
    } catch (error) {
      // The file ends at its last good batch and is not written to any more.
      writing.closed = true
      segment.forgetIndex()
      throw error
    } finally {
      writing.pending--
      this.#handOver()
    }
    this.#grow()
    return { firstSequence: sequence, accepted: records, rejected, repeated: false }
  }

  /** Closes the open segment, if anything was written to it; resolves when all its writes are settled. */
  async closeSegment(): Promise<void> {
    const last = this.#writing.at(-1)
    if (!last) return
    last.closed = true
    this.#flush()
    while (this.#writing.includes(last) && last.pending > 0)
      await new Promise((resolve) => setTimeout(resolve, 1))
    this.#handOver()
  }

  /** Closes a segment that is old, or has had no input for a while. */
  async closeIfOld(nowMs: number): Promise<void> {
    const last = this.#writing.at(-1)
    if (!last || last.segment.batches.length === 0) return
    const { segmentAgeMs, segmentIdleMs } = this.#options
    if (nowMs - last.openedMs >= segmentAgeMs || nowMs - last.lastWriteMs >= segmentIdleMs)
      await this.closeSegment()
  }

  /** Resolves when a record behind the sequence is on disk, or the signal aborts; with false after `close`. */
  async grown(sequence: number, signal: AbortSignal | undefined): Promise<boolean> {
    while (!signal?.aborted && !this.#closed && this.#newest <= sequence) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        this.#waitingForGrowth.push(wake)
        signal?.addEventListener('abort', wake, { once: true })
      })
    }
    return !this.#closed || this.#newest > sequence
  }

  /** Writes what was ordered and ends; segments stay where they are. */
  async close(): Promise<void> {
    this.#flush()
    this.#blocks.clear()
    await this.#log.close()
    this.#closed = true
    this.#grow()
  }

  #grow(): void {
    for (const resolve of this.#waitingForGrowth.splice(0)) resolve()
  }

  #segmentFor(nowMs: number): Writing {
    const last = this.#writing.at(-1)
    if (last && !last.closed && last.orderedBytes < this.#options.segmentBytes) return last
    if (last) last.closed = true
    this.#handOver()
    const first = this.#nextSequence
    const path = segmentFile(this.#options.path, first)
    const header = printHeader(first, new Date(nowMs).toISOString())
    const writing = {
      segment: new Segment(path, first, true, new SegmentMemory(this.#blocks)),
      unopened: { path, header },
      fileBytes: header.length,
      openedMs: nowMs,
      lastWriteMs: nowMs,
      orderedBytes: 0,
      pending: 0,
      closed: false,
    }
    this.#writing.push(writing)
    return writing
  }

  /** Gives closed segments whose writes are settled to the sealer, in order. */
  #handOver(): void {
    while (this.#writing[0]?.closed && this.#writing[0].pending === 0) {
      const { segment } = this.#writing.shift() as Writing
      leaveTarget(segment)
      segment.index()
      if (segment.batches.length > 0) this.#onClosed(segment)
      else segment.release()
    }
  }

  /** At once when the disk is idle; else together with others, by the batch settings. */
  #order(bytes: readonly Buffer[], open: WriteOrder['open'], records: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#gathered.push({ bytes, open, records, settle: (write) => void write.then(resolve, reject) })
      const gathered = this.#gathered.reduce((sum, order) => sum + order.records, 0)
      if (this.#inFlight === 0 || gathered >= this.#options.batchRecords) this.#flush()
      else
        this.#gatherTimer ??= setTimeout(() => this.#flush(), Math.min(this.#options.flushMs, MAX_GATHER_MS))
    })
  }

  #flush(): void {
    clearTimeout(this.#gatherTimer)
    this.#gatherTimer = undefined
    for (const { bytes, open, settle } of this.#gathered.splice(0)) {
      const write = this.#log.write(bytes, open)
      this.#inFlight++
      settle(write)
      const landed = (): void => {
        this.#inFlight--
        if (this.#inFlight === 0) this.#flush()
      }
      write.then(landed, landed)
    }
  }
}

/** The lines of a batch, and what they hold. */
function print(
  batch: AppendBatch,
  segment: Segment,
): { lines: Buffer; records: number; content: Printed | readonly LogRecord[] } {
  const { scanned } = batch
  if (scanned) {
    const content = scanned.print(segment)
    return { lines: content.lines, records: scanned.count, content }
  }
  const { records } = batch
  let text = ''
  for (const record of records) text += segment.printLine(record)
  const lines = segment.allocate(Buffer.byteLength(text))
  lines.write(text)
  return { lines, records: records.length, content: records }
}

/** The same bytes, where the writing thread sees them as well. */
function inMemory(bytes: Buffer, segment: Segment): Buffer {
  const shared = segment.allocate(bytes.length)
  bytes.copy(shared)
  return shared
}

function shapesOf({ shapes }: Printed, segment: Segment): Frame['shapes'] {
  if (shapes.length === 0) return undefined
  return Object.fromEntries(shapes.map((number) => [number, segment.shapes.list[number] as Shape]))
}
