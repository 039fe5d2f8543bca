// Puts any number of records in order within bounded memory: what does not fit is written, sorted, to a file of its
// own that has no name, and merged from there. The file dies with the process.
import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail, messageOf } from '../../errors.js'
import { type StoredRecord, compareRecords } from '../../record/record.js'
import type { Timestamp } from '../../record/time.js'

export interface SortOptions {
  readonly direction: 'forward' | 'backward'
  /** Only so many are wanted; the others are dropped as soon as they are known. */
  readonly limit?: number | undefined
  /** What is held in memory, in UTF-16 units of the records' texts. */
  readonly memoryChars?: number
}

/** A record with the order in which it came, for records of one line share a sequence. */
interface Entry {
  readonly record: StoredRecord
  readonly came: number
}

interface Run {
  head: Entry | undefined
  /** Moves on to the next entry. */
  next(): Promise<void>
}

export interface Sorter {
  add(records: readonly StoredRecord[]): Promise<void>
  /** Texts in memory and in the file. */
  readonly heldChars: number
  /** How many are held; at most those that are wanted. */
  readonly count: number
  /**
   * Takes what stands before a moment (forward) or at and after it (backward), in pieces; everything without one.
   * What is added later must stand behind it.
   */
  take(border?: Timestamp): AsyncGenerator<readonly StoredRecord[]>
  close(): Promise<void>
}

const MEMORY_CHARS = 24 * 1024 * 1024
const PIECE_RECORDS = 1000
/** A record costs this much besides its texts. */
const RECORD_CHARS = 300
const WRITE_CHARS = 1024 * 1024
const READ_BYTES = 256 * 1024
const LF = 0x0a

export function createSorter(options: SortOptions): Sorter {
  return new RecordSorter(options)
}

class RecordSorter implements Sorter {
  readonly #options: SortOptions
  readonly #compare: (a: Entry, b: Entry) => number
  readonly #memoryChars: number
  #entries: Entry[] = []
  #chars = 0
  #writtenChars = 0
  #writtenRecords = 0
  #came = 0
  #runs: Run[] = []
  #file: FileHandle | undefined
  #fileBytes = 0

  constructor(options: SortOptions) {
    this.#options = options
    this.#memoryChars = options.memoryChars ?? MEMORY_CHARS
    const sign = options.direction === 'forward' ? 1 : -1
    this.#compare = (a, b) => sign * (compareRecords(a.record, b.record) || a.came - b.came)
  }

  get heldChars(): number {
    return this.#chars + this.#writtenChars
  }

  get count(): number {
    return Math.min(this.#entries.length + this.#writtenRecords, this.#limit)
  }

  get #limit(): number {
    return this.#options.limit ?? Number.POSITIVE_INFINITY
  }

  async add(records: readonly StoredRecord[]): Promise<void> {
    for (const record of records) {
      this.#entries.push({ record, came: this.#came++ })
      this.#chars += charsOf(record)
      if (this.#entries.length >= 2 * this.#limit + PIECE_RECORDS) this.#sortMemory()
      if (this.#chars >= this.#memoryChars) await this.#spill()
    }
  }

  async *take(border?: Timestamp): AsyncGenerator<readonly StoredRecord[]> {
    this.#sortMemory()
    const memory = memoryRun(this.#entries)
    const runs = [...this.#runs, memory]
    let piece: StoredRecord[] = []
    for (let run = this.#first(runs); run?.head; run = this.#first(runs)) {
      const { record } = run.head
      if (border !== undefined && !this.#isWithin(record, border)) break
      piece.push(record)
      if (run !== memory) this.#written(record)
      await run.next()
      if (piece.length < PIECE_RECORDS) continue
      yield piece
      piece = []
    }
    this.#entries = memory.left()
    this.#chars = this.#entries.reduce((sum, { record }) => sum + charsOf(record), 0)
    this.#runs = this.#runs.filter(({ head }) => head !== undefined)
    if (this.#runs.length === 0) await this.close()
    if (piece.length > 0) yield piece
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
    this.#fileBytes = 0
    this.#runs = []
  }

  #written(record: StoredRecord): void {
    this.#writtenChars -= charsOf(record)
    this.#writtenRecords--
  }

  #isWithin({ timestamp }: StoredRecord, border: Timestamp): boolean {
    return this.#options.direction === 'forward' ? timestamp < border : timestamp >= border
  }

  /** Few runs: looking at all of them costs less than keeping a heap. */
  #first(runs: readonly Run[]): Run | undefined {
    let best: Run | undefined
    for (const run of runs)
      if (run.head && (!best?.head || this.#compare(run.head, best.head) < 0)) best = run
    return best
  }

  #sortMemory(): void {
    this.#entries.sort(this.#compare)
    if (this.#entries.length <= this.#limit) return
    for (const { record } of this.#entries.splice(this.#limit)) this.#chars -= charsOf(record)
  }

  async #spill(): Promise<void> {
    this.#sortMemory()
    const start = this.#fileBytes
    try {
      this.#file ??= await openNameless()
      for (const text of textsOf(this.#entries)) {
        const { bytesWritten } = await this.#file.write(text, this.#fileBytes)
        this.#fileBytes += bytesWritten
      }
    } catch (error) {
      fail('QUERY_LIMIT', `sorting the answer needs more space in ${tmpdir()}: ${messageOf(error)}`, {
        hints: ['ask for less at a time, with --from and --to', 'name a larger folder in TMPDIR'],
        cause: error,
      })
    }
    const run = fileRun(this.#file, start, this.#fileBytes)
    await run.next()
    this.#runs.push(run)
    this.#writtenChars += this.#chars
    this.#writtenRecords += this.#entries.length
    this.#entries = []
    this.#chars = 0
  }
}

function charsOf({ line, fields }: StoredRecord): number {
  let chars = RECORD_CHARS + line.length
  for (const name in fields) {
    const value = fields[name]
    chars += name.length + (typeof value === 'string' ? value.length : 8)
  }
  return chars
}

async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `logctl-sort-${randomUUID()}`)
  const handle = await open(path, 'wx+', 0o600)
  await rm(path)
  return handle
}

function* textsOf(entries: readonly Entry[]): Generator<string> {
  let text = ''
  for (const { record, came } of entries) {
    text += `${JSON.stringify([came, record])}\n`
    if (text.length < WRITE_CHARS) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

function memoryRun(entries: readonly Entry[]): Run & { left(): Entry[] } {
  let at = 0
  return {
    head: entries[0],
    async next() {
      this.head = entries[++at]
    },
    left: () => entries.slice(at),
  }
}

function fileRun(file: FileHandle, start: number, end: number): Run {
  let buffered = Buffer.alloc(0)
  let readAt = start
  let position = 0
  const more = async (): Promise<boolean> => {
    const wanted = Math.min(READ_BYTES, end - readAt)
    if (wanted <= 0) return false
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, readAt)
    readAt += bytesRead
    buffered = Buffer.concat([buffered.subarray(position), buffer.subarray(0, bytesRead)])
    position = 0
    return bytesRead > 0
  }
  return {
    head: undefined,
    async next() {
      let lf = buffered.indexOf(LF, position)
      while (lf === -1 && (await more())) lf = buffered.indexOf(LF, position)
      if (lf === -1) return void (this.head = undefined)
      const [came, record] = JSON.parse(buffered.toString('utf8', position, lf)) as [number, StoredRecord]
      position = lf + 1
      this.head = { record, came }
    },
  }
}
