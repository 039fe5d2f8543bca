// Writes small files that are never seen half: beside, synced, renamed.
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { fail, messageOf } from '../errors.js'

/** Owner writes, others may read as the umask lets them. */
const FILE_MODE = 0o666

/** Throws OUTPUT_FAILED; then the file is as it was. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const beside = `${file}.${process.pid}.tmp`
  try {
    const handle = await open(beside, 'w', FILE_MODE)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(beside, file)
    await syncFolder(path.dirname(file))
  } catch (error) {
    await rm(beside, { force: true })
    fail('OUTPUT_FAILED', `${file} cannot be written: ${messageOf(error)}`, { cause: error })
  }
}

/** A new name is only on disk when its folder is. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
