// One writer of a small file such as keys.json at a time, across processes: a lock file that is made or already there.
import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { keysFile } from '../config/paths.js'
import { errnoOf, fail, messageOf } from '../errors.js'

/** A holder works for milliseconds; one this old has died. */
const STALE_MS = 10_000
const RETRY_MS = 20

/** Longer than a dead holder can keep anybody waiting. */
const GIVE_UP_MS = 20_000

/** Asks whether the lock is still ours; to be asked right before what cannot be undone. */
export type StillHeld = () => Promise<boolean>

/** Of keys.json. */
export function withKeyLock<T>(dataFolder: string, work: (stillHeld: StillHeld) => Promise<T>): Promise<T> {
  return withFileLock(keysFile(dataFolder), work)
}

/**
 * Runs `work` while holding the lock of a file. Throws DATA_LOCKED when others hold it for too long, STORE_FAILED when the
 * folder cannot be written.
 */
export async function withFileLock<T>(file: string, work: (stillHeld: StillHeld) => Promise<T>): Promise<T> {
  const path = `${file}.lock`
  const token = randomUUID()
  await makeFolder(dirname(file))
  await acquire(path, token)
  const isOurs = async (): Promise<boolean> => (await tokenIn(path)) === token
  try {
    return await work(isOurs)
  } finally {
    if (await isOurs()) await rm(path, { force: true })
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o750 })
  } catch (error) {
    fail('STORE_FAILED', `cannot make the folder ${folder}: ${messageOf(error)}`, { cause: error })
  }
}

async function acquire(path: string, token: string): Promise<void> {
  const giveUp = performance.now() + GIVE_UP_MS
  while (!(await create(path, token))) {
    if (await isStale(path)) await setAside(path)
    else if (performance.now() > giveUp) {
      fail('DATA_LOCKED', `another process holds ${path}`, {
        hints: ['try again, or remove it if nothing runs'],
      })
    } else await delay(RETRY_MS)
  }
}

async function create(path: string, token: string): Promise<boolean> {
  try {
    await writeFile(path, token, { flag: 'wx', mode: 0o640 })
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    return fail('STORE_FAILED', `cannot make ${path}: ${messageOf(error)}`, { cause: error })
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    // Compared with the wall clock because that is what the file system stamps files with.
    return Date.now() - (await stat(path)).mtimeMs > STALE_MS
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw error
  }
}

/**
 * Moves a stale lock away. Where another process was quicker and the lock moved is its new one, that is put
 * back; should it have noticed meanwhile (`StillHeld`), it starts over.
 */
async function setAside(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`
  try {
    await rename(path, aside)
    if (!(await isStale(aside))) await link(aside, path)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'EEXIST') throw error
  } finally {
    await rm(aside, { force: true })
  }
}

async function tokenIn(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}
