// Where the logs are that a command asks for: a server, a data folder or plain files. What was named wins over what lies
// around: flag, variable, configuration file, the running server of the data folder, the folder itself.
import type { ServerClient } from '../client/open-server.js'
import type { LoadedConfig } from '../config/load.js'
import type { Scanner } from '../record/scanner.js'
import type { FolderReader } from '../store/embedded/index.js'
import type { FilesReader } from '../store/files/index.js'
import { readingRules } from './reading-rules.js'
import { runningServer, type ServerAddress } from './running-server.js'
import type { Session } from './session.js'

export type Target =
  | ServerAddress
  | { readonly kind: 'folder'; readonly path: string }
  /** A folder of plain daily files. */
  | { readonly kind: 'files'; readonly path: string }

/** For people. */
export function targetText(target: Target): string {
  if (target.kind === 'url') return target.url
  return target.kind === 'socket' ? `the server behind ${target.socketPath}` : target.path
}

/** Runs the work on what was named, and closes it whatever happens. */
export async function withScanner<Result>(
  session: Session,
  work: (scanner: Scanner) => Promise<Result>,
): Promise<Result> {
  const target = await chooseTarget(session.loaded)
  session.detail(`asking ${targetText(target)}`)
  const scanner = await openTarget(target, session)
  try {
    return await work(scanner)
  } finally {
    await scanner.close()
  }
}

/** Looks at `server.json` and knocks at its socket at most; opens nothing. */
export async function chooseTarget({
  config,
  origins,
}: Pick<LoadedConfig, 'config' | 'origins'>): Promise<Target> {
  const { server: url, dir } = config.client
  const path = config.store.data
  const dataAt = layerOf(origins.get('store.data'))
  const isFolderMeant = dataAt >= ENVIRONMENT
  const serverAt = url === undefined ? -1 : layerOf(origins.get('client.server'))
  const filesAt = dir === undefined ? -1 : layerOf(origins.get('client.dir'))
  const folderAt = isFolderMeant ? dataAt : -1
  // Between equals the server: it also has what has not reached the disk of a reader yet.
  if (url !== undefined && serverAt >= Math.max(folderAt, filesAt)) return { kind: 'url', url }
  if (dir !== undefined && filesAt > folderAt) return { kind: 'files', path: dir }
  const running = isFolderMeant ? undefined : await runningServer(path)
  return running ?? { kind: 'folder', path }
}

/** Later layers win. A data folder named by the last two is meant to be read itself. */
const LAYERS = ['default', 'file', 'env', 'flag']
const ENVIRONMENT = LAYERS.indexOf('env')

function layerOf(origin = 'default'): number {
  return LAYERS.findIndex((layer) => origin === layer || origin.startsWith(`${layer} `))
}

async function openTarget(target: Target, session: Session): Promise<Scanner> {
  if (target.kind === 'files') return openFilesAt(target.path, session)
  return target.kind === 'folder' ? openFolder(target.path) : openServerAt(target, session)
}

/** A reader of a data folder. Throws DATA_UNREADABLE or DATA_NEWER. */
export async function openFolder(path: string): Promise<FolderReader> {
  const { openEmbeddedReader } = await import('../store/embedded/index.js')
  return openEmbeddedReader(path)
}

/** A reader of plain daily files, by the rules of the JSON door. Throws DATA_UNREADABLE. */
export async function openFilesAt(path: string, { loaded }: Pick<Session, 'loaded'>): Promise<FilesReader> {
  const { openFiles } = await import('../store/files/index.js')
  return openFiles(path, readingRules(loaded.config))
}

/** A client of a running server; Ctrl-C ends what it asks. */
export async function openServerAt(
  address: ServerAddress,
  { loaded, world }: Session,
): Promise<ServerClient> {
  const { openServer } = await import('../client/open-server.js')
  const { key, tenant, ca } = loaded.config.client
  const where = address.kind === 'socket' ? { socketPath: address.socketPath } : { url: address.url }
  return openServer({ ...where, ca, key, tenant, signal: world.interrupted })
}
