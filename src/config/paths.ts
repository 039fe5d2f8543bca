// Where configuration and data lie when nobody says otherwise.
import { join, resolve } from 'node:path'

export interface Whereabouts {
  /** The working directory. */
  readonly cwd: string
  /** The user's home folder. */
  readonly home: string
  /** True when run by root. */
  readonly isRoot: boolean
  /** The folder of the machine's configuration. */
  readonly etc?: string | undefined
}

/** The data folder where none is named. */
export function defaultDataFolder({ home, isRoot }: Pick<Whereabouts, 'home' | 'isRoot'>): string {
  return isRoot ? '/var/lib/logctl' : join(home, '.local', 'share', 'logctl')
}

/** Configuration files in the order in which they are looked for; the first that exists is the one. */
export function configFileCandidates({ cwd, home, etc = '/etc/logctl' }: Whereabouts): readonly string[] {
  return [
    join(cwd, 'logctl.yml'),
    join(home, '.config', 'logctl', 'logctl.yml'),
    join(home, '.config', 'logctl', 'config.yml'),
    join(etc, 'logctl.yml'),
  ]
}

/** A path as a person writes it: `~/` is the home folder, a relative path starts at `base`. */
export function resolvePath(written: string, { base, home }: { base: string; home: string }): string {
  if (written === '~' || written.startsWith('~/')) return join(home, written.slice(1))
  return resolve(base, written)
}

/** The keys that `logctl key` makes, hashed. */
export const keysFile = (dataFolder: string): string => join(dataFolder, 'keys.json')

/** Names the running server. */
export const serverFile = (dataFolder: string): string => join(dataFolder, 'server.json')

/** How far the mirror has come. */
export const mirrorFile = (dataFolder: string): string => join(dataFolder, 'mirror.json')

/** Where maintenance hands its work to the running server. */
export const controlSocket = (dataFolder: string): string => join(dataFolder, 'control.sock')

/** Certificates and their keys: of the own authority, of the server, of senders. */
export const tlsFolder = (dataFolder: string): string => join(dataFolder, 'tls')
