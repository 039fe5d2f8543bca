// A segment of the hot log as it is held in memory: its batches' bytes, its streams, and an index per day.
// The same is built batch by batch while a server writes, and at once from a file by readers and recovery.
import type { PrintTarget, Printed } from '../../decode/scanner/print-target.js'
import { type Labels, labelsKey } from '../../record/labels.js'
import type { LogRecord, StoredRecord } from '../../record/record.js'
import { type Day, dayOf } from '../../record/time.js'
import { DayIndex } from './day-index.js'
import type { HotBatch } from './hot-batch.js'
import type { SegmentMemory } from './hot-memory.js'
import { HotNeedles } from './hot-needles.js'
import { Shapes, lineOf } from './shape.js'

const NEWLINE = 10

/** A stream as a segment and a part know it: its place in the list is its number there. */
export interface Stream {
  readonly tenant: string
  readonly labels: Labels
}

/** A text that two streams share exactly when they are one; texts sort as streams do in a part. */
export function streamKey({ tenant, labels }: Stream): string {
  return `${tenant}\n${labelsKey(labels)}`
}

export class Segment implements PrintTarget {
  readonly batches: HotBatch[] = []
  readonly streams: Stream[] = []
  /** By day; empty until `index` where the segment was made without. */
  readonly days = new Map<Day, DayIndex>()
  /** Bytes of all batches with their frames. */
  bytes = 0
  /** Bytes of the longest record line; known once the segment is indexed. */
  longestLine = 0
  lastSequence: number
  newestArrival = ''
  /** Whether the file's lines name other stream numbers than `streamNumber` gives: it is a piece of a damaged one. */
  renumbered = false
  readonly shapes = new Shapes()
  /** By stream: the part of its record lines that is always the same. */
  readonly #printed: string[] = []
  readonly #numbers = new Map<string, number>()
  /** Days of which texts and words are known, but no batch is on disk. */
  readonly #coming = new Map<Day, DayIndex>()
  readonly #numbersByObject = new Map<string, WeakMap<Labels, number>>()

  constructor(
    readonly path: string,
    readonly firstSequence: number,
    /** Whether days are indexed as batches come in. */
    public indexed = true,
    /** Where the lines of its batches lie, when this process writes it. */
    readonly memory?: SegmentMemory,
  ) {
    this.lastSequence = firstSequence - 1
  }

