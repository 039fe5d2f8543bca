// What a running server can change on SIGHUP, and what needs a restart.
import { isDeepStrictEqual } from 'node:util'
import { Secret } from '../secret.js'
import type { Config } from './schema.js'
import { SETTINGS, settingOf } from './settings.js'

/** Keys, or sections ending in a dot, that are applied to what runs. */
const APPLIED = [
  'keys',
  'ratelimit.',
  'limits.',
  'tls.',
  'heroku.',
  'syslog.allow',
  'syslog.tenant',
  'forward.allow',
  'forward.tenant',
  'forward.shared_key',
  'retention.',
  'server.log_level',
  'query.timeout',
  'query.max_rows',
  'query.concurrency',
  'query.max_tails',
]

/** Concerns commands, never the server. */
const OF_COMMANDS = 'client.'

export interface Reload {
  /** Keys that changed and are applied. */
  readonly changed: readonly string[]
  /** Keys that changed and count from the next start. */
  readonly ignored: readonly string[]
}

export function reloadable(before: Config, after: Config): Reload {
  const different = [...SETTINGS.keys()].filter(
    (key) =>
      !key.startsWith(OF_COMMANDS) &&
      !isDeepStrictEqual(opened(settingOf(before, key)), opened(settingOf(after, key))),
  )
  return { changed: different.filter(isApplied), ignored: different.filter((key) => !isApplied(key)) }
}

function isApplied(key: string): boolean {
  return APPLIED.some((known) => (known.endsWith('.') ? key.startsWith(known) : key === known))
}

/** Secrets as texts, so that they can be compared. */
function opened(value: unknown): unknown {
  if (value instanceof Secret) return value.open()
  if (Array.isArray(value)) return value.map(opened)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, opened(inner)]))
}
