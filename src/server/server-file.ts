// DATA/server.json names the running server, so that commands on this machine find it.
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface ServerFile {
  readonly pid: number
  readonly version: string
  readonly urls: readonly string[]
  /** The control socket; absent where its path would be too long. */
  readonly socket?: string
  /** RFC 3339. */
  readonly started: string
}

interface Announcement {
  readonly version: string
  readonly urls: readonly string[]
  readonly socket: string | undefined
  readonly startedMs: number
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'server.json')
}

export async function writeServerFile(
  dataDir: string,
  { version, urls, socket, startedMs }: Announcement,
): Promise<void> {
  const file: ServerFile = {
    pid: process.pid,
    version,
    urls,
    ...(socket === undefined ? {} : { socket }),
    started: new Date(startedMs).toISOString(),
  }
  const beside = `${pathIn(dataDir)}.tmp`
  await writeFile(beside, `${JSON.stringify(file)}\n`, { mode: 0o640 })
  await rename(beside, pathIn(dataDir))
}

/** Leaves the file of another server, which may have taken over. */
export async function removeServerFile(dataDir: string): Promise<void> {
  const text = await readFile(pathIn(dataDir), 'utf8').catch(() => '')
  if (text.includes(`"pid":${process.pid},`)) await rm(pathIn(dataDir), { force: true })
}
