// The rows of `config show`: every key with its value and where that came from; secrets stay hidden.
import { Secret } from '../secret.js'
import type { LoadedConfig } from './load.js'
import type { ConfigKey } from './schema.js'
import { SETTINGS, settingOf } from './settings.js'

export interface ShownSetting {
  readonly key: string
  /** As written where that has a unit (`30d`), else the value; null where there is none. */
  readonly value: unknown
  readonly origin: string
}

export function shownSettings({ config, origins, written }: LoadedConfig): readonly ShownSetting[] {
  return [...SETTINGS.keys()].map((key) => ({
    key,
    value: written.get(key) ?? hidden(key === 'keys' ? config.keys.map(asWritten) : settingOf(config, key)),
    origin: origins.get(key) ?? 'default',
  }))
}

/** In the file its limits stand beside its name. */
function asWritten({ limits, ...key }: ConfigKey): object {
  return { ...key, ...limits }
}

function hidden(value: unknown): unknown {
  if (value === undefined) return null
  if (value instanceof Secret) return value.toString()
  if (Array.isArray(value)) return value.map(hidden)
  if (typeof value !== 'object' || value === null) return value
  const known = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(known.map(([name, inner]) => [name, hidden(inner)]))
}
