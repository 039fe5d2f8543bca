// Each check of the doctor with what it takes for well, for late and for wrong.
import { chmodSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Health, ServerStatus } from '#logctl/client/answers.js'
import type { StoreStatus } from '#logctl/record/store-status.js'
import type { Patient } from '#logctl/upkeep/doctor/check.js'
import { CHECKS, examine } from '#logctl/upkeep/doctor/index.js'
import { tempFolder } from '../../temp-folder.js'

const NOW = Date.UTC(2025, 0, 11, 12)
const GIB = 2 ** 30

const STORE: StoreStatus = {
  kind: 'embedded',
  path: '/data',
  state: 'ok',
  days: 3,
  parts: 4,
  segments: 1,
  hot_bytes: 10,
  stored_bytes: 100,
  newest_sequence: 9,
  newest_arrival: '2025-01-11T11:59:00Z',
  disk_free_bytes: 50 * GIB,
  disk_total_bytes: 100 * GIB,
  damaged: [],
}

const HEALTH: Health = {
  status: 'ok',
  version: '1.0.0',
  uptime_s: 5,
  store: { kind: 'embedded', state: 'ok' },
  disk: null,
  checks: [{ name: 'store', status: 'ok' }],
}

const SERVER: ServerStatus = {
  version: '1.0.0',
  pid: process.pid,
  started: '2025-01-11T11:00:00Z',
  uptime_s: 5,
  listeners: [],
  tails: 0,
  doors: [],
  keys: [],
  store: STORE,
  memory: { rss_bytes: 1, heap_bytes: 1, external_bytes: 1, in_flight_bytes: 0 },
}

function patient(differs: Partial<Patient> = {}): Patient {
  const none = { data: undefined, url: undefined, ca: undefined, trouble: undefined, warnings: [] }
  const usual = { health: HEALTH, server: SERVER, store: STORE, version: '1.0.0', nowMs: NOW }
  return { ...none, ...usual, minFreeBytes: GIB / 2, configuredKeys: 1, ...differs }
}

async function verdict(name: string, differs: Partial<Patient>): Promise<string | undefined> {
  return (await examine(patient(differs), { deep: false })).find((one) => one.name === name)?.status
}

function dataFolder(mode = 0o750): string {
  const data = tempFolder({ 'keys.json': '{"format":1,"keys":[{"hash":"a"}]}' })
  chmodSync(path.join(data, 'keys.json'), 0o640)
  chmodSync(data, mode)
  return data
}

test('every check has a name of its own', () => {
  expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length)
})

test('a machine that is well has nothing wrong, and nothing to do', async () => {
  const examined = await examine(patient({ data: dataFolder() }), { deep: false })
  expect(examined.filter(({ status }) => status !== 'ok')).toEqual([])
  expect(examined.length).toBeGreaterThan(8)
})

test.each<[string, string, Partial<Patient>]>([
  ['store', 'wrong', { store: { ...STORE, state: 'full' } }],
  ['store', 'wrong', { store: undefined, trouble: 'unreadable' }],
  ['disk', 'wrong', { store: { ...STORE, disk_free_bytes: 1000 } }],
  ['disk', 'warning', { store: { ...STORE, disk_free_bytes: 15 * GIB } }],
  ['damage', 'wrong', { store: { ...STORE, damaged: ['damaged/part-1'] } }],
  ['backlog', 'warning', { store: { ...STORE, segments: 9 } }],
  ['clock', 'wrong', { nowMs: NOW - 3_600_000 }],
  ['clock', 'warning', { nowMs: NOW + 3 * 86_400_000 }],
  ['server', 'warning', { health: undefined, server: undefined }],
  ['server', 'wrong', { server: undefined, trouble: 'needs a key' }],
  ['health', 'wrong', { health: { ...HEALTH, checks: [{ name: 'store', status: 'down' }] } }],
  ['version', 'warning', { version: '1.1.0' }],
  ['mirror', 'wrong', { server: { ...SERVER, mirror: { path: '/m', state: 'failed', behind: 0 } } }],
  ['mirror', 'warning', { server: { ...SERVER, mirror: { path: '/m', state: 'ok', behind: 1e6 } } }],
  ['secrets', 'wrong', { warnings: ['x.yml holds secrets and others may read it'] }],
])('%s: %s', async (name, status, differs) => {
  expect(await verdict(name, differs)).toBe(status)
})

test('a folder that others can read, or that is none', async () => {
  expect(await verdict('data folder', { data: dataFolder(0o755) })).toBe('wrong')
  expect(await verdict('data folder', { data: '/nowhere/at/all' })).toBe('wrong')
  const data = dataFolder()
  writeFileSync(path.join(data, 'format.json'), '{}')
  chmodSync(path.join(data, 'format.json'), 0o644)
  expect(await verdict('data folder', { data })).toBe('wrong')
})

test('keys: none at all, and a file of them that others can read', async () => {
  expect(await verdict('keys', { data: tempFolder({}), configuredKeys: 0 })).toBe('warning')
  const data = dataFolder()
  chmodSync(path.join(data, 'keys.json'), 0o644)
  expect(await verdict('keys', { data })).toBe('wrong')
})

test('ports and addresses: one that listens, and one that no longer does', async () => {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const url = `http://127.0.0.1:${port}`
  const listening = { ...SERVER, listeners: [{ name: 'http', kind: 'http' as const, url, connections: 0 }] }
  const seen = { data: dataFolder(), server: listening }
  expect([await verdict('ports', seen), await verdict('addresses', { url })]).toEqual(['ok', 'ok'])
  expect(await verdict('certificate', { url: url.replace('http:', 'https:') })).toBe('wrong')
  await new Promise((resolve) => server.close(resolve))
  expect([await verdict('ports', seen), await verdict('addresses', { url })]).toEqual(['wrong', 'wrong'])
})

test('every verdict that is not well says what to do', async () => {
  const ill = patient({ data: dataFolder(0o777), store: undefined, server: undefined, health: undefined })
  for (const { status, fix } of await examine(ill, { deep: true }))
    expect(status === 'ok' || (fix ?? '') !== '').toBe(true)
})
