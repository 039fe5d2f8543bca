// What `doctor` examines: the machine with its data folder and server, or the server that was named.
import type { ServerClient } from '../client/open-server.js'
import { messageOf } from '../errors.js'
import type { Patient } from '../upkeep/doctor/check.js'
import { runningServer } from './running-server.js'
import type { Session } from './session.js'
import { chooseTarget, openFolder, openServerAt } from './target.js'

type Found = Pick<Patient, 'health' | 'server' | 'store' | 'trouble'>

const NOTHING: Found = { health: undefined, server: undefined, store: undefined, trouble: undefined }

/** What cannot be read or reached is part of the answer, and no failure. */
export async function readPatient(session: Session, version: string): Promise<Patient> {
  const { config, warnings } = session.loaded
  const chosen = await chooseTarget(session.loaded)
  const isNamed = chosen.kind === 'url' && config.client.server === chosen.url
  const data = isNamed ? undefined : config.store.data
  const holder = data === undefined ? chosen : await runningServer(data)
  const found =
    holder?.kind === 'url' || holder?.kind === 'socket'
      ? await askServer(await openServerAt(holder, session))
      : await readFolder(config.store.data)
  return {
    ...found,
    data,
    url: isNamed ? chosen.url : undefined,
    ca: config.client.ca,
    version,
    nowMs: session.world.nowMs(),
    minFreeBytes: config.store.min_free_bytes,
    configuredKeys: config.keys.length,
    warnings,
  }
}

async function askServer(client: ServerClient): Promise<Found> {
  try {
    const health = await client.health()
    try {
      const server = await client.status()
      return { ...NOTHING, health, server, store: server.store }
    } catch (error) {
      return { ...NOTHING, health, trouble: messageOf(error) }
    }
  } catch (error) {
    return { ...NOTHING, trouble: messageOf(error) }
  } finally {
    await client.close()
  }
}

async function readFolder(path: string): Promise<Found> {
  try {
    const reader = await openFolder(path)
    const store = await reader.status().finally(() => reader.close())
    return { ...NOTHING, store }
  } catch (error) {
    return { ...NOTHING, trouble: messageOf(error) }
  }
}
