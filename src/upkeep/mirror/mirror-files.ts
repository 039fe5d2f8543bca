// The daily files of the mirror: appends lines, closes days, removes them. A line goes to the day's plain file; where
// the day is closed, to its gzip file as one member more, so that a day never lies there in two forms at once.
// Every change is prepared in the position first, and counts when the position says so (see position.ts).
import { constants, createReadStream, createWriteStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat, truncate } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGzip, gzip } from 'node:zlib'
import { errnoOf, fail } from '../../errors.js'
import { type LogRecord, type StoredRecord, isError } from '../../record/record.js'
import { addDays, type Day, dayOf } from '../../record/time.js'
import { dayPath } from './day-path.js'
import { type MirroredFile, type Position, readPosition, syncFolder, writePosition } from './position.js'

export interface MirrorPaths {
  /** For every record: a pattern with `%Y`, `%m` and `%d`. */
  readonly path?: string | undefined
  /** For errors. */
  readonly errors?: string | undefined
}

/** A day is closed this long after its midnight, when nothing was written to it for a while. Milliseconds. */
const CLOSED_AFTER_MS = 3_600_000
const QUIET_MS = 60_000
const FILE_MODE = 0o640
const FOLDER_MODE = 0o750
const NO_FILES: Position['files'] = {}

const gzipped = promisify(gzip)

export class MirrorFiles {
  readonly #paths: MirrorPaths
  readonly #positionPath: string
  readonly #textOf: (record: LogRecord) => string
  #position: Position = { format: 1, through: 0, files: {} }
  /** Beyond the position: what was appended since it was written. */
  #through = 0
  readonly #written = new Map<string, MirroredFile>()

  constructor(paths: MirrorPaths, positionPath: string, textOf: (record: LogRecord) => string) {
    this.#paths = paths
    this.#positionPath = positionPath
    this.#textOf = textOf
  }

  /** The sequence up to which records have been appended. */
  get through(): number {
    return this.#through
  }

