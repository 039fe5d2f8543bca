// What `config show` shows, and the JSON Schema for editors.
import { configJsonSchema } from '#logctl/config/json-schema.js'
import { SETTINGS } from '#logctl/config/settings.js'
import { shownSettings } from '#logctl/config/show.js'
import { expect, test } from 'vitest'
import { loadFrom } from './load-from.js'

test('every key with its value and origin; times and sizes as they were written; secrets hidden', async () => {
  const file = 'retention: {age: 1w}\nlimits: {body: 1048576}\nkeys: [{name: a, value: hush, tenant: t}]'
  const env = {
    LOGCTL_KEY: 'hush',
    LOGCTL_LIMITS_LINE: '2MiB',
    LOGCTL_BATCH_SIZE: '5',
    LOGCTL_STORE_POSTGRES_PASSWORD: 'hush',
  }
  const loaded = await loadFrom({ file, env })
  const rows = shownSettings(loaded)
  const row = (key: string) => rows.find((shown) => shown.key === key)
  expect(rows.map(({ key }) => key)).toEqual([...SETTINGS.keys()])
  expect(row('retention.age')).toEqual({
    key: 'retention.age',
    value: '1w',
    origin: `file ${loaded.file ?? ''}`,
  })
  expect(row('limits.body')?.value).toBe(1_048_576)
  expect(row('limits.line')).toMatchObject({ value: '2MiB', origin: 'env LOGCTL_LIMITS_LINE' })
  expect(row('limits.record')).toMatchObject({ value: '8MiB', origin: 'default' })
  expect(row('batch.size')?.value).toBe(5)
  expect(row('limits.max_age')).toMatchObject({ value: null, origin: 'default' })
  expect(row('client.key')).toMatchObject({ value: '[redacted]', origin: 'env LOGCTL_KEY' })
  expect(row('keys')?.value).toEqual([
    { name: 'a', value: '[redacted]', tenant: 't', scopes: ['ingest', 'read'] },
  ])
  expect(JSON.stringify([rows, [...loaded.written], [...loaded.origins]])).not.toContain('hush')
})

test('the JSON Schema explains every key and knows no other', () => {
  interface Node {
    readonly properties?: Readonly<Record<string, Node>>
    readonly description?: string
    readonly additionalProperties?: unknown
    readonly default?: unknown
  }
  const schema = configJsonSchema() as Node
  for (const { key, about, fallback } of SETTINGS.values()) {
    let node: Node | undefined = schema
    for (const part of key.split('.')) {
      expect(node?.additionalProperties).toBe(false)
      node = node?.properties?.[part]
    }
    expect([node?.description, node?.default]).toEqual([about, fallback])
  }
  expect(JSON.parse(JSON.stringify(schema))).toMatchObject({ title: 'logctl.yml', type: 'object' })
})
