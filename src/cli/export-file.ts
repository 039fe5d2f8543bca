// The file of an export while it is written: it stands beside the wanted name, with a note of how far it is good, so
// that an interrupted export goes on without gap or repeat and nobody ever sees half a file under its name.
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { errnoOf, fail, messageOf } from '../errors.js'
import type { Place } from '../record/scan-progress.js'
import type { Timestamp } from '../record/time.js'
import { syncFolder, writeWhole } from './write-whole.js'

/** How far an export is. */
export interface ExportState {
  readonly from?: Timestamp | undefined
  readonly to?: Timestamp | undefined
  /** What arrived later is not exported. */
  readonly upTo: number
  readonly last?: Place | undefined
  readonly records: number
  /** Of the work file. */
  readonly bytes: number
  /** Bytes of the longest line so far. */
  readonly longestLine: number
  readonly warnings: readonly string[]
}

export interface ExportFile {
  readonly workFile: string
  /** Where an interrupted export stopped. */
  readonly state: ExportState | undefined
  /** Durable when it resolves, with the state behind it. */
  append(text: string, state: Omit<ExportState, 'bytes'>): Promise<void>
  /** Gives the file its name; `made` is what stands for the work file where that is only a step. */
  finish(made?: string): Promise<void>
  /** Resolves to whether something was written that can be gone on with, or is finished. */
  close(): Promise<boolean>
}

export interface ExportTarget {
  readonly file: string
  readonly gzip: boolean
  /** What was asked for, as text: only the same is gone on with. */
  readonly asked: string
  readonly resume: boolean
}

/** Throws USAGE where what is to be resumed was asked otherwise, OUTPUT_FAILED. */
export async function openExportFile({ file, gzip, asked, resume }: ExportTarget): Promise<ExportFile> {
  const workFile = `${file}.part`
  const note = `${workFile}.json`
  const noted = resume ? await readNote(note, asked) : undefined
  const { handle, kept } = await writing(file, () => openAt(workFile, note, noted?.bytes))
  let bytes = kept
  return {
    workFile,
    state: kept > 0 ? noted : undefined,
    async append(text, reached) {
      const content = gzip ? await compress(text) : Buffer.from(text)
      await writing(file, async () => {
        await writeAll(handle, content, bytes)
        await handle.datasync()
      })
      bytes += content.length
      await writeWhole(note, `${JSON.stringify({ asked, ...reached, bytes })}\n`)
    },
    finish: (made = workFile) =>
      writing(file, async () => {
        await syncFile(made)
        await rename(made, file)
        await syncFolder(path.dirname(file))
        await rm(note, { force: true })
        await rm(workFile, { force: true })
      }),
    async close() {
      await handle.close()
      if (bytes === 0) await rm(workFile, { force: true })
      return bytes > 0
    },
  }
}

/** Several gzip members one after the other are one gzip file (RFC 1952 §2.2). */
const compress = promisify(gzip) as (text: string) => Promise<Buffer>

/** Cut to what is known to be good; from the beginning, without the note of another beginning, where there is nothing. */
async function openAt(
  file: string,
  note: string,
  goodBytes = 0,
): Promise<{ readonly handle: FileHandle; readonly kept: number }> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  )
  const kept = size >= goodBytes ? goodBytes : 0
  if (kept === 0) await rm(note, { force: true })
  // Not for appending: what was written beyond the note is written over.
  const handle = await open(file, kept > 0 ? 'r+' : 'w')
  await handle.truncate(kept)
  return { handle, kept }
}

async function writeAll(handle: FileHandle, content: Buffer, at: number): Promise<void> {
  for (let done = 0; done < content.length;) {
    const { bytesWritten } = await handle.write(content, done, content.length - done, at + done)
    done += bytesWritten
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function readNote(note: string, asked: string): Promise<ExportState | undefined> {
  let text: string
  try {
    text = await readFile(note, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    return fail('USAGE', `${note} cannot be read: ${messageOf(error)}`)
  }
  // Written whole by this program, or not at all.
  const { asked: before, ...state } = JSON.parse(text) as ExportState & { readonly asked: string }
  if (before !== asked)
    fail('USAGE', `${note} is of an export that was asked for otherwise`, {
      hints: ['repeat it with the same arguments', 'without --resume it begins anew'],
    })
  return state
}

async function writing<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    return fail('OUTPUT_FAILED', `${file} cannot be written: ${messageOf(error)}`, { cause: error })
  }
}
