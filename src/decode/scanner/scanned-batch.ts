// The events of one request as scanned bytes: a store that keeps JSON lines has them printed, everybody else gets
// records. What the scanner did not take was decoded by JavaScript and stands in its place among the lines.
import type { Labels } from '../../record/labels.js'
import type { LogRecord } from '../../record/record.js'
import { type Day, dayOfNumber } from '../../record/time.js'
import type { DecodeContext } from '../decoded.js'
import { decodeJsonEvents } from '../formats/json-events.js'
import type { OtherRecord, PrintTarget, Printed } from './print-target.js'
import { readTally } from './printed-tally.js'
import type { Scanner } from './scanner.js'

/** A stretch of a body that was scanned at once. */
export interface ScannedPiece {
  readonly from: number
  readonly to: number
  /** `Scanner.piece` when it was scanned. */
  readonly number: number
  /** By line of the piece: what JavaScript made of lines that the scanner did not take. */
  readonly others: ReadonlyMap<number, readonly LogRecord[]>
}

/** A stream with the day of some of its records. */
export interface StreamDay {
  readonly tenant: string
  readonly labels: Labels
  readonly day: Day
}

export interface ScannedContent {
  readonly body: Buffer
  readonly context: DecodeContext
  readonly pieces: readonly ScannedPiece[]
  readonly count: number
  readonly streamDays: readonly StreamDay[]
}

// As in `kernel/print.ts`.
const FOR_JAVASCRIPT = 1
const FULL = 2
const OUTPUT_BYTES = 0x800000

export class ScannedBatch {
  readonly #scanner: Scanner
  readonly #content: ScannedContent
  #records: readonly LogRecord[] | undefined

  constructor(scanner: Scanner, content: ScannedContent) {
    this.#scanner = scanner
    this.#content = content
  }

  /** How many records there are. */
  get count(): number {
    return this.#content.count
  }

  /** Each stream once a day. */
  get streamDays(): readonly StreamDay[] {
    return this.#content.streamDays
  }

  /** The records as objects, made when they are asked for. */
  get records(): readonly LogRecord[] {
    return (this.#records ??= decodeJsonEvents(this.#content.body, this.#content.context).records)
  }

  /** Prints the lines for a target. Until `Scanner.leave` the target is told what is new to it. */
  print(target: PrintTarget): Printed {
    const scanner = this.#scanner
    const { kernel } = scanner
    scanner.printFor(target)
    kernel.openTally()
    const output = new Output(scanner)
    for (const piece of this.#content.pieces) this.#printPiece(piece, target, output)
    const { longestLine, ...tally } = readTally(scanner)
    return {
      ...tally,
      lines: output.take(target),
      others: output.others,
      longestLine: output.others.reduce(
        (most, { printedBytes }) => Math.max(most, printedBytes),
        longestLine,
      ),
    }
  }

  #printPiece(piece: ScannedPiece, target: PrintTarget, output: Output): void {
    const scanner = this.#scanner
    const { body, context } = this.#content
    let before = 0
    for (let at = piece.from; at < piece.to;) {
      // Another piece was scanned since: this one is read again, perhaps in several steps.
      const isThere = at === piece.from && piece.number === scanner.piece
      const next = isThere ? piece.to : scanner.scan(body.subarray(0, piece.to), at, context)
      const count = scanner.kernel.variables.lineCount.value
      for (const line of piece.others.keys())
        if (line >= before && line < before + count) scanner.leaveToJavaScript(line - before)
      output.print(count, target, (line) => piece.others.get(before + line) ?? scanner.recordsAt(line))
      before += count
      at = next
    }
  }
}

/** What is printed, taken out of the scanner's memory whenever its output is full. */
class Output {
  readonly others: OtherRecord[] = []
  readonly #scanner: Scanner
  readonly #chunks: Buffer[] = []

  constructor(scanner: Scanner) {
    this.#scanner = scanner
    scanner.kernel.printAt(scanner.kernel.places.OUTPUT)
  }

  print(count: number, target: PrintTarget, recordsOf: (line: number) => readonly LogRecord[]): void {
    const { kernel } = this.#scanner
    for (let line = kernel.print(0, count); line < count; line = kernel.print(line, count)) {
      const stopped = kernel.variables.stopped.value
      if (stopped === FULL) this.#drain()
      if (stopped !== FOR_JAVASCRIPT) continue
      for (const record of recordsOf(line)) this.#add(record, target)
      line++
    }
  }

  /** All that was printed. */
  take(target: PrintTarget): Buffer {
    const { kernel } = this.#scanner
    const last = kernel.bytes.subarray(kernel.places.OUTPUT, kernel.variables.output.value)
    const size = this.#chunks.reduce((sum, chunk) => sum + chunk.length, last.length)
    const lines = target.allocate(size)
    let at = 0
    for (const chunk of [...this.#chunks, last]) at += chunk.copy(lines, at)
    return lines
  }

  #add(record: LogRecord, target: PrintTarget): void {
    const { kernel } = this.#scanner
    const line = Buffer.from(target.printLine(record))
    this.others.push({ record, printedBytes: line.length })
    const { OUTPUT } = kernel.places
    if (kernel.variables.output.value + line.length > OUTPUT + OUTPUT_BYTES) this.#drain()
    if (line.length > OUTPUT_BYTES) {
      this.#chunks.push(line)
      return
    }
    const at = kernel.variables.output.value
    line.copy(kernel.bytes, at)
    kernel.printAt(at + line.length)
  }

  #drain(): void {
    const { kernel } = this.#scanner
    const { OUTPUT } = kernel.places
    this.#chunks.push(Buffer.from(kernel.bytes.subarray(OUTPUT, kernel.variables.output.value)))
    kernel.printAt(OUTPUT)
  }
}

/** The streams of the scanned lines by day, each once. */
export function collectStreamDays(scanner: Scanner, found: Map<number, StreamDay>): void {
  const { words32, places, variables } = scanner.kernel
  let last = Number.NaN
  let name = '' as Day
  for (let line = 0; line < variables.lineCount.value; line++) {
    if (!scanner.isTaken(line)) continue
    const at = places.LINES / 4 + line * 16
    const group = words32[at + 6] as number
    const day = (words32[at + 11] as number) | 0
    const key = day * 0x10000 + group
    if (found.has(key)) continue
    if (day !== last) name = dayOfNumber(day)
    last = day
    const { tenant, labels } = scanner.group(group)
    found.set(key, { tenant, labels, day: name })
  }
}
