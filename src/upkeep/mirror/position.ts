// How far the mirror has come, kept on disk: up to which sequence every record stands in the daily files, and how long
// each of those was then. What a file holds behind its length was written before a crash and is cut off, so that no
// record is missing and none stands there twice.
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errnoOf, fail } from '../../errors.js'
import type { Day } from '../../record/time.js'

export interface MirroredFile {
  readonly day: Day
  /** Bytes up to `through`. */
  readonly bytes: number
}

export interface Position {
  readonly format: 1
  /** Every record up to this sequence is in the files. */
  readonly through: number
  /** By path: the files that are not closed yet, and those that were written to last. */
  readonly files: Readonly<Record<string, MirroredFile>>
  /** A plain file whose compressed form is whole and takes its place right now. */
  readonly closing?: string | undefined
}

/** Undefined where there is none yet. Throws DATA_DAMAGED, for guessing would lose or double records. */
export async function readPosition(path: string): Promise<Position | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    const position = JSON.parse(text) as Position
    if (position.format === 1 && Number.isSafeInteger(position.through)) return position
  } catch {
    // Said below.
  }
  return fail('DATA_DAMAGED', `${path} cannot be understood, so the mirror does not know how far it is`, {
    hints: ['remove it: the mirror goes on with what arrives from then on'],
  })
}

/** Replaces it as a whole; on disk when it resolves. */
export async function writePosition(path: string, position: Position): Promise<void> {
  const beside = `${path}.new`
  const handle = await open(beside, 'w', 0o640)
  try {
    await handle.writeFile(JSON.stringify(position))
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(beside, path)
  await syncFolder(dirname(path))
}

export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
