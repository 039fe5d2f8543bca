// Making, replacing and revoking keys in keys.json: what is kept, what is refused, and many writers at once.
import { createKey, hashOfKey, listKeys, revokeKey, rotateKey } from '#logctl/server/key-admin.js'
import { LogctlError } from '#logctl/errors.js'
import { execFile } from 'node:child_process'
import {
  chownSync,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
  utimesSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'

const NOW = Date.parse('2025-01-11T09:00:00Z')
const DAY = 86_400_000

const names = (folder: string, now = NOW) =>
  listKeys(folder, { now }).map(({ name, state }) => `${name} ${state}`)

async function codeOf(work: Promise<unknown>): Promise<string> {
  const failure: unknown = await work.catch((error: unknown) => error)
  return failure instanceof LogctlError ? failure.code : `no failure: ${String(failure)}`
}

test('a key is made of 256 random bits and kept only as a hash', async () => {
  const folder = join(tempFolder(), 'not', 'yet')
  const made = await createKey(folder, { name: 'web', tenant: 'acme', now: NOW })
  expect(made).toMatchObject({ name: 'web', tenant: 'acme', scopes: ['ingest', 'read'] })
  expect(made.key).toMatch(/^lk_[A-Za-z0-9_-]{43}$/)
  const text = readFileSync(join(folder, 'keys.json'), 'utf8')
  expect(text).not.toContain(made.key)
  expect(JSON.parse(text)).toEqual({
    format: 1,
    keys: [
      {
        id: made.id,
        name: 'web',
        hash: hashOfKey(made.key),
        prefix: made.key.slice(0, 8),
        tenant: 'acme',
        scopes: ['ingest', 'read'],
        created: '2025-01-11T09:00:00.000Z',
      },
    ],
  })
  expect(JSON.stringify(listKeys(folder, { now: NOW }))).not.toContain(hashOfKey(made.key))
})

test('the file is readable by its group only, and nothing is left beside it', async () => {
  const folder = tempFolder()
  const before = process.umask(0o077)
  try {
    await createKey(folder, { name: 'web', now: NOW })
  } finally {
    process.umask(before)
  }
  expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o640)
  expect(readdirSync(folder)).toEqual(['keys.json'])
})

test.runIf(process.getuid?.() === 0)(
  'a key that root makes belongs to whom the folder belongs to',
  async () => {
    const folder = tempFolder()
    chownSync(folder, 65_534, 65_534)
    await createKey(folder, { name: 'web', now: NOW })
    const { uid, gid } = statSync(join(folder, 'keys.json'))
    expect([uid, gid]).toEqual([65_534, 65_534])
  },
)

test('scopes are those that were asked for, admin does not bring the others', async () => {
  const { scopes } = await createKey(tempFolder(), { name: 'a', scopes: ['admin', 'admin'], now: NOW })
  expect(scopes).toEqual(['admin'])
})

test('a name is taken while its key lives, and free again after', async () => {
  const folder = tempFolder()
  await createKey(folder, { name: 'web', now: NOW })
  expect(await codeOf(createKey(folder, { name: 'web', now: NOW }))).toBe('KEY_EXISTS')
  await revokeKey(folder, 'web', { now: NOW })
  await createKey(folder, { name: 'web', now: NOW })
  expect(names(folder)).toEqual(['web revoked', 'web valid'])
})

test.each(['', 'a b', '../x', 'x'.repeat(65), '-a', 'ü', 'a\n'])('the name %j is refused', async (name) => {
  const folder = tempFolder()
  expect(await codeOf(createKey(folder, { name, now: NOW }))).toBe('USAGE')
  expect(existsSync(join(folder, 'keys.json'))).toBe(false)
})

test('a tenant that cannot be, and no scope at all, are refused', async () => {
  expect(await codeOf(createKey(tempFolder(), { name: 'a', tenant: 'x|y', now: NOW }))).toBe('USAGE')
  expect(await codeOf(createKey(tempFolder(), { name: 'a', scopes: [], now: NOW }))).toBe('USAGE')
})

test('a rotation gives a new text, and the old one its time of grace', async () => {
  const folder = tempFolder()
  const old = await createKey(folder, { name: 'web', tenant: 'acme', scopes: ['read'], now: NOW })
  const next = await rotateKey(folder, 'web', { graceMs: DAY, now: NOW })
  expect(next).toMatchObject({ name: 'web', tenant: 'acme', scopes: ['read'] })
  expect(next.key).not.toBe(old.key)
  expect(names(folder)).toEqual(['web expiring', 'web valid'])
  expect(names(folder, NOW + DAY - 1)).toEqual(['web expiring', 'web valid'])
  expect(names(folder, NOW + DAY)).toEqual(['web expired', 'web valid'])
})

