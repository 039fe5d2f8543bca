// Writes what a sender needs to prove who it is: its certificate, its key, and the authority of the server.
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { errnoOf, fail, messageOf } from '../errors.js'
import type { MadeClient } from '../server/tls/client-admin.js'

export interface ClientFiles {
  readonly certificate: string
  readonly key: string
  readonly ca: string
}

/** Where the files of a name go. Throws USAGE where one is there: a key is never lost. */
export async function clientFiles(folder: string, name: string): Promise<ClientFiles> {
  const within = resolve(folder)
  const files = {
    certificate: join(within, `${name}.crt`),
    key: join(within, `${name}.key`),
    ca: join(within, 'ca.crt'),
  }
  for (const path of [files.certificate, files.key])
    if (await isThere(path))
      fail('USAGE', `${path} is there already`, { hints: ['--output names another folder'] })
  return files
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    return fail('OUTPUT_FAILED', `${path} cannot be looked at: ${messageOf(error)}`, { cause: error })
  }
}

/** For their owner alone. Throws OUTPUT_FAILED. */
export async function writeClientFiles(folder: string, files: ClientFiles, made: MadeClient): Promise<void> {
  try {
    await mkdir(resolve(folder), { recursive: true, mode: 0o700 })
    await writeFile(files.key, made.key, { mode: 0o600, flag: 'wx' })
    await writeFile(files.certificate, made.certificate, { mode: 0o600, flag: 'wx' })
    await writeFile(files.ca, made.ca, { mode: 0o600 })
  } catch (error) {
    fail('OUTPUT_FAILED', `the files cannot be written: ${messageOf(error)}`, { cause: error })
  }
}
