// Where values come from, and which source wins.
import { loadConfig } from '#logctl/config/load.js'
import { Secret } from '#logctl/secret.js'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadFrom } from './load-from.js'
import { tempFolder } from '../temp-folder.js'

test('without anything the defaults count, in ms and bytes', async () => {
  const { config, origins, warnings, file, folder } = await loadFrom({})
  expect(config.server).toMatchObject({ listen: ['127.0.0.1:8080'], read_timeout: 10_000, auth: 'on' })
  expect(config.store).toMatchObject({ segment_age: 300_000, min_free_bytes: 2 ** 29, memory: 'auto' })
  expect(config.limits).toMatchObject({ body: 'auto', ahead: 600_000 })
  expect(config.retention).toEqual({ age: 30 * 86_400_000, auto: false })
  expect(config.keys).toEqual([])
  expect(config.store.data).toBe(join(folder, 'home/.local/share/logctl'))
  expect(new Set(origins.values())).toEqual(new Set(['default']))
  expect([warnings, file]).toEqual([[], undefined])
})

test('root keeps its data where services do', async () => {
  expect((await loadFrom({ isRoot: true })).config.store.data).toBe('/var/lib/logctl')
})

test('a flag wins over a variable, a variable over the file, the file over the default', async () => {
  const file = 'server: {log_level: warn}'
  const env = { LOGCTL_SERVER_LOG_LEVEL: 'error' }
  const flags = { 'log-level': 'debug', json: true, quiet: undefined }
  const loaded = [
    await loadFrom({}),
    await loadFrom({ file }),
    await loadFrom({ file, env }),
    await loadFrom({ file, env, flags }),
  ]
  expect(loaded.map(({ config }) => config.server.log_level)).toEqual(['info', 'warn', 'error', 'debug'])
  expect(loaded.map(({ origins }) => origins.get('server.log_level'))).toEqual([
    'default',
    `file ${loaded[1]?.file ?? ''}`,
    'env LOGCTL_SERVER_LOG_LEVEL',
    'flag --log-level',
  ])
})

test.each([
  ['listen', ['0.0.0.0:1', '[::]:1'], 'server.listen'],
  ['metrics-listen', ['127.0.0.1:9'], 'server.metrics_listen'],
  ['log-level', 'trace', 'server.log_level'],
  ['echo', true, 'server.echo'],
  ['store', 'embedded', 'store.kind'],
  ['data', '/d', 'store.data'],
  ['server', 'http://h:1', 'client.server'],
  ['tenant', 'a|b', 'client.tenant'],
])('the flag --%s', async (flag, value, key) => {
  const { config, origins } = await loadFrom({ flags: { [flag]: value } })
  const [section, name] = key.split('.') as ['server', 'listen']
  expect(config[section][name]).toEqual(value)
  expect(origins.get(key)).toBe(`flag --${flag}`)
})

test('the flag --key is a secret', async () => {
  const { config } = await loadFrom({ flags: { key: 'hush' } })
  expect(config.client.key?.open()).toBe('hush')
  expect(JSON.stringify(config)).not.toContain('hush')
})

describe('the file', () => {
  const places = [
    'work/logctl.yml',
    'home/.config/logctl/logctl.yml',
    'home/.config/logctl/config.yml',
    'etc/logctl.yml',
  ]

  test.each(places)('%s is found before those behind it', async (place) => {
    const behind = places.slice(places.indexOf(place))
    const folder = tempFolder(
      Object.fromEntries(behind.map((path, at) => [path, `batch: {size: ${at + 1}}`])),
    )
    const cwd = join(folder, 'work')
    mkdirSync(cwd, { recursive: true })
    const where = { cwd, home: join(folder, 'home'), etc: join(folder, 'etc'), isRoot: false, env: {} }
    const { config, file } = await loadConfig({ ...where, flags: {} })
    expect([config.batch.size, file]).toEqual([1, join(folder, place)])
  })

  test('named by --config is the only one', async () => {
    const beside = { 'other.yml': 'batch: {size: 7}' }
    const { config, file, folder } = await loadFrom({
      file: 'batch: {size: 1}',
      beside,
      flags: { config: 'other.yml' },
    })
    expect([config.batch.size, file]).toEqual([7, join(folder, 'other.yml')])
  })

  test('may be empty, or have empty sections and keys', async () => {
    for (const file of ['', '# only talk\n', 'server:\nbatch:\n  size:\n']) {
      expect((await loadFrom({ file })).config.batch.size).toBe(1000)
    }
  })

  test('may be JSON', async () => {
    expect((await loadFrom({ file: '{"batch":{"size":5}}' })).config.batch.size).toBe(5)
  })

  test('has paths from where it lies, and from the home folder', async () => {
    const near = await loadFrom({ file: 'store: {data: data}' })
    expect(near.config.store.data).toBe(join(near.folder, 'data'))
    const home = await loadFrom({ file: 'store: {data: ~/logs}' })
    expect(home.config.store.data).toBe(join(home.folder, 'home/logs'))
    expect((await loadFrom({ file: 'store: {data: /m/logs}' })).config.store.data).toBe('/m/logs')
  })

  test('with secrets that others may read is reported, and only then', async () => {
    const secrets = [
      'keys: [{name: a, value: s}]',
      'client: {key: s}',
      'database: {password: s}',
      'auth: {api_keys: [s]}',
    ]
    const plain = ['keys: [{name: a, env: A}]', 'client: {server: http://h}']
    for (const [texts, expected] of [
      [secrets, 1],
      [plain, 0],
    ] as const) {
      for (const text of texts) {
        const folder = tempFolder()
        const path = join(folder, 'logctl.yml')
        writeFileSync(path, text, { mode: 0o644 })
        const where = { cwd: folder, home: folder, etc: folder, isRoot: false, env: { A: 'a' } }
        const { warnings } = await loadConfig({ ...where, flags: {} })
        expect(warnings.filter((line) => line.startsWith(path)).length).toBe(expected)
      }
    }
  })

  test('with secrets that only its owner may read is not reported', async () => {
    expect((await loadFrom({ file: 'client: {key: s}' })).warnings).toEqual([])
  })
})

test('a configuration cannot be changed', async () => {
  const { config } = await loadFrom({ env: { LOGCTL_API_KEYS: 'a' } })
  const frozen = [
    config,
    config.server,
    config.server.listen,
    config.store.postgres,
    config.keys,
    config.keys[0],
  ]
  expect(frozen.every((part) => Object.isFrozen(part))).toBe(true)
  expect(config.keys[0]?.value).toBeInstanceOf(Secret)
})