test('a second rotation does not prolong what the first ended', async () => {
  const folder = tempFolder()
  await createKey(folder, { name: 'web', now: NOW })
  await rotateKey(folder, 'web', { graceMs: 1000, now: NOW })
  await rotateKey(folder, 'web', { graceMs: DAY, now: NOW + 500 })
  expect(names(folder, NOW + 1000)).toEqual(['web expired', 'web expiring', 'web valid'])
  await rotateKey(folder, 'web', { graceMs: 0, now: NOW + 2000 })
  expect(names(folder, NOW + 2000)).toEqual(['web expired', 'web expired', 'web expired', 'web valid'])
})

test('revoking ends every living text of a name', async () => {
  const folder = tempFolder()
  await createKey(folder, { name: 'web', now: NOW })
  await createKey(folder, { name: 'other', now: NOW })
  await rotateKey(folder, 'web', { graceMs: DAY, now: NOW })
  expect(await revokeKey(folder, 'web', { now: NOW })).toBe(2)
  expect(names(folder)).toEqual(['web revoked', 'other valid', 'web revoked'])
})

test('a name that no key has', async () => {
  const folder = tempFolder()
  await createKey(folder, { name: 'website', now: NOW })
  expect(await codeOf(rotateKey(folder, 'nothing', { graceMs: 0, now: NOW }))).toBe('KEY_UNKNOWN')
  const failure: unknown = await revokeKey(folder, 'websiet', { now: NOW }).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'KEY_UNKNOWN', hints: ['did you mean website?'] })
})

test('what ended long ago is forgotten, but never all that ever was', async () => {
  const folder = tempFolder()
  await createKey(folder, { name: 'a', now: NOW })
  await revokeKey(folder, 'a', { now: NOW })
  await createKey(folder, { name: 'b', now: NOW + 29 * DAY })
  expect(names(folder)).toEqual(['a revoked', 'b valid'])
  await revokeKey(folder, 'b', { now: NOW + 90 * DAY })
  expect(names(folder)).toEqual(['b revoked'])
})

test('a hundred changes by four processes at once lose nothing', async () => {
  const folder = tempFolder()
  const source = import.meta.resolve('#logctl/server/key-admin.js')
  const script = (writer: number): string => `
    const { createKey } = await import(${JSON.stringify(source)})
    for (let at = 0; at < 25; at++) await createKey(${JSON.stringify(folder)}, { name: 'w${writer}-' + at, now: ${NOW} })`
  const run = promisify(execFile)
  await Promise.all(
    [0, 1, 2, 3].map((writer) => run(process.execPath, ['--input-type=module', '-e', script(writer)])),
  )
  const found = listKeys(folder, { now: NOW })
  expect(new Set(found.map(({ name }) => name)).size).toBe(100)
  expect(readdirSync(folder)).toEqual(['keys.json'])
})

test('a lock whose holder died is taken over, by one', async () => {
  const folder = tempFolder({ 'keys.json.lock': 'of the dead' })
  const past = Date.now() / 1000 - 11
  utimesSync(join(folder, 'keys.json.lock'), past, past)
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => createKey(folder, { name, now: NOW })))
  expect(names(folder).toSorted()).toEqual(['a valid', 'b valid', 'c valid', 'd valid'])
  expect(readdirSync(folder)).toEqual(['keys.json'])
})

test('a fresh lock is waited for', async () => {
  const folder = tempFolder({ 'keys.json.lock': 'of the living' })
  const lock = join(folder, 'keys.json.lock')
  let done = false
  const making = createKey(folder, { name: 'a', now: NOW }).then(() => (done = true))
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect([done, readFileSync(lock, 'utf8')]).toEqual([false, 'of the living'])
  utimesSync(lock, 0, 0)
  await making
  expect(names(folder)).toEqual(['a valid'])
})

test('a damaged file is not written over', async () => {
  const folder = tempFolder({ 'keys.json': '{"format":1,"keys":[' })
  expect(await codeOf(createKey(folder, { name: 'a', now: NOW }))).toBe('CONFIG_INVALID')
  expect(readFileSync(join(folder, 'keys.json'), 'utf8')).toBe('{"format":1,"keys":[')
  writeFileSync(join(folder, 'keys.json'), '{"format":2,"keys":[]}')
  expect(await codeOf(createKey(folder, { name: 'a', now: NOW }))).toBe('DATA_NEWER')
  expect(readdirSync(folder)).toEqual(['keys.json'])
})
