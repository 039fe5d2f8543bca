// The lock of a data folder: a DuckDB file held open for writing, which the kernel lets go when its holder dies.
import { chmod, realpath, rm } from 'node:fs/promises'
import type { DuckDBInstance } from '@duckdb/node-api'
import { fail, messageOf } from '../../errors.js'
import { FILE_MODE, lockFile } from './filenames.js'

export interface Lock {
  release(): void
}

/** The kernel refuses other processes only, and forgets the lock when a second handle of this one is closed. */
const heldHere = new Set<string>()

/** Throws DATA_LOCKED when another process, or this one, holds it. */
export async function takeLock(data: string): Promise<Lock> {
  const file = lockFile(await realpath(data))
  if (heldHere.has(file)) refuse(data, process.pid)
  heldHere.add(file)
  try {
    const instance = await openLock(data, file)
    await chmod(file, FILE_MODE)
    const release = (): void => {
      instance.closeSync()
      heldHere.delete(file)
    }
    return { release }
  } catch (error) {
    heldHere.delete(file)
    throw error
  }
}

async function openLock(data: string, file: string): Promise<DuckDBInstance> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const create = () => DuckDBInstance.create(file, { threads: '1', memory_limit: '32MB' })
  try {
    return await create()
  } catch (error) {
    const message = messageOf(error)
    if (/lock on file/i.test(message)) refuse(data, /PID (\d+)/.exec(message)?.[1], error)
    if (!/not a valid DuckDB|read enough bytes|corrupt|checksum|version/i.test(message)) throw error
    // Nobody holds it, since DuckDB locks before it reads: a crash left it half made, or another version made it.
    await rm(file, { force: true })
    return create()
  }
}

function refuse(data: string, holder: number | string | undefined, cause?: unknown): never {
  return fail('DATA_LOCKED', `another process${holder ? ` (${holder})` : ''} writes to ${data}`, {
    hints: ['stop it first, or send your command to it with --server'],
    cause,
  })
}
