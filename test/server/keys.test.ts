// The ring of keys: what it finds, how it follows keys.json, and that it never opens by accident.
import { Secret } from '#logctl/secret.js'
import { createKey, revokeKey, rotateKey } from '#logctl/server/key-admin.js'
import { openKeyRing, type KeyRing } from '#logctl/server/keys.js'
import type { ConfigKey } from '#logctl/config/schema.js'
import type { LogctlError } from '#logctl/errors.js'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'

const START = Date.parse('2025-01-11T09:00:00Z')

function configured(name: string, value: string, more: Partial<ConfigKey> = {}): ConfigKey {
  const plain = { tenant: undefined, scopes: ['ingest', 'read'] as const, limits: {} }
  return { name, value: new Secret(value), ...plain, ...more }
}

interface Opened {
  readonly ring: KeyRing
  readonly damages: LogctlError[]
  /** Moves the clock. */
  readonly pass: (ms: number) => number
}

function open(dataFolder: string, keys: readonly ConfigKey[] = []): Opened {
  let now = START
  const damages: LogctlError[] = []
  const ring = openKeyRing({
    dataFolder,
    configured: keys,
    nowMs: () => now,
    onDamage: (failure) => damages.push(failure),
  })
  return { ring, damages, pass: (ms) => (now += ms) }
}

test('keys of the configuration are found by their text alone', () => {
  const { ring } = open(tempFolder(), [
    configured('web', 'one', { tenant: 'acme', scopes: ['ingest'], limits: { rps: 5, burst: 9 } }),
  ])
  expect(ring.find('one')).toEqual({
    id: 'config:web',
    name: 'web',
    tenant: 'acme',
    scopes: new Set(['ingest']),
    limits: { rps: 5, burst: 9 },
  })
  for (const wrong of ['', 'on', 'one ', 'ONE', 'web', 'x'.repeat(5000)])
    expect(ring.find(wrong)).toBeUndefined()
})

test('of two names for one text the first counts', () => {
  const { ring } = open(tempFolder(), [configured('a', 'same'), configured('b', 'same')])
  expect(ring.find('same')?.name).toBe('a')
})

test('a made key is found without a restart, at most a second later', async () => {
  const folder = tempFolder()
  const { ring, pass } = open(folder)
  expect(ring.isEmpty()).toBe(true)
  const { key, id } = await createKey(folder, { name: 'web', tenant: 'acme', scopes: ['read'], now: START })
  expect(ring.find(key)).toBeUndefined()
  pass(1000)
  expect(ring.find(key)).toMatchObject({ id, name: 'web', tenant: 'acme', scopes: new Set(['read']) })
  expect(ring.isEmpty()).toBe(false)
})

test('a clock that was set back does not stop it from looking', async () => {
  const folder = tempFolder()
  const { ring, pass } = open(folder)
  const { key } = await createKey(folder, { name: 'web', now: START })
  pass(-3_600_000)
  expect(ring.find(key)?.name).toBe('web')
})

test('both texts of a rotated key are good until the grace is over', async () => {
  const folder = tempFolder()
  const old = await createKey(folder, { name: 'web', now: START })
  const next = await rotateKey(folder, 'web', { graceMs: 10_000, now: START })
  const { ring, pass } = open(folder)
  expect([ring.find(old.key)?.id, ring.find(next.key)?.id]).toEqual([old.id, next.id])
  pass(9999)
  expect(ring.find(old.key)?.id).toBe(old.id)
  pass(1)
  expect([ring.find(old.key), ring.find(next.key)?.id]).toEqual([undefined, next.id])
})

test('a revoked key is unknown, and the ring is not empty for it', async () => {
  const folder = tempFolder()
  const { key } = await createKey(folder, { name: 'web', now: START })
  const { ring, pass } = open(folder)
  expect(ring.find(key)).toBeDefined()
  await revokeKey(folder, 'web', { now: START })
  pass(1000)
  expect([ring.find(key), ring.isEmpty()]).toEqual([undefined, false])
  expect(open(folder).ring.isEmpty()).toBe(false)
})

test('a file that vanishes takes its keys with it, but does not open the server', async () => {
  const folder = tempFolder()
  const { key } = await createKey(folder, { name: 'web', now: START })
  const { ring, pass } = open(folder)
  rmSync(join(folder, 'keys.json'))
  pass(1000)
  expect([ring.find(key), ring.isEmpty()]).toEqual([undefined, false])
})

test('a damaged file is reported once, and the ring keeps what it had', async () => {
  const folder = tempFolder()
  const { key } = await createKey(folder, { name: 'web', now: START })
  const { ring, damages, pass } = open(folder)
  writeFileSync(join(folder, 'keys.json'), '{"format":1,')
  for (let at = 0; at < 3; at++) {
    pass(1000)
    expect(ring.find(key)?.name).toBe('web')
  }
  expect(damages.map(({ code }) => code)).toEqual(['CONFIG_INVALID'])
  writeFileSync(join(folder, 'keys.json'), '{"format":1,"keys":[]}')
  pass(1000)
  expect([ring.find(key), damages.length]).toEqual([undefined, 1])
})

test('a file that is damaged from the start is refused', () => {
  expect(() => open(tempFolder({ 'keys.json': 'x' }))).toThrow('damaged')
})

test('a configuration that was read again replaces its keys, and only those', async () => {
  const folder = tempFolder()
  const { key } = await createKey(folder, { name: 'made', now: START })
  const { ring } = open(folder, [configured('a', 'one')])
  ring.setConfigured([configured('a', 'two')])
  expect([ring.find('one'), ring.find('two')?.name, ring.find(key)?.name]).toEqual([undefined, 'a', 'made'])
})

test('a server whose keys are taken out of the configuration does not open', () => {
  const { ring } = open(tempFolder(), [configured('a', 'one')])
  ring.setConfigured([])
  expect([ring.find('one'), ring.isEmpty()]).toEqual([undefined, false])
})
