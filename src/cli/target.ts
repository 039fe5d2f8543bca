// Where the logs are that a command asks for: a server or a data folder. What was named wins over what lies
// around: flag, variable, configuration file, the running server of the data folder, the folder itself.
import type { ServerClient } from '../client/open-server.js'
import type { LoadedConfig } from '../config/load.js'
import type { Scanner } from '../record/scanner.js'
import type { FolderReader } from '../store/embedded/index.js'
import { runningServer, type ServerAddress } from './running-server.js'
import type { Session } from './session.js'

export type Target = ServerAddress | { readonly kind: 'folder'; readonly path: string }

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
  const { server: url } = config.client
  const path = config.store.data
  const dataAt = layerOf(origins.get('store.data'))
  const isFolderMeant = dataAt >= ENVIRONMENT
  // Between equals the server: it also has what has not reached the disk of a reader yet.
  if (url !== undefined && (!isFolderMeant || layerOf(origins.get('client.server')) >= dataAt))
    return { kind: 'url', url }
  const running = isFolderMeant ? undefined : await runningServer(path)
  return running ?? { kind: 'folder', path }
}

/** Later layers win. A data folder named by the last two is meant to be read itself. */
const LAYERS = ['default', 'file', 'env', 'flag']
const ENVIRONMENT = LAYERS.indexOf('env')

function layerOf(origin = 'default'): number {
  return LAYERS.findIndex((layer) => origin === layer || origin.startsWith(`${layer} `))
}

function openTarget(target: Target, session: Session): Promise<Scanner> {
  return target.kind === 'folder' ? openFolder(target.path) : openServerAt(target, session)
}

/** A reader of a data folder. Throws DATA_UNREADABLE or DATA_NEWER. */
export async function openFolder(path: string): Promise<FolderReader> {
  const { openEmbeddedReader } = await import('../store/embedded/index.js')
  return openEmbeddedReader(path)
}

/** A client of a running server; Ctrl-C ends what it asks. */
export async function openServerAt(
  address: ServerAddress,
  { loaded, world }: Session,
): Promise<ServerClient> {
  const { openServer } = await import('../client/open-server.js')
  const { key, tenant } = loaded.config.client
  const where = address.kind === 'socket' ? { socketPath: address.socketPath } : { url: address.url }
  return openServer({ ...where, key, tenant, signal: world.interrupted })
}
