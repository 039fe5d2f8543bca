// Follows a folder of daily files: every line once, in the order in which it was written, through whatever happens to
// files that are written to. A file is known by its inode, so a rotation by renaming changes nothing of what was read
// of it, and what its writer still adds there is read as well; a file that became shorter was copied and truncated,
// and begins again; a new day's file is a new file. Only plain files grow; what appears compressed or with a number
// of rotation is a copy of what was read already. A line is read when its end is there.
import { watch } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { compileConditions, tenantsAllow } from '../../record/condition.js'
import { type StoredRecord, withSortedFields } from '../../record/record.js'
import type { FollowRequest, ScanOptions } from '../../record/scanner.js'
import { bytesOf, openPlainly } from './content.js'
import { type DayFile, type DayFolder, listFolder } from './day-file.js'
import { type CountedFile, type FileDay, MOST_LINES, baseOf, daysIn } from './day-files.js'
import { type LineDecoder, type ReadingRules, lineDecoder } from './file-reader.js'
import { countLines, lineBlocks } from './line-blocks.js'

/** How often it is looked where the system gives no notice of changes. Milliseconds. */
const POLL_MS = 200
const READ_BYTES = 256 * 1024
const LF = 0x0a

interface Followed {
  /** The name that it had when it was read last, for messages. */
  name: string
  readonly day: FileDay['day']
  readonly decoder: LineDecoder
  readonly handle: FileHandle
  /** Bytes that were read, to the end of a line. */
  offset: number
  /** Lines that were read. */
  line: number
  /** The rest of the line at hand belongs to what was given already. */
  midLine: boolean
  refused: string | undefined
}

export interface FollowStart {
  readonly folder: string
  readonly rules: ReadingRules
  /** The folder as it was when `sequenceAbove` was the newest; undefined when that is not known. */
  readonly seen?: { readonly listing: DayFolder; readonly open: boolean } | undefined
}

export async function* followFolder(
  start: FollowStart,
  request: FollowRequest,
  options: ScanOptions = {},
): AsyncGenerator<readonly StoredRecord[]> {
  const judge = compileConditions(request.where)
  const wants = (record: StoredRecord): boolean => tenantsAllow(request.tenants, record) && judge(record)
  const follower = new FolderFollower(start, options)
  try {
    await follower.begin(request.sequenceAbove)
    while (!options.signal?.aborted) {
      for await (const records of follower.read()) {
        const found = records.filter(wants).map(withSortedFields)
        if (found.length > 0) yield found
        if (options.signal?.aborted) return
      }
      await changed(start.folder, options.signal)
    }
  } finally {
    await follower.close()
  }
}

class FolderFollower {
  readonly #start: FollowStart
  readonly #warn: (message: string) => void
  /** By inode. */
  readonly #followed = new Map<string, Followed>()
  /** Inodes whose content, up to this size, was read by others or is not wanted. */
  readonly #passed = new Map<string, number>()
  /** The next free place among the files of a day. */
  readonly #places = new Map<string, number>()

  constructor(start: FollowStart, { warn }: ScanOptions) {
    this.#start = start
    this.#warn = (message) => warn?.(message)
  }

  /** Takes the files of before as read up to the sequence. */
  async begin(sequenceAbove: number): Promise<void> {
    const { folder, seen } = this.#start
    const listing = seen?.listing ?? listFolder(folder)
    for (const day of daysIn(listing)) {
      for (const file of day.files) await this.#beginFile(file, sequenceAbove)
      this.#places.set(day.day, day.files.length)
    }
    for (const file of listing.files)
      if (!this.#followed.has(file.inode) && !this.#passed.has(file.inode))
        this.#passed.set(file.inode, file.size)
  }

  async #beginFile(file: CountedFile, above: number): Promise<void> {
    const read = above - file.base
    if (read >= MOST_LINES || file.packed) return void this.#passed.set(file.inode, file.size)
    const followed = await this.#open(file, file.base)
    if (!followed || read <= 0) return
    await skipLines(followed, { lines: read, size: file.size })
    followed.midLine = this.#start.seen?.open === true
  }

  async #open(file: DayFile, base: number): Promise<Followed | undefined> {
    const handle = await openPlainly(file.path).catch(() => undefined)
    if (!handle) return undefined
    const decoder = lineDecoder({ day: file.day, base }, this.#start.rules)
    const { name, day } = file
    const followed = { name, day, decoder, handle, offset: 0, line: 0, midLine: false, refused: undefined }
    this.#followed.set(file.inode, followed)
    return followed
  }

