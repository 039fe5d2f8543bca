// The environment: a variable for every key, the short names, and those of the log-ingestion service.
import { VARIABLES } from '#logctl/config/env-layer.js'
import { SETTINGS, settingOf } from '#logctl/config/settings.js'
import { Secret } from '#logctl/secret.js'
import { describe, expect, test } from 'vitest'
import { loadFrom } from './load-from.js'

/** A value for each key that is not its default, as text; the second is what it becomes, where that differs. */
const EXAMPLES: Readonly<Record<string, readonly [string, unknown?]>> = {
  'server.listen': ['0.0.0.0:1, [::1]:2', ['0.0.0.0:1', '[::1]:2']],
  'server.metrics_listen': ['127.0.0.1:9', ['127.0.0.1:9']],
  'server.grpc_listen': ['127.0.0.1:9', ['127.0.0.1:9']],
  'server.auth': ['off'],
  'server.open_to': ['10.0.0.0/8', ['10.0.0.0/8']],
  'server.trusted_proxies': ['10.0.0.1,fd00::/8', ['10.0.0.1', 'fd00::/8']],
  'server.read_timeout': ['1s', 1000],
  'server.write_timeout': ['2s', 2000],
  'server.idle_timeout': ['3m', 180_000],
  'server.shutdown_timeout': ['1500ms', 1500],
  'server.max_connections': ['5', 5],
  'server.grpc_max_connections': ['5', 5],
  'server.max_connections_per_address': ['5', 5],
  'server.log_level': ['debug'],
  'server.log_format': ['json'],
  'server.echo': ['true', true],
  'syslog.listen': ['127.0.0.1:5514', ['127.0.0.1:5514']],
  'syslog.allow': ['10.0.0.0/8', ['10.0.0.0/8']],
  'syslog.tenant': ['acme'],
  'forward.listen': ['127.0.0.1:24224', ['127.0.0.1:24224']],
  'forward.allow': ['10.0.0.0/8', ['10.0.0.0/8']],
  'forward.tenant': ['acme'],
  'forward.shared_key': ['hush'],
  'store.kind': ['embedded'],
  'store.data': ['/data'],
  'store.min_free_bytes': ['1GB', 1e9],
  'store.segment_bytes': ['4MiB', 4 * 2 ** 20],
  'store.segment_age': ['1m', 60_000],
  'store.segment_idle': ['1s', 1000],
  'store.row_group_rows': ['4096', 4096],
  'store.compression_level': ['9', 9],
  'store.merge': ['no', false],
  'store.max_waiting_segments': ['9', 9],
  'store.memory': ['64MiB', 64 * 2 ** 20],
  'store.postgres.host': ['db'],
  'store.postgres.port': ['5433', 5433],
  'store.postgres.user': ['u'],
  'store.postgres.password': ['hush'],
  'store.postgres.dbname': ['d'],
  'store.postgres.sslmode': ['require'],
  'batch.size': ['10', 10],
  'batch.flush_interval': ['1s', 1000],
  'ratelimit.enabled': ['false', false],
  'ratelimit.default_rps': ['0.5', 0.5],
  'ratelimit.burst': ['3', 3],
  'ratelimit.bytes_per_second': ['1MB', 1e6],
  'ratelimit.events_per_second': ['10', 10],
  'ratelimit.stream_bytes_per_second': ['1MB', 1e6],
  'ratelimit.stream_events_per_second': ['10', 10],
  'ingest.labels': ['a,b', ['a', 'b']],
  'heroku.drains': ['d.1:shop:acme', [{ token: new Secret('d.1'), app: 'shop', tenant: 'acme' }]],
  'limits.body': ['1MiB', 2 ** 20],
  'limits.line': ['1KiB', 1024],
  'limits.record': ['2KiB', 2048],
  'limits.fields': ['5', 5],
  'limits.depth': ['6', 6],
  'limits.labels': ['7', 7],
  'limits.streams': ['8', 8],
  'limits.days': ['9', 9],
  'limits.ahead': ['0s', 0],
  'limits.max_age': ['1w', 7 * 86_400_000],
  'limits.in_flight': ['8MiB', 8 * 2 ** 20],
  'retention.age': ['1d', 86_400_000],
  'retention.auto': ['on', true],
  'query.timeout': ['5s', 5000],
  'query.max_rows': ['10', 10],
  'query.concurrency': ['3', 3],
  'query.memory': ['128MiB', 128 * 2 ** 20],
  'query.max_tails': ['4', 4],
  'mirror.path': ['/logs/%Y-%m-%d.log'],
  'mirror.errors': ['/logs/%Y/errors-%m-%d.log'],
  'client.server': ['https://h'],
  'client.dir': ['/logs'],
  'client.key': ['hush'],
  'client.ca': ['/etc/logctl/ca.pem'],
  'tls.certificate': ['/etc/logctl/server.pem'],
  'tls.key': ['/etc/logctl/server.key'],
  'tls.names': ['logs.example.com,10.0.0.1', ['logs.example.com', '10.0.0.1']],
  'tls.client_ca': ['/etc/logctl/clients.pem'],
  'tls.client_tenant': ['none'],
  'tls.min_version': ['TLSv1.3'],
  'client.tenant': ['acme'],
}

