// Scans days of files: reads them one after another, keeps what matches, and gives it in order.
//
// A file is nearly in the order of time and never quite: senders that were cut off deliver hours late. So what matches
// is sorted, on disk where it is much (`sorter.ts`), and given out when everything is read; or, once much is held, as
// soon as no file that is still to be read may hold an earlier record.
//
// Which that is follows from the name: a file is taken to hold its day, and a day more on each side, since Vector
// names files by local days. A record further from its file's name is found and put in its place as long as nothing
// behind that place was given out; after that it is an error that says so, never a wrong order. Where a stretch of
// time is asked for, or the newest few, files whose days cannot touch it are not opened.
import { fail } from '../../errors.js'
import { compileConditions, tenantsAllow } from '../../record/condition.js'
import { type StoredRecord, compareRecords, withSortedFields } from '../../record/record.js'
import type { ScanOptions } from '../../record/scanner.js'
import type { ScanRequest } from '../../record/scan-request.js'
import { addDays, startOfDay, type Timestamp, timestampOfMs } from '../../record/time.js'
import type { CountedFile, FileDay } from './day-files.js'
import { compressionOf, openPlainly } from './content.js'
import { type ReadingRules, lineDecoder, readRecords } from './file-reader.js'
import { rawNeedle } from './raw-needles.js'
import { rawBounds } from './raw-time.js'
import { createSorter, type Sorter } from './sorter.js'

/** With less than this held, nothing is given out before everything is read. UTF-16 units. */
const PATIENT_CHARS = 24 * 1024 * 1024
/** What is looked at of a file's end. */
const SAMPLE_BYTES = 1024 * 1024
const LF = 0x0a
/** What a sender's clock may be ahead of the clock by which files are stamped. */
const AHEAD_MS = 3_600_000

export async function* scanDays(
  days: readonly FileDay[],
  rules: ReadingRules,
  request: ScanRequest,
  options: ScanOptions = {},
): AsyncGenerator<readonly StoredRecord[]> {
  const { direction, limit } = request
  const wants = wanted(request)
  options.signal?.throwIfAborted()
  if (limit === 0) return
  const needle = rawNeedle(request.where)
  const asked = days.filter((day) => touches(day, request))
  const ordered = direction === 'forward' ? asked : asked.toReversed()
  const sorter = createSorter({ direction, limit })
  const giving = new Giving(sorter, request)
  try {
    for (const [at, day] of ordered.entries()) {
      for (const message of day.warnings) options.warn?.(message)
      for (const file of day.files) {
        if (!fileTouches(file, request)) continue
        const least = await newestFew(file, { rules, request, wants })
        const reading = {
          needle,
          bounds: rawBounds(least ?? request.from, request.to),
          signal: options.signal,
          warn: warnOf(options),
          growing: isNewest(file, days),
        }
        for await (const records of readRecords(file, rules, reading))
          await sorter.add(giving.checked(records.filter(wants).map(withSortedFields), file))
      }
      const border = borderOf(ordered.slice(at + 1), direction)
      if (border === undefined) break
      yield* giving.before(border, options.signal)
      if (giving.isDone) break
    }
    yield* giving.rest(options.signal)
  } finally {
    await sorter.close()
  }
}

/** What matches, in the order of the files: for answers that no order changes. */
export async function* matchingRecords(
  days: readonly FileDay[],
  rules: ReadingRules,
  request: ScanRequest,
  options: ScanOptions = {},
): AsyncGenerator<readonly StoredRecord[]> {
  const wants = wanted(request)
  const needle = rawNeedle(request.where)
  const bounds = rawBounds(request.from, request.to)
  for (const day of days) {
    if (!touches(day, request)) continue
    for (const message of day.warnings) options.warn?.(message)
    for (const file of day.files) {
      if (!fileTouches(file, request)) continue
      const growing = isNewest(file, days)
      const reading = { needle, bounds, signal: options.signal, warn: warnOf(options), growing }
      for await (const records of readRecords(file, rules, reading)) yield records.filter(wants)
    }
  }
}

interface Sampling {
  readonly rules: ReadingRules
  readonly request: ScanRequest
  readonly wants: (record: StoredRecord) => boolean
}

/**
 * Where the newest few are wanted, the end of a large file mostly has enough of them, and what is older than those
 * need not be parsed. Undefined where it does not.
 */
async function newestFew(
  file: CountedFile,
  { rules, request, wants }: Sampling,
): Promise<Timestamp | undefined> {
  const { direction, limit, sequenceAbove, sequenceUpTo } = request
  if (direction === 'forward' || limit === undefined || sequenceAbove !== undefined) return undefined
  if (sequenceUpTo !== undefined || file.packed || file.size < 4 * SAMPLE_BYTES) return undefined
  const found: StoredRecord[] = []
  for (const record of await readSample(file, rules)) if (wants(record)) found.push(record)
  return found.sort((a, b) => compareRecords(b, a))[limit - 1]?.timestamp
}