  /** Everything that has been written since. */
  async *read(): AsyncGenerator<readonly StoredRecord[]> {
    const { files } = listFolder(this.#start.folder)
    const there = new Map(files.filter(({ errors }) => !errors).map((file) => [file.inode, file]))
    for (const [inode, followed] of this.#followed) {
      const file = there.get(inode)
      if (file) followed.name = file.name
      yield* this.#readOn(inode, followed)
      // Its name is gone, and so is its writer, or it would still be there as a rotated file.
      if (!file) await this.#forget(inode, followed)
    }
    for (const [inode, file] of there) if (!this.#followed.has(inode)) yield* this.#meet(file)
    for (const inode of this.#passed.keys()) if (!there.has(inode)) this.#passed.delete(inode)
  }

  async *#meet(file: DayFile): AsyncGenerator<readonly StoredRecord[]> {
    const passed = this.#passed.get(file.inode)
    if (passed === undefined) {
      // A copy that a rotation made, or a compressed form.
      if (file.packed || file.rotation > 0) return void this.#passed.set(file.inode, file.size)
    } else if (file.packed || file.size === passed) return
    this.#passed.delete(file.inode)
    const followed = await this.#open(file, this.#nextBase(file.day))
    if (!followed) return
    if (passed !== undefined && file.size > passed) await skipTo(followed, passed)
    yield* this.#readOn(file.inode, followed)
  }

  #nextBase(day: FileDay['day']): number {
    const place = this.#places.get(day) ?? 0
    this.#places.set(day, place + 1)
    return baseOf(day, place)
  }

  async *#readOn(inode: string, followed: Followed): AsyncGenerator<readonly StoredRecord[]> {
    const { size } = await followed.handle.stat()
    if (size < followed.offset) yield* this.#again(inode, followed)
    if (size <= followed.offset) return
    const from = followed.offset
    const content = bytesOf(followed.handle, READ_BYTES, size, from)
    const tooLong = (): void => followed.decoder.tooLong(followed.line + 1)
    const firstLine = followed.line
    for await (const block of lineBlocks(content, this.#start.rules.lineBytes, tooLong)) {
      if (block.open) break
      const skip = followed.midLine ? block.bytes.indexOf(LF) + 1 : 0
      followed.offset += block.bytes.length
      followed.line = firstLine + block.firstLine + block.lines - 1 - (followed.midLine ? 1 : 0)
      const bytes = block.bytes.subarray(skip)
      const own = { ...block, bytes, firstLine: firstLine + block.firstLine }
      followed.midLine = false
      const records = bytes.length > 0 ? followed.decoder.decode(own) : []
      if (records.length > 0) yield records
    }
    this.#tellRefused(followed)
  }

  /** Copied and truncated: what comes now is a file of its own. */
  async *#again(inode: string, followed: Followed): AsyncGenerator<readonly StoredRecord[]> {
    await this.#forget(inode, followed)
    const file = listFolder(this.#start.folder).files.find((one) => one.inode === inode)
    const begun = file && (await this.#open(file, this.#nextBase(file.day)))
    if (begun) yield* this.#readOn(inode, begun)
  }

  #tellRefused(followed: Followed): void {
    const refused = followed.decoder.refused()
    if (refused !== undefined && refused !== followed.refused) this.#warn(`${followed.name}: ${refused}`)
    followed.refused = refused
  }

  async #forget(inode: string, { handle }: Followed): Promise<void> {
    this.#followed.delete(inode)
    await handle.close()
  }

  async close(): Promise<void> {
    for (const [inode, followed] of this.#followed) await this.#forget(inode, followed)
  }
}

/** Takes so many lines as read. */
async function skipLines(
  followed: Followed,
  { lines, size }: { readonly lines: number; readonly size: number },
): Promise<void> {
  for await (const piece of bytesOf(followed.handle, READ_BYTES, size)) {
    let at = 0
    while (followed.line < lines) {
      const lf = piece.indexOf(LF, at)
      if (lf === -1) break
      at = lf + 1
      followed.line++
    }
    if (followed.line >= lines) return void (followed.offset += at)
    followed.offset += piece.length
  }
  // The last of them has no end yet.
  followed.line = lines
}

/** Takes the bytes before an offset as read. */
async function skipTo(followed: Followed, offset: number): Promise<void> {
  for await (const piece of bytesOf(followed.handle, READ_BYTES, offset)) {
    followed.line += countLines(piece)
    followed.offset += piece.length
    followed.midLine = piece.at(-1) !== LF
  }
  if (followed.midLine) followed.line++
}

/** Resolves at a change in the folder, after a while, or when the signal aborts. */
async function changed(folder: string, signal: AbortSignal | undefined): Promise<void> {
  const noticed = new AbortController()
  const done = (): void => noticed.abort()
  signal?.addEventListener('abort', done, { once: true })
  let watcher: ReturnType<typeof watch> | undefined
  try {
    watcher = watch(folder, done)
    watcher.on('error', done)
  } catch {
    watcher = undefined
  }
  await sleep(POLL_MS, undefined, { signal: noticed.signal }).catch(() => undefined)
  signal?.removeEventListener('abort', done)
  watcher?.close()
}
