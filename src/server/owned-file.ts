// Small files beside the logs that must never be half there, and that the server's user must be able to read even
// where root wrote them.
import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fail, messageOf } from '../errors.js'

export interface OwnedFile {
  readonly path: string
  readonly text: string
  readonly mode: number
  /** The file or folder whose owner it gets, where root writes it. */
  readonly like: string
}

/** Writes beside, syncs, renames. Throws STORE_FAILED when what was there is still in place. */
export async function writeOwnedFile({ path, text, mode, like }: OwnedFile): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(beside, 'wx', mode)
    try {
      // The umask may have taken bits away.
      await file.chmod(mode)
      await giveToOwnerOf(like, file)
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    fail('STORE_FAILED', `${path} cannot be written: ${messageOf(error)}`, { cause: error })
  }
  syncFolder(dirname(path))
}

/** Root works for a server that runs as another user. */
export async function giveToOwnerOf(like: string, file: FileHandle): Promise<void> {
  const { uid, gid } = await stat(like)
  const own = await file.stat()
  if (own.uid === 0 && (uid !== 0 || gid !== own.gid)) await file.chown(uid, gid)
}

/** The new name itself is only on disk when its folder is. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