/** The records of the last whole lines. */
async function readSample(file: CountedFile, rules: ReadingRules): Promise<readonly StoredRecord[]> {
  const handle = await openPlainly(file.path).catch(() => undefined)
  if (!handle) return []
  try {
    if ((await compressionOf(handle)) !== 'none') return []
    const { buffer } = await handle.read(
      Buffer.alloc(SAMPLE_BYTES),
      0,
      SAMPLE_BYTES,
      file.size - SAMPLE_BYTES,
    )
    const bytes = buffer.subarray(buffer.indexOf(LF) + 1, buffer.lastIndexOf(LF) + 1)
    return lineDecoder(file, rules).decode({ bytes, firstLine: 2, lines: 0, open: false })
  } finally {
    await handle.close()
  }
}

function warnOf({ warn }: ScanOptions): (message: string) => void {
  return (message) => warn?.(message)
}

/** What is half-written belongs to the file that is being written. */
export function isNewest(file: CountedFile, days: readonly FileDay[]): boolean {
  return days.at(-1)?.files.at(-1) === file
}

function wanted(request: ScanRequest): (record: StoredRecord) => boolean {
  const judge = compileConditions(request.where)
  const { from, to, sequenceAbove = 0, sequenceUpTo = Infinity, tenants } = request
  return (record) =>
    (from === undefined || record.timestamp >= from) &&
    (to === undefined || record.timestamp < to) &&
    record.sequence > sequenceAbove &&
    record.sequence <= sequenceUpTo &&
    tenantsAllow(tenants, record) &&
    judge(record)
}

/** The first moment that a day's files are taken to hold, and the one behind the last. */
function windowOf({ day }: Pick<FileDay, 'day'>): { readonly start: Timestamp; readonly end: Timestamp } {
  return { start: startOfDay(addDays(day, -1)), end: startOfDay(addDays(day, 2)) }
}

export function touches(day: Pick<FileDay, 'day'>, { from, to }: Pick<ScanRequest, 'from' | 'to'>): boolean {
  const { start, end } = windowOf(day)
  return (from === undefined || from < end) && (to === undefined || to > start)
}

function fileTouches(file: CountedFile, { from }: ScanRequest): boolean {
  return from === undefined || endOf(file) >= from
}

/** A file holds nothing much later than its last change, unless it is stamped oddly. */
function endOf({ day, mtimeMs }: CountedFile): Timestamp {
  const { end } = windowOf({ day })
  if (mtimeMs < Date.parse(day)) return end
  const changed = timestampOfMs(Math.trunc(mtimeMs) + AHEAD_MS)
  return changed < end ? changed : end
}

/** Nothing of the days that are still to be read stands before (forward), or at or after it (backward). */
function borderOf(left: readonly FileDay[], direction: ScanRequest['direction']): Timestamp | undefined {
  const [next] = left
  if (next === undefined) return undefined
  if (direction === 'forward') return windowOf(next).start
  return left
    .flatMap(({ files }) => files.map(endOf))
    .reduce((a, b) => (a > b ? a : b), windowOf(left.at(-1) as FileDay).start)
}

/** What has been given out, so that nothing is given that stands before it. */
class Giving {
  readonly #sorter: Sorter
  readonly #request: ScanRequest
  #given = 0
  #border: Timestamp | undefined

  constructor(sorter: Sorter, request: ScanRequest) {
    this.#sorter = sorter
    this.#request = request
  }

  get #left(): number {
    return (this.#request.limit ?? Number.POSITIVE_INFINITY) - this.#given
  }

  /** Throws QUERY_LIMIT for a record whose place has been passed. */
  checked(records: readonly StoredRecord[], { name, base }: CountedFile): readonly StoredRecord[] {
    const border = this.#border
    if (border === undefined) return records
    const isForward = this.#request.direction === 'forward'
    const late = records.find(({ timestamp }) => (isForward ? timestamp < border : timestamp >= border))
    if (late)
      fail(
        'QUERY_LIMIT',
        `line ${late.sequence - base} of ${name} is of ${late.timestamp}, more than a day from the file's own: the answer is too large to put it in its place`,
        { hints: ['ask for less at a time, with --from and --to or a narrower search'] },
      )
    return records
  }

  /** Gives what is certain, once much is held or enough of it is there. */
  async *before(border: Timestamp, signal?: AbortSignal): AsyncGenerator<readonly StoredRecord[]> {
    const isMuch = this.#sorter.heldChars >= PATIENT_CHARS
    if (!isMuch && this.#sorter.count < this.#left) return
    this.#border = border
    yield* this.#counted(this.#sorter.take(border), signal)
  }

  async *rest(signal?: AbortSignal): AsyncGenerator<readonly StoredRecord[]> {
    yield* this.#counted(this.#sorter.take(), signal)
  }

  /** Everything that was wanted has been given. */
  get isDone(): boolean {
    return this.#left <= 0
  }

  async *#counted(
    pieces: AsyncIterable<readonly StoredRecord[]>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly StoredRecord[]> {
    if (this.#left <= 0) return
    for await (const piece of pieces) {
      const some = piece.length > this.#left ? piece.slice(0, this.#left) : piece
      this.#given += some.length
      yield some
      signal?.throwIfAborted()
      if (this.#left <= 0) return
    }
  }
}
