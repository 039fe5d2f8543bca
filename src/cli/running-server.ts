// Finds the server that holds a data folder, by the `server.json` that it keeps there.
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { serverFile } from '../config/paths.js'
import { errnoOf } from '../errors.js'

export type ServerAddress =
  { readonly kind: 'url'; readonly url: string } | { readonly kind: 'socket'; readonly socketPath: string }

interface Announced {
  readonly pid: number
  readonly url: string | undefined
  readonly socketPath: string | undefined
}

/**
 * The control socket where this user may use it, else the server's first URL. Undefined when no server runs: its
 * process is gone, or nobody is behind its socket.
 */
export async function runningServer(dataFolder: string): Promise<ServerAddress | undefined> {
  const announced = await announcement(dataFolder)
  if (!announced || !isAlive(announced.pid)) return undefined
  const { url, socketPath } = announced
  const door = socketPath === undefined ? 'barred' : await knock(socketPath)
  if (door === 'gone') return undefined
  if (door === 'open' && socketPath !== undefined) return { kind: 'socket', socketPath }
  return url === undefined ? undefined : { kind: 'url', url }
}

/** The first URL of the server of a data folder, where its process lives. */
export async function runningUrl(dataFolder: string): Promise<string | undefined> {
  const announced = await announcement(dataFolder)
  return announced && isAlive(announced.pid) ? announced.url : undefined
}

/** Undefined where there is none that can be read and understood: then nothing is known of a server. */
async function announcement(dataFolder: string): Promise<Announced | undefined> {
  try {
    const said: unknown = JSON.parse(await readFile(serverFile(dataFolder), 'utf8'))
    if (typeof said !== 'object' || said === null || !('pid' in said) || !Number.isSafeInteger(said.pid))
      return undefined
    const { pid, urls, socket } = said as { pid: number; urls?: unknown; socket?: unknown }
    const [url] = Array.isArray(urls) ? (urls as unknown[]) : []
    return { pid, url: textOf(url), socketPath: textOf(socket) }
  } catch {
    return undefined
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function isAlive(pid: number): boolean {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives, as somebody else's.
    return errnoOf(error) === 'EPERM'
  }
}

function knock(socketPath: string): Promise<'open' | 'barred' | 'gone'> {
  return new Promise((resolve) => {
    const socket = connect({ path: socketPath })
    socket.once('connect', () => {
      socket.destroy()
      resolve('open')
    })
    socket.once('error', (error) =>
      resolve(['EACCES', 'EPERM'].includes(errnoOf(error) ?? '') ? 'barred' : 'gone'),
    )
  })
}
