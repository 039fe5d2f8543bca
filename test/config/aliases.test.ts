// A deployment of the log-ingestion service starts unchanged: its variables and its file.
import { SERVICE_VARIABLES } from '#logctl/config/aliases.js'
import { settingOf } from '#logctl/config/settings.js'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadFrom } from './load-from.js'

const FILE = readFileSync(new URL('../cases/config/service-file/config.yaml', import.meta.url), 'utf8')

test.each([
  ['LOG_INGESTION_BATCH_SIZE', '7', 7],
  ['LOG_INGESTION_BATCH_FLUSH_INTERVAL', '7s', 7000],
  ['LOG_INGESTION_RATELIMIT_ENABLED', 'false', false],
  ['LOG_INGESTION_RATELIMIT_DEFAULT_RPS', '7', 7],
  ['LOG_INGESTION_RATELIMIT_BURST', '9', 9],
  ['LOG_INGESTION_DB_HOST', 'db', 'db'],
  ['LOG_INGESTION_DB_PORT', '5433', 5433],
  ['LOG_INGESTION_DB_USER', 'u', 'u'],
  ['LOG_INGESTION_DB_NAME', 'logs', 'logs'],
  ['LOG_INGESTION_DB_SSLMODE', 'require', 'require'],
])('%s', async (variable, text, value) => {
  const key = SERVICE_VARIABLES[variable] ?? ''
  const { config, origins, warnings } = await loadFrom({ env: { [variable]: text } })
  expect([settingOf(config, key), origins.get(key)]).toEqual([value, `env ${variable}`])
  const isDatabase = key.startsWith('store.postgres.')
  expect(warnings).toEqual(isDatabase ? [expect.stringContaining('no store uses it yet')] : [])
})

test('the password is a secret', async () => {
  const { config } = await loadFrom({ env: { LOG_INGESTION_DB_PASSWORD: 'hush' } })
  expect(config.store.postgres.password?.open()).toBe('hush')
})

test.each([
  [{ LOG_INGESTION_SERVER_HOST: '10.0.0.1' }, '10.0.0.1:8080'],
  [{ LOG_INGESTION_SERVER_PORT: '9000' }, '0.0.0.0:9000'],
  [{ LOG_INGESTION_SERVER_HOST: '::1', LOG_INGESTION_SERVER_PORT: '9000' }, '[::1]:9000'],
  [{ LOG_INGESTION_SERVER_HOST: '10.0.0.1', LOGCTL_SERVER_LISTEN: ':1' }, ':1'],
])('host and port are the address to listen on: %j', async (env, listen) => {
  expect((await loadFrom({ env })).config.server.listen).toEqual([listen])
})

test('half an address in a variable joins the other half in the file', async () => {
  const file = 'server: {host: 10.0.0.1, port: 1}'
  const { config, origins } = await loadFrom({ file, env: { LOG_INGESTION_SERVER_PORT: '2' } })
  expect(config.server.listen).toEqual(['10.0.0.1:2'])
  expect(origins.get('server.listen')).toBe('env LOG_INGESTION_SERVER_PORT')
})

async function keysFrom(env: Readonly<Record<string, string>>) {
  const { keys } = (await loadFrom({ env })).config
  return keys.map(({ name, value, tenant }) => [name, value.open(), tenant])
}

test('keys are whole, also with a colon, and give way to LOGCTL_API_KEYS', async () => {
  const env = { LOG_INGESTION_API_KEYS: 'key1, key2:x' }
  expect(await keysFrom(env)).toEqual([
    ['api-1', 'key1', undefined],
    ['api-2', 'key2:x', undefined],
  ])
  expect(await keysFrom({ ...env, LOGCTL_API_KEYS: 'mine' })).toEqual([['api-1', 'mine', undefined]])
})

test('our variables win over the service’s, and those over the file', async () => {
  const file = 'batch: {size: 1}'
  const service = { LOG_INGESTION_BATCH_SIZE: '2' }
  expect((await loadFrom({ file, env: service })).config.batch.size).toBe(2)
  expect((await loadFrom({ file, env: { ...service, LOGCTL_BATCH_SIZE: '3' } })).config.batch.size).toBe(3)
})

test('an unknown variable of the service is a warning', async () => {
  expect((await loadFrom({ env: { LOG_INGESTION_BATCH_SIZ: '2' } })).warnings).toEqual([
    'the variable LOG_INGESTION_BATCH_SIZ is not known and does not count; did you mean LOG_INGESTION_BATCH_SIZE?',
  ])
})

test('the service’s file is understood whole', async () => {
  const { config, origins, file, warnings } = await loadFrom({ file: FILE })
  expect(config.server).toMatchObject({
    listen: ['0.0.0.0:8080'],
    read_timeout: 11_000,
    write_timeout: 12_000,
  })
  expect(config.store.postgres).toMatchObject({
    host: 'localhost',
    port: 5432,
    user: 'log_ingestion',
    dbname: 'logs',
  })
  expect(config.store.postgres.sslmode).toBe('require')
  expect(config.store.postgres.password?.open()).toBe('secure-password')
  expect(config.batch).toEqual({ size: 500, flush_interval: 4000 })
  expect(config.ratelimit).toMatchObject({ enabled: true, default_rps: 50, burst: 80 })
  expect(config.keys.map(({ name, value }) => [name, value.open()])).toEqual([
    ['file-1', 'key-one'],
    ['file-2', 'key-two'],
  ])
  expect(origins.get('store.postgres.host')).toBe(`file ${file ?? ''} (database.host)`)
  expect(origins.get('server.listen')).toBe(
    `file ${file ?? ''} (server.host), file ${file ?? ''} (server.port)`,
  )
  expect(origins.get('keys')).toBe(`file ${file ?? ''} (auth.api_keys)`)
  expect(warnings).toEqual([
    `store.postgres.host is understood, but no store uses it yet; records are kept in ${config.store.data}`,
  ])
})

test('auth: off at the top opens the doors', async () => {
  for (const file of ['auth: off', 'auth: false', 'server: {auth: off}']) {
    expect((await loadFrom({ file })).config.server.auth).toBe('off')
  }
})
