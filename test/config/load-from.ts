// Loads a configuration from texts, in a folder of its own where no real file can be found.
import { loadConfig, type LoadedConfig } from '#logctl/config/load.js'
import { LogctlError } from '#logctl/errors.js'
import { join } from 'node:path'
import { tempFolder } from '../temp-folder.js'

export interface Given {
  readonly file?: string
  readonly env?: Readonly<Record<string, string>>
  readonly flags?: Readonly<Record<string, unknown>>
  readonly isRoot?: boolean
  /** Further files beside logctl.yml. */
  readonly beside?: Readonly<Record<string, string>>
}

export interface LoadedHere extends LoadedConfig {
  readonly folder: string
}

export async function loadFrom({
  file,
  env = {},
  flags = {},
  isRoot = false,
  beside = {},
}: Given): Promise<LoadedHere> {
  const folder = tempFolder({ ...beside, ...(file === undefined ? {} : { 'logctl.yml': file }) })
  const places = { cwd: folder, home: join(folder, 'home'), etc: join(folder, 'etc'), isRoot }
  return { ...(await loadConfig({ ...places, flags, env })), folder }
}

/** The failure of a configuration that must not load. */
export async function refusalOf(given: Given): Promise<LogctlError> {
  try {
    await loadFrom(given)
  } catch (error) {
    if (error instanceof LogctlError) return error
    throw error
  }
  throw new Error('the configuration was taken')
}
