// DATA/tls: what must stay secret beside the logs, for the server's user alone.
import { chmod, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { tlsFolder } from '../../config/paths.js'
import { fail, messageOf } from '../../errors.js'
import { giveToOwnerOf, writeOwnedFile } from '../owned-file.js'

const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

/** Makes the folder, or one below it, where it is not there. Throws STORE_FAILED. */
export async function makeTlsFolder(dataFolder: string, below = ''): Promise<string> {
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o750 })
    for (const folder of new Set([tlsFolder(dataFolder), join(tlsFolder(dataFolder), below)]))
      await makeFolder(folder, dataFolder)
  } catch (error) {
    fail('STORE_FAILED', `cannot make ${tlsFolder(dataFolder)}: ${messageOf(error)}`, { cause: error })
  }
  return join(tlsFolder(dataFolder), below)
}

async function makeFolder(path: string, like: string): Promise<void> {
  if ((await mkdir(path, { recursive: true, mode: FOLDER_MODE })) === undefined) return
  await chmod(path, FOLDER_MODE)
  const folder = await open(path, 'r')
  try {
    await giveToOwnerOf(like, folder)
  } finally {
    await folder.close()
  }
}

/** Throws STORE_FAILED when what was there is still in place. */
export function writeSecretFile(dataFolder: string, path: string, text: string): Promise<void> {
  return writeOwnedFile({ path, text, mode: FILE_MODE, like: dataFolder })
}
