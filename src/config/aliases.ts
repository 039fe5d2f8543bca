// Other names that configuration is understood by: the short variables of logctl, and the variables and file
// shape of the log-ingestion service, so that its deployments start unchanged.
/** Variables that stand for a key beside its own `LOGCTL_A_B_C`. They win over that. */
export const SHORT_VARIABLES: Readonly<Record<string, string>> = {
  LOGCTL_SERVER: 'client.server',
  LOGCTL_KEY: 'client.key',
  LOGCTL_DATA: 'store.data',
}

/** `KEY,KEY:TENANT`: the keys api-1, api-2 and so on, beside those of the file. */
export const API_KEYS_VARIABLE = 'LOGCTL_API_KEYS'

/** The service has one address in two halves. */
export type AddressPart = 'host' | 'port'

export const SERVICE_PREFIX = 'LOG_INGESTION_'
export const SERVICE_API_KEYS_VARIABLE = 'LOG_INGESTION_API_KEYS'

/** Variables of the service; any `LOGCTL_…` wins over them. */
export const SERVICE_VARIABLES: Readonly<Record<string, string>> = {
  LOG_INGESTION_BATCH_SIZE: 'batch.size',
  LOG_INGESTION_BATCH_FLUSH_INTERVAL: 'batch.flush_interval',
  LOG_INGESTION_RATELIMIT_ENABLED: 'ratelimit.enabled',
  LOG_INGESTION_RATELIMIT_DEFAULT_RPS: 'ratelimit.default_rps',
  LOG_INGESTION_RATELIMIT_BURST: 'ratelimit.burst',
  LOG_INGESTION_DB_HOST: 'store.postgres.host',
  LOG_INGESTION_DB_PORT: 'store.postgres.port',
  LOG_INGESTION_DB_USER: 'store.postgres.user',
  LOG_INGESTION_DB_PASSWORD: 'store.postgres.password',
  LOG_INGESTION_DB_NAME: 'store.postgres.dbname',
  LOG_INGESTION_DB_SSLMODE: 'store.postgres.sslmode',
}

export const SERVICE_ADDRESS_VARIABLES: Readonly<Record<string, AddressPart>> = {
  LOG_INGESTION_SERVER_HOST: 'host',
  LOG_INGESTION_SERVER_PORT: 'port',
}

/** Keys of the service's file, and `auth: off` at the top of ours. */
export const FILE_ALIASES: Readonly<Record<string, string>> = {
  auth: 'server.auth',
  'database.host': 'store.postgres.host',
  'database.port': 'store.postgres.port',
  'database.user': 'store.postgres.user',
  'database.password': 'store.postgres.password',
  'database.dbname': 'store.postgres.dbname',
  'database.sslmode': 'store.postgres.sslmode',
}

export const FILE_ADDRESS_PARTS: Readonly<Record<string, AddressPart>> = {
  'server.host': 'host',
  'server.port': 'port',
}

/** A list of plain keys in the service's file: the keys file-1, file-2 and so on. */
export const FILE_API_KEYS = 'auth.api_keys'

/** Sections that only aliases have. */
export const ALIAS_SECTIONS: ReadonlySet<string> = new Set(['auth', 'database'])

/** The address of two halves; a missing half is the service's own default, 0.0.0.0:8080. */
export function joinAddress(host: unknown = '0.0.0.0', port: unknown = '8080'): string {
  const name = String(host)
  return `${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${String(port)}`
}

/** A key as an entry of `keys`. */
export interface PlainKey {
  readonly name: string
  readonly value: string
  readonly tenant?: string
}

/** Keys of a list; names are the prefix and the place in the list, from 1. */
export function plainKeys(prefix: string, values: readonly string[]): readonly PlainKey[] {
  return values.map((value, at) => ({ name: `${prefix}-${at + 1}`, value }))
}

/** The entries of `KEY,KEY:TENANT`. The first colon parts: keys that logctl makes have none. */
export function apiKeys(text: string): readonly PlainKey[] {
  return splitKeys(text).map((entry, at) => {
    const colon = entry.indexOf(':')
    const name = `api-${at + 1}`
    return colon < 0
      ? { name, value: entry }
      : { name, value: entry.slice(0, colon), tenant: entry.slice(colon + 1) }
  })
}

export function splitKeys(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}
