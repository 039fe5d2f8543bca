// The schema as a flat table: each key with its variable, meaning and default.
import { z } from 'zod'
import { configSchema, type Config } from './schema.js'

export interface Setting {
  /** `server.read_timeout`. */
  readonly key: string
  /** `LOGCTL_SERVER_READ_TIMEOUT`. */
  readonly variable: string
  /** One line for people. */
  readonly about: string
  /** Judges one value of the key, as it may be written in a file, variable or flag. */
  readonly schema: z.ZodType
  /** As it would be written; undefined where the key may be absent. */
  readonly fallback: unknown
}

function* walk(shape: Readonly<Record<string, z.ZodType>>, prefix: string): Generator<Setting> {
  for (const [name, schema] of Object.entries(shape)) {
    const key = `${prefix}${name}`
    const inner =
      schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional ? schema.unwrap() : schema
    if (inner instanceof z.ZodObject) {
      yield* walk(inner.shape as Record<string, z.ZodType>, `${key}.`)
      continue
    }
    const variable = `LOGCTL_${key.toUpperCase().replaceAll('.', '_')}`
    const fallback: unknown = schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined
    yield { key, variable, about: schema.description ?? '', schema, fallback }
  }
}

export const SETTINGS: ReadonlyMap<string, Setting> = new Map(
  [...walk(configSchema.shape, '')].map((setting) => [setting.key, setting]),
)

/** The keys that hold the path of a file or folder. */
export const PATH_KEYS: ReadonlySet<string> = new Set([
  'store.data',
  'client.dir',
  'mirror.path',
  'mirror.errors',
  'tls.certificate',
  'tls.key',
  'tls.client_ca',
  'client.ca',
])

/** The keys whose values must not be seen. */
export const SECRET_KEYS: ReadonlySet<string> = new Set([
  'keys',
  'heroku.drains',
  'forward.shared_key',
  'client.key',
  'store.postgres.password',
])

/** Every section's full name, `server`, `store.postgres` and so on. */
export const SECTIONS: ReadonlySet<string> = new Set(
  [...SETTINGS.keys()].flatMap((key) => {
    const parts = key.split('.')
    return parts.slice(1).map((_, depth) => parts.slice(0, depth + 1).join('.'))
  }),
)

/** The value of `a.b_c` in a configuration. */
export function settingOf(config: Config, key: string): unknown {
  let value: unknown = config
  for (const part of key.split('.')) value = (value as Readonly<Record<string, unknown>>)[part]
  return value
}