describe('every key has a variable that sets it', () => {
  test.each([...SETTINGS.values()].filter(({ key }) => key !== 'keys'))(
    '$variable',
    async ({ key, variable }) => {
      const [text, becomes] = EXAMPLES[key] ?? ['']
      const { config, origins, warnings } = await loadFrom({ env: { [variable]: text } })
      const value = settingOf(config, key)
      expect(typeof value === 'object' && value !== null && 'open' in value ? 'hush' : value).toEqual(
        becomes ?? text,
      )
      expect(origins.get(key)).toBe(`env ${variable}`)
      expect(warnings.filter((line) => line.includes('LOGCTL_'))).toEqual([])
    },
  )
})

test('no two names mean the same variable', () => {
  expect(new Set(VARIABLES).size).toBe(VARIABLES.length)
})

test.each([
  ['LOGCTL_SERVER', 'LOGCTL_CLIENT_SERVER', 'client.server', 'http://h:1'],
  ['LOGCTL_DATA', 'LOGCTL_STORE_DATA', 'store.data', '/data'],
])('%s wins over %s', async (short, long, key, value) => {
  const { config, origins } = await loadFrom({ env: { [short]: value, [long]: 'http://other' } })
  expect(settingOf(config, key)).toBe(value)
  expect(origins.get(key)).toBe(`env ${short}`)
})

test('LOGCTL_KEY is the key of commands', async () => {
  expect((await loadFrom({ env: { LOGCTL_KEY: 'hush' } })).config.client.key?.open()).toBe('hush')
})

test('LOGCTL_API_KEYS adds keys, bound to a tenant behind a colon', async () => {
  const file = 'keys: [{name: web, value: w}]'
  const {
    config,
    origins,
    file: path,
  } = await loadFrom({ file, env: { LOGCTL_API_KEYS: 'one, two:acme,,three:a:b' } })
  expect(config.keys.map(({ name, value, tenant }) => [name, value.open(), tenant])).toEqual([
    ['web', 'w', undefined],
    ['api-1', 'one', undefined],
    ['api-2', 'two', 'acme'],
    ['api-3', 'three', 'a:b'],
  ])
  expect(origins.get('keys')).toBe(`file ${path ?? ''}, env LOGCTL_API_KEYS`)
  expect(JSON.stringify(config)).not.toContain('three')
})

test('an empty variable is no variable', async () => {
  const env = {
    LOGCTL_BATCH_SIZE: '',
    LOGCTL_API_KEYS: ' ',
    LOG_INGESTION_BATCH_SIZE: '',
    LOGCTL_UNKNOWN: '',
  }
  const { config, origins, warnings } = await loadFrom({ env })
  expect([config.batch.size, config.keys, origins.get('batch.size'), warnings]).toEqual([
    1000,
    [],
    'default',
    [],
  ])
})

test('an unknown variable is a warning that names the nearest', async () => {
  const { warnings } = await loadFrom({
    env: { LOGCTL_SERVER_LISTNE: 'x', LOGCTL_QQQQQQQQQQQQQQQQQQQ: 'x', LOGCTLX: 'x' },
  })
  expect(warnings).toEqual([
    'the variable LOGCTL_SERVER_LISTNE is not known and does not count; did you mean LOGCTL_SERVER_LISTEN?',
    'the variable LOGCTL_QQQQQQQQQQQQQQQQQQQ is not known and does not count',
  ])
})

test('what Kubernetes writes for a Service of our name is passed over in silence', async () => {
  const env = {
    LOGCTL_SERVICE_HOST: '10.0.0.1',
    LOGCTL_SERVICE_PORT: '8080',
    LOGCTL_SERVICE_PORT_HTTP: '8080',
    LOGCTL_PORT: 'tcp://10.0.0.1:8080',
    LOGCTL_PORT_8080_TCP: 'tcp://10.0.0.1:8080',
    LOGCTL_PORT_8080_TCP_PROTO: 'tcp',
    LOGCTL_PORT_8080_TCP_PORT: '8080',
    LOGCTL_PORT_8080_TCP_ADDR: '10.0.0.1',
    LOGCTL_SERVER_SERVICE_HOST: '10.0.0.1',
    LOGCTL_SERVER_PORT: 'tcp://10.0.0.1:8080',
    LOG_INGESTION_SERVER_PORT: 'tcp://10.0.0.1:8080',
  }
  const { config, warnings } = await loadFrom({ env })
  expect([warnings, config.server.listen, config.client.server]).toEqual([[], ['127.0.0.1:8080'], undefined])
})