  /** The number of a stream in this segment; new streams get the next one. */
  streamNumber(tenant: string, labels: Labels): number {
    let known = this.#numbersByObject.get(tenant)
    if (!known) this.#numbersByObject.set(tenant, (known = new WeakMap()))
    let number = known.get(labels)
    if (number !== undefined) return number
    const key = streamKey({ tenant, labels })
    number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.streams.push({ tenant, labels }) - 1
      this.#numbers.set(key, number)
    }
    known.set(labels, number)
    return number
  }

  /** The part of a stream's lines between timestamp and level. */
  lineStart(stream: number): string {
    const { tenant, labels } = this.streams[stream] as Stream
    return (this.#printed[stream] ??=
      `","stream":${stream},"tenant":${JSON.stringify(tenant)},"labels":${JSON.stringify(labels)},"level":"`)
  }

  /** A record's line in the hot log: its contract JSON with the numbers of its stream and shape in the segment. */
  printLine(record: LogRecord): string {
    const { timestamp, tenant, labels, level, line, fields } = record
    const start = this.lineStart(this.streamNumber(tenant, labels))
    const shape = this.shapeNumber(record)
    const shaped = shape === undefined ? '' : `,"shape":${shape}`
    return `{"timestamp":"${timestamp}${start}${level}"${shaped},"line":${JSON.stringify(line)},"fields":${JSON.stringify(fields)}}\n`
  }

  shapeNumber(record: LogRecord): number | undefined {
    return this.shapes.numberFor(record, record.line)
  }

  meetText(day: Day, field: string, text: string): boolean {
    return this.#comingDay(day).meetText(field, text)
  }

  takeWords(day: Day, hashes: Uint32Array): void {
    this.#comingDay(day).takeWords(hashes)
  }

  /** Memory for lines that are printed. */
  allocate(bytes: number): Buffer {
    return this.memory ? this.memory.allocate(bytes) : Buffer.allocUnsafeSlow(bytes)
  }

  /** Gives its memory back; whoever still reads the segment reads its file. */
  release(): void {
    if (!this.memory) return
    for (const batch of this.batches) batch.giveUpMemory(this.path)
    this.memory.release()
  }

  /** Takes in a batch that is on disk. `content` is what it holds, where the caller knows. */
  add(batch: HotBatch, frameBytes: number, content?: Iterable<LogRecord> | Printed): void {
    this.batches.push(batch)
    this.bytes += batch.frame.bytes + frameBytes
    this.lastSequence = batch.frame.sequence + batch.frame.records - 1
    if (batch.frame.arrived > this.newestArrival) this.newestArrival = batch.frame.arrived
    if (!this.indexed) return
    if (content && 'days' in content) this.#addPrinted(content)
    else this.#index(batch, content ?? this.#readBatch(batch))
  }

  /** Forgets what is known of days: a batch was counted that is not on disk. */
  forgetIndex(): void {
    this.indexed = false
    this.days.clear()
    this.#coming.clear()
  }

  /** Indexes a segment that was made without. */
  index(): void {
    if (this.indexed) return
    this.indexed = true
    for (const batch of this.batches) this.#index(batch, this.#readBatch(batch))
  }

  #addPrinted({ days, others, longestLine }: Printed): void {
    this.longestLine = Math.max(this.longestLine, longestLine)
    for (const day of days) this.#dayIndex(day.day).addPrinted(day, this.streams)
    for (const { record, printedBytes } of others)
      this.#dayIndex(dayOf(record.timestamp)).add(
        record,
        this.streamNumber(record.tenant, record.labels),
        printedBytes,
      )
  }

  *#readBatch(batch: HotBatch): Generator<LogRecord> {
    for (const [number, shape] of Object.entries(batch.frame.shapes ?? {}))
      if (!this.shapes.adopt(Number(number), shape)) this.renumbered = true
    for (const record of hotLinesOf(batch)) {
      const shape = this.shapeNumber(record)
      if (record.stream !== this.streamNumber(record.tenant, record.labels) || record.shape !== shape)
        this.renumbered = true
      yield record
    }
  }

  #index(batch: HotBatch, records: Iterable<LogRecord>): void {
    const { lines } = batch
    let start = 0
    for (const record of records) {
      const end = lines.indexOf(NEWLINE, start) + 1
      this.longestLine = Math.max(this.longestLine, end - start)
      this.#dayIndex(dayOf(record.timestamp)).add(
        record,
        this.streamNumber(record.tenant, record.labels),
        end - start,
      )
      start = end
    }
  }

  #dayIndex(day: Day): DayIndex {
    let index = this.days.get(day)
    if (!index) this.days.set(day, (index = this.#comingDay(day)))
    this.#coming.delete(day)
    return index
  }

  /** A day with no record is not shown to anybody. */
  #comingDay(day: Day): DayIndex {
    let index = this.days.get(day) ?? this.#coming.get(day)
    if (!index) this.#coming.set(day, (index = new DayIndex()))
    return index
  }
}

/** A line of the hot log. */
interface HotLine extends Omit<StoredRecord, 'line'> {
  /** The number of its stream in the segment that it was written to. */
  readonly stream: number
  /** The number of its line's shape there, where it has one. */
  readonly shape?: number
  /** Left out where its frame has the shape. */
  readonly line?: string
}

/** The records of a batch, with their sequences; lines that lack one of the needles are not even parsed. */
export function* recordsOf(batch: HotBatch, needles: readonly string[] = []): Generator<StoredRecord> {
  for (const { timestamp, tenant, labels, level, line, fields, sequence } of hotLinesOf(batch, needles))
    yield { timestamp, tenant, labels, level, line, fields, sequence }
}

/** Whoever takes the lines may let others run in between: memory that is given up meanwhile is read from the file. */
function* hotLinesOf(
  batch: HotBatch,
  texts: readonly string[] = [],
): Generator<HotLine & { readonly line: string }> {
  const { frame } = batch
  let { isShared, lines } = batch
  let needles = new HotNeedles(texts, lines, frame.shapes)
  let sequence = frame.sequence
  for (let start = 0; start < lines.length; sequence++) {
    if (isShared && !batch.isShared) {
      isShared = false
      lines = batch.lines
      needles = new HotNeedles(texts, lines, frame.shapes)
    }
    const end = lines.indexOf(NEWLINE, start)
    if (needles.mayBeBetween(start, end)) {
      const read = JSON.parse(lines.toString('utf8', start, end)) as Omit<HotLine, 'sequence'>
      const line = read.line ?? lineOf(frame.shapes?.[read.shape ?? ''] ?? [], read)
      yield { ...read, line, sequence }
    }
    start = end + 1
  }
}
