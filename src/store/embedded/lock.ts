// The lock of a data folder: a DuckDB file held open for writing, which the kernel lets go when its holder dies.
import { chmod, rm, stat } from 'node:fs/promises'
import { fail, messageOf } from '../../errors.js'
import { FILE_MODE, lockFile } from './filenames.js'

export interface Lock {
  release(): void
}

/** Throws DATA_LOCKED when another process, or this one, holds it. */
export async function takeLock(data: string): Promise<Lock> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const file = lockFile(data)
  await removeIfEmpty(file)
  try {
    const instance = await DuckDBInstance.create(file, { threads: '1', memory_limit: '32MB' })
    await chmod(file, FILE_MODE)
    return { release: () => instance.closeSync() }
  } catch (error) {
    const holder = /PID (\d+)/.exec(messageOf(error))?.[1]
    if (!/lock/i.test(messageOf(error))) throw error
    return fail('DATA_LOCKED', `another process${holder ? ` (${holder})` : ''} writes to ${data}`, {
      hints: ['stop it first, or send your command to it with --server'],
      cause: error,
    })
  }
}

/** A power cut right after the file was made can leave it empty, which DuckDB takes; one cut short it does not. */
async function removeIfEmpty(file: string): Promise<void> {
  const size = await stat(file).then(
    ({ size }) => size,
    () => undefined,
  )
  if (size === 0) await rm(file, { force: true })
}