  /** Goes back to the last position. Where there is none it begins behind `newest`. */
  async recover(newest: number): Promise<void> {
    const known = await readPosition(this.#positionPath)
    this.#position = known ?? { format: 1, through: newest, files: {} }
    const files: Record<string, MirroredFile> = {}
    if (this.#position.closing !== undefined) await finishClosing(this.#position.closing)
    for (const [path, file] of Object.entries(this.#position.files)) {
      const size = await sizeOf(path)
      if (size === undefined) continue
      if (size > file.bytes) await truncate(path, file.bytes)
      files[path] = { ...file, bytes: Math.min(size, file.bytes) }
    }
    this.#written.clear()
    this.#through = this.#position.through
    await this.#save({ format: 1, through: this.#through, files })
  }

  async append(records: readonly StoredRecord[]): Promise<void> {
    const texts = new Map<string, { readonly day: Day; readonly lines: string[] }>()
    for (const record of records) {
      const day = dayOf(record.timestamp)
      const text = `${this.#textOf(record)}\n`
      for (const pattern of this.#patternsFor(record)) {
        const path = dayPath(pattern, day)
        const found = texts.get(path)
        if (found) found.lines.push(text)
        else texts.set(path, { day, lines: [text] })
      }
    }
    const targets = new Map<string, { readonly day: Day; readonly text: string }>()
    for (const [path, { day, lines }] of texts)
      targets.set(await targetOf(path), { day, text: lines.join('') })
    await this.#prepare(targets)
    for (const [path, { day, text }] of targets) {
      const bytes = path.endsWith('.gz') ? await gzipped(text) : Buffer.from(text)
      this.#written.set(path, { day, bytes: await appendTo(path, bytes) })
    }
    this.#through = records.at(-1)?.sequence ?? this.#through
  }

  /** Makes durable what has been appended. */
  async checkpoint(): Promise<void> {
    if (this.#through === this.#position.through && this.#written.size === 0) return
    for (const path of this.#written.keys()) await syncFile(path)
    const kept = Object.entries(this.#position.files).filter(([path]) => !path.endsWith('.gz'))
    const files = { ...Object.fromEntries(kept), ...Object.fromEntries(this.#written) }
    await this.#save({ format: 1, through: this.#through, files })
    this.#written.clear()
  }

  /** Compresses the files of days that are over. */
  async closeDays(nowMs: number, signal: AbortSignal): Promise<void> {
    for (const [path, { day }] of Object.entries(this.#position.files)) {
      if (path.endsWith('.gz') || nowMs < Date.parse(addDays(day, 1)) + CLOSED_AFTER_MS) continue
      const found = await stat(path).catch(() => undefined)
      if (found && nowMs - found.mtimeMs < QUIET_MS) continue
      await this.checkpoint()
      // Somebody else put a compressed file beside it: which of the two is right, nobody here can tell.
      const isFree = (await sizeOf(`${path}.gz`)) === undefined
      if (found && isFree) await this.#compress(path, signal)
      await this.#save({
        ...this.#position,
        files: without(this.#position.files, [path]),
        closing: undefined,
      })
    }
  }

  /** Removes the files of the days, whatever their form. */
  async drop(days: readonly Day[]): Promise<void> {
    const paths = pathsOf(this.#paths, days)
    for (const path of paths) {
      await rm(path, { force: true })
      this.#written.delete(path)
    }
    await this.#save({ ...this.#position, files: without(this.#position.files, paths) })
  }

  #patternsFor({ labels, level }: LogRecord): readonly string[] {
    const { path, errors } = this.#paths
    return patternsIn({ path, errors: isError(labels['stream'], level) ? errors : undefined })
  }

  /** Files that the position does not know get into it with the length that they have now. */
  async #prepare(targets: ReadonlyMap<string, { readonly day: Day }>): Promise<void> {
    const files = { ...this.#position.files }
    for (const [path, { day }] of targets) {
      if (files[path]) continue
      await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE })
      files[path] = { day, bytes: (await sizeOf(path)) ?? 0 }
    }
    const isNew = Object.keys(files).length > Object.keys(this.#position.files).length
    if (isNew) await this.#save({ ...this.#position, files })
  }

  async #compress(path: string, signal: AbortSignal): Promise<void> {
    const beside = `${path}.gz.part`
    const to = createWriteStream(beside, { mode: FILE_MODE })
    await pipeline(createReadStream(path), createGzip(), to, { signal })
    await syncFile(beside)
    await this.#save({ ...this.#position, closing: path })
    await rename(beside, `${path}.gz`)
    await syncFolder(dirname(path))
    await rm(path, { force: true })
  }

  async #save(position: Position): Promise<void> {
    await writePosition(this.#positionPath, position)
    this.#position = position
  }
}

/** Removes the mirror's files of days that were dropped by somebody else than the server. */
export async function removeMirrored(paths: MirrorPaths, days: readonly Day[]): Promise<void> {
  for (const path of pathsOf(paths, days)) await rm(path, { force: true })
}

function patternsIn({ path, errors }: MirrorPaths): string[] {
  return [path, errors].filter((pattern) => pattern !== undefined)
}

function pathsOf(paths: MirrorPaths, days: readonly Day[]): string[] {
  return days.flatMap((day) =>
    patternsIn(paths).flatMap((pattern) => [dayPath(pattern, day), `${dayPath(pattern, day)}.gz`]),
  )
}

/** The plain file, unless its day is closed. */
async function targetOf(path: string): Promise<string> {
  const isClosed = (await sizeOf(path)) === undefined && (await sizeOf(`${path}.gz`)) !== undefined
  return isClosed ? `${path}.gz` : path
}

/** The compressed form was whole before it got its name. */
async function finishClosing(path: string): Promise<void> {
  if ((await sizeOf(`${path}.gz`)) !== undefined) await rm(path, { force: true })
}

/** Resolves to the file's length afterwards. Never waits for the reader of a pipe. */
async function appendTo(path: string, bytes: Buffer): Promise<number> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants
  const handle: FileHandle = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, FILE_MODE)
  try {
    const before = await handle.stat()
    if (!before.isFile()) fail('STORE_FAILED', `${path} is no regular file`)
    await handle.writeFile(bytes)
    return before.size + bytes.length
  } finally {
    await handle.close()
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+').catch((error: unknown) => {
    // Removed or rotated away by somebody else since.
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  })
  await handle?.sync().finally(() => handle.close())
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    (error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return undefined
      throw error
    },
  )
}

function without(files: Position['files'], paths: readonly string[]): Position['files'] {
  if (paths.length === 0) return files
  const left = Object.entries(files).filter(([path]) => !paths.includes(path))
  return left.length === 0 ? NO_FILES : Object.fromEntries(left)
}
