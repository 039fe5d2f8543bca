// A configuration with mistakes: every one is named with its place and a way out, all at once, and no secret shown.
import { expect, test } from 'vitest'
import { loadFrom, refusalOf } from './load-from.js'

test.each([
  ['server: {lisen: x}', 'server.lisen: unknown key; did you mean listen?'],
  ['sever: {listen: x}', 'sever: unknown key; did you mean server?'],
  ['listen: x', 'listen: unknown key; did you mean server.listen?'],
  ['store: {postgres: {pasword: x}}', 'store.postgres.pasword: unknown key; did you mean password?'],
  ['__proto__: {a: 1}', '__proto__: unknown key'],
  ['constructor: 1', 'constructor: unknown key'],
  ['retention: 30d', 'retention: must be a section with age, auto'],
  ['[1, 2]', 'the file: must be a section with server, syslog'],
  ['just text', 'the file: must be a section with server, syslog'],
  [
    'server: {read_timeout: 10}',
    'server.read_timeout: must be a duration such as 30s, 15m or 30d (24d at most), not 10',
  ],
  [
    'server: {read_timeout: {a: 1}}',
    'server.read_timeout: must be a duration such as 30s, 15m or 30d (24d at most)',
  ],
  ['server: {listen: [8080]}', 'server.listen: must be a list of addresses'],
  ['server: {listen: [localhost]}', '"localhost" is none'],
  ['server: {open_to: [10.0.0.0/99]}', '"10.0.0.0/99" is none'],
  [
    'server: {log_level: loud}',
    'server.log_level: must be one of trace, debug, info, warn, error, fatal, not "loud"',
  ],
  ['store: {kind: postgres}', 'store.kind: must be embedded, not "postgres"'],
  ['batch: {size: 0}', 'batch.size: must be a whole number from 1 to 1000000, not 0'],
  ['retention: {age: 0s}', 'retention.age: must be a duration'],
  ['ingest: {labels: ["a b"]}', '"a b" is none'],
  [
    'limits: {body: 1XB}',
    'limits.body: must be auto, or a size of at least 1024 bytes such as 65536, 16MiB or 1GB, not "1XB"',
  ],
  [
    'client: {server: "ftp://x"}',
    'client.server: must be a URL such as https://logs.example.com, not "ftp://x"',
  ],
  ['server: {listen: ":1", port: 2}', 'server: has listen, and host or port; give one form'],
  ['server: {host: 0.0.0.0, port: high}', 'server.listen: must be a list of addresses'],
  ['keys: web', 'keys: must be a list of keys'],
  ['keys: [{name: a}]', 'keys[0]: needs one of value, env and file'],
  ['keys: [{name: a, value: b, env: C}]', 'keys[0]: needs one of value, env and file'],
  ['keys: [{name: a b, value: c}]', 'keys[0].name: must be a name of letters'],
  ['keys: [{name: a, valu: c}]', 'keys[0].valu: unknown key; did you mean value?'],
  ['keys: [{name: a, value: c, tenant: "x|y"}]', 'keys[0].tenant: must be a tenant'],
  ['keys: [{name: a, value: c, scopes: [write]}]', '"write" is none'],
  ['keys: [{name: a, value: c, scopes: []}]', 'keys[0].scopes: must name a scope'],
  ['keys: [{name: a, value: b}, {name: a, value: c}]', 'keys[1]: another key has the name a'],
  ['auth: {api_keys: [5]}', 'auth.api_keys: must be a list of texts'],
  ['auth: {mode: x}', 'auth.mode: unknown key'],
])('%s', async (file, says) => {
  const refusal = await refusalOf({ file })
  expect(refusal.code).toBe('CONFIG_INVALID')
  expect(refusal.message).toContain(says)
  expect(refusal.message).toContain('logctl.yml')
})

test('every problem is named with its line', async () => {
  const file =
    'server:\n  lisen: x\n\nbatch:\n  # a comment\n  size: none\nkeys:\n  - name: ok\n    value: v\n  - name: ok2\n    env: NOT_SET\n'
  const { message } = await refusalOf({ file })
  const lines = message.split('\n')
  expect(lines.map((line) => /^(\S+): .*, line (\d+)\)$/.exec(line)?.slice(1))).toEqual([
    ['server.lisen', '2'],
    ['batch.size', '6'],
    ['keys[1]', '10'],
  ])
  expect(lines[2]).toContain('NOT_SET')
})

