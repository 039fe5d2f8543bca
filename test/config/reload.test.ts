// Which changes a running server takes over.
import { reloadable } from '#logctl/config/reload.js'
import { expect, test } from 'vitest'
import { loadFrom } from './load-from.js'

const before = 'retention: {age: 30d}\nkeys: [{name: a, value: one}]'

test('nothing changed', async () => {
  const [a, b] = [
    await loadFrom({ file: before, env: { LOGCTL_DATA: '/d' } }),
    await loadFrom({ file: before, env: { LOGCTL_DATA: '/d' } }),
  ]
  expect(reloadable(a.config, b.config)).toEqual({ changed: [], ignored: [] })
})

test.each([
  ['retention: {age: 30d}\nkeys: [{name: a, value: two}]', ['keys'], []],
  ['keys: [{name: a, value: one, scopes: [read]}]', ['keys'], []],
  [`${before}\nratelimit: {burst: 5}`, ['ratelimit.burst'], []],
  [`${before}\nlimits: {line: 2MiB, max_age: 1d}`, ['limits.line', 'limits.max_age'], []],
  [
    'retention: {age: 1d, auto: true}\nkeys: [{name: a, value: one}]',
    ['retention.age', 'retention.auto'],
    [],
  ],
  [`${before}\nserver: {log_level: debug, listen: ":1"}`, ['server.log_level'], ['server.listen']],
  [
    `${before}\nquery: {timeout: 1s, max_rows: 5, max_tails: 1, memory: 1GiB}`,
    ['query.timeout', 'query.max_rows', 'query.max_tails'],
    ['query.memory'],
  ],
  [
    `${before}\nstore: {merge: false, postgres: {password: x}}`,
    [],
    ['store.merge', 'store.postgres.password'],
  ],
  [`${before}\nserver: {open_to: [10.0.0.0/8]}`, [], ['server.open_to']],
  [`${before}\nclient: {server: "http://h"}`, [], []],
])('%s', async (after, changed, ignored) => {
  const env = { LOGCTL_DATA: '/d' }
  const [a, b] = [await loadFrom({ file: before, env }), await loadFrom({ file: after, env })]
  expect(reloadable(a.config, b.config)).toEqual({ changed, ignored })
})
