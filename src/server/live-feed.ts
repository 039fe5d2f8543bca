// What live tails that ask for the same share: records are read and printed once, by whoever asks for more first, and
// kept until the last has taken them. Nobody waits for a slow tail, and one that does not read costs nothing.
import type { StoredRecord } from '../record/record.js'
import type { FollowRequest, Scanner } from '../record/scanner.js'

/** What is printed at a time, about. Bytes. */
const PIECE_BYTES = 64 * 1024
/** A tail that is further behind than this has lost its place. Bytes. */
const KEPT_BYTES = 2 * 1024 * 1024

/** Some printed records, and where each of them ends. */
interface Piece {
  readonly bytes: Buffer
  readonly sequences: readonly number[]
  readonly ends: readonly number[]
}

/** `bytes` go to the client; `behind`: what comes next is not kept any more; `end`: nothing comes any more. */
export type Taken = { readonly bytes: Buffer } | 'behind' | 'end'

export class LiveFeed {
  /** The sequence up to which records have been read. */
  position: number
  /** The sequence up to which pieces are not kept any more. */
  #forgotten: number
  #bytes = 0
  readonly #pieces: Piece[] = []
  readonly #readers = new Map<object, number>()
  readonly #waiting = new Set<() => void>()
  readonly #stop = new AbortController()
  readonly #source: AsyncIterator<readonly StoredRecord[]>
  /** Records that are read, but not printed. */
  #records: readonly StoredRecord[] = []
  #at = 0
  #reading = false
  #ended = false
  #failure: unknown

  constructor(
    scanner: Scanner,
    request: FollowRequest,
    readonly print: (record: StoredRecord) => string,
  ) {
    this.position = this.#forgotten = request.sequenceAbove
    this.#source = scanner.follow(request, { signal: this.#stop.signal })[Symbol.asyncIterator]()
  }

  /** Whether a reader can go on behind this sequence. */
  holds(sequence: number): boolean {
    return sequence >= this.#forgotten && !this.#ended && this.#failure === undefined
  }

  join(reader: object, sequence: number): void {
    this.#readers.set(reader, sequence)
  }

  /** True when it was the last: the feed ends. */
  leave(reader: object): boolean {
    this.#readers.delete(reader)
    this.#forgetTaken()
    if (this.#readers.size > 0) return false
    this.#ended = true
    this.#stop.abort()
    return true
  }

  /** Waits for the next records behind the reader's place. Throws what reading throws. */
  async take(reader: object, signal: AbortSignal): Promise<Taken> {
    const above = this.#readers.get(reader) ?? 0
    for (;;) {
      if (above < this.#forgotten) return 'behind'
      const piece = this.#pieces.find(({ sequences }) => (sequences.at(-1) ?? 0) > above)
      if (piece) {
        this.#readers.set(reader, piece.sequences.at(-1) ?? above)
        this.#forgetTaken()
        return { bytes: partAbove(piece, above) }
      }
      if (this.#failure !== undefined) throw this.#failure
      if (signal.aborted || this.#ended) return 'end'
      await this.#grown(signal)
    }
  }

  /** The last sequence that a reader has taken. */
  placeOf(reader: object): number {
    return this.#readers.get(reader) ?? 0
  }

  #grown(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
      if (!this.#reading) void this.#read()
    })
  }

  async #read(): Promise<void> {
    this.#reading = true
    try {
      if (this.#at === this.#records.length) {
        const { done, value } = await this.#source.next()
        this.#records = done ? [] : value
        this.#at = 0
        if (done) this.#ended = true
      }
      this.#printSome()
    } catch (error) {
      this.#failure = error
    } finally {
      this.#reading = false
      for (const done of this.#waiting) done()
    }
  }

  #printSome(): void {
    if (this.#at === this.#records.length) return
    let text = ''
    const sequences: number[] = []
    const lengths: number[] = []
    while (this.#at < this.#records.length && text.length < PIECE_BYTES) {
      const record = this.#records[this.#at++] as StoredRecord
      const printed = this.print(record)
      text += printed
      sequences.push(record.sequence)
      lengths.push(Buffer.byteLength(printed))
    }
    if (this.#at === this.#records.length) this.#records = []
    this.#at = this.#records.length === 0 ? 0 : this.#at
    let end = 0
    const ends = lengths.map((length) => (end += length))
    this.position = sequences.at(-1) ?? this.position
    this.#keep({ bytes: Buffer.from(text), sequences, ends })
  }

  #keep(piece: Piece): void {
    this.#pieces.push(piece)
    this.#bytes += piece.bytes.length
    while (this.#bytes > KEPT_BYTES && this.#pieces.length > 1) this.#forgetFirst()
  }

  #forgetTaken(): void {
    const slowest = Math.min(...this.#readers.values())
    for (let first = this.#pieces[0]; first; first = this.#pieces[0]) {
      if ((first.sequences.at(-1) ?? 0) > slowest) break
      this.#forgetFirst()
    }
  }

  #forgetFirst(): void {
    const piece = this.#pieces.shift()
    if (!piece) return
    this.#bytes -= piece.bytes.length
    this.#forgotten = piece.sequences.at(-1) ?? this.#forgotten
  }
}

/** What of a piece has a higher sequence. */
function partAbove({ bytes, sequences, ends }: Piece, above: number): Buffer {
  const first = sequences.findIndex((sequence) => sequence > above)
  return first <= 0 ? bytes : bytes.subarray(ends[first - 1])
}