test('hundreds of problems are not all spelled out', async () => {
  const file = Array.from({ length: 300 }, (_, at) => `qqqqqq${at}: 1`).join('\n')
  const { message } = await refusalOf({ file })
  expect(message.split('\n')).toHaveLength(21)
  expect(message).toContain('and 280 more')
})

test.each([
  ['a: [1', /line \d+/],
  ['a: 1\na: 2', /line 2/],
  ['\tserver: 1', /line 1/],
  ['server:\n  a: "x', /line \d+/],
  ['a: 1\n---\nb: 2', /line \d+/],
])('YAML that is none: %s', async (file, where) => {
  const refusal = await refusalOf({ file })
  expect(refusal.code).toBe('CONFIG_INVALID')
  expect(refusal.message).toMatch(where)
  expect(refusal.hints.length).toBeGreaterThan(0)
})

test('a bomb of aliases does not go off', async () => {
  const bomb = ['a0: &a0 [x]']
  for (let at = 1; at < 10; at++) {
    bomb.push(`a${at}: &a${at} [${Array.from({ length: 9 }, () => `*a${at - 1}`).join(', ')}]`)
  }
  expect((await refusalOf({ file: bomb.join('\n') })).code).toBe('CONFIG_INVALID')
})

test('a file nested beyond all measure is refused', async () => {
  expect((await refusalOf({ file: '['.repeat(50_000) })).code).toBe('CONFIG_INVALID')
})

test('a file beyond all measure is not read', async () => {
  expect((await refusalOf({ file: `# ${'x'.repeat(1_048_576)}` })).message).toContain('at most 1048576')
})

test('a file named by --config must be there, and be a file', async () => {
  for (const config of ['missing.yml', '.']) {
    const refusal = await refusalOf({ flags: { config } })
    expect([refusal.code, refusal.message]).toEqual([
      'CONFIG_INVALID',
      expect.stringContaining('cannot be read'),
    ])
  }
})

test('a wrong variable and a wrong flag are named', async () => {
  expect((await refusalOf({ env: { LOGCTL_BATCH_SIZE: 'many' } })).message).toContain(
    'batch.size: must be a whole number from 1 to 1000000, not "many" (env LOGCTL_BATCH_SIZE)',
  )
  expect((await refusalOf({ flags: { listen: ['x'] } })).message).toContain('(flag --listen)')
})

test('no refusal quotes a secret', async () => {
  const files = [
    'client: {key: 918273}',
    'client: {key: [918273]}',
    'store: {postgres: {password: 918273}}',
    'database: {password: 918273}',
    'keys: [{name: a, value: 918273}]',
    'keys: 918273',
    'auth: {api_keys: [918273]}',
  ]
  for (const file of files) expect(JSON.stringify(await refusalOf({ file }))).not.toContain('918273')
})

test('keys that cannot be found are named with their variable or file', async () => {
  const beside = { 'empty.key': '\n', 'long.key': 'x'.repeat(5000) }
  const cases = [
    ['env: WEB_KEY', 'the key web is in the variable WEB_KEY, which is not set'],
    ['file: none.key', 'none.key of the key web cannot be read (ENOENT)'],
    ['file: empty.key', 'empty.key of the key web is empty'],
    ['file: long.key', 'long.key of the key web is longer than 4096 bytes'],
  ] as const
  for (const [where, says] of cases) {
    expect((await refusalOf({ file: `keys: [{name: web, ${where}}]`, beside })).message).toContain(says)
  }
})

test('keys are found in variables and files, from where the configuration lies', async () => {
  const beside = { 'keys/read.key': 'from-file\n' }
  const file =
    'keys:\n  - {name: a, env: A_KEY, tenant: acme, rps: 5, burst: 9}\n  - {name: b, file: keys/read.key, scopes: read}'
  const { config } = await loadFrom({ file, beside, env: { A_KEY: ' from-env ' } })
  expect(config.keys).toMatchObject([
    { name: 'a', tenant: 'acme', scopes: ['ingest', 'read'], limits: { rps: 5, burst: 9 } },
    { name: 'b', tenant: undefined, scopes: ['read'], limits: {} },
  ])
  expect(config.keys.map(({ value }) => value.open())).toEqual(['from-env', 'from-file'])
})

test('two names for one key are a warning', async () => {
  const { warnings } = await loadFrom({ file: 'keys: [{name: a, value: k}]', env: { LOGCTL_API_KEYS: 'k' } })
  expect(warnings).toEqual(['the keys a and api-1 have the same value; only a counts'])
})
