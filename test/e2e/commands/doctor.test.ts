// `logctl doctor` on a server that is well, on its folder after damage, and on the way to nobody.
import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { filledServer } from './filled-server.js'

const filled = filledServer()

interface Answer {
  readonly ok: boolean
  readonly checks: readonly { readonly name: string; readonly status: string; readonly detail: string }[]
}

function statusOf(stdout: string, name: string): string | undefined {
  return (JSON.parse(stdout) as Answer).checks.find((check) => check.name === name)?.status
}

test('with --server the way to it is checked, and nothing of this machine', async () => {
  const { status, stdout } = await filled.ask('doctor', '--json')
  const { ok, checks } = JSON.parse(stdout) as Answer
  expect([status, ok]).toEqual([0, true])
  expect(checks.map(({ name }) => name)).toContain('addresses')
  expect(checks.map(({ name }) => name)).not.toContain('data folder')
})

test('of its folder: the server is found, its ports are open, every file is as written', async () => {
  const { stdout } = await filled.read('doctor', '--deep', '--json')
  for (const name of ['server', 'health', 'version', 'ports', 'data folder', 'store', 'damage', 'checksums'])
    expect([name, statusOf(stdout, name)]).toEqual([name, 'ok'])
})

test('a file that was changed is found by --deep alone', async () => {
  await filled.server.stop()
  const sealed = await filled.read('sql', 'SELECT 1', '--seal')
  expect(sealed.stderr).toBe('')
  const day = readdirSync(filled.data).find((name) => name.startsWith('date=')) ?? ''
  const words = readdirSync(path.join(filled.data, day)).find((name) => name.endsWith('.words')) ?? ''
  writeFileSync(path.join(filled.data, day, words), 'damage')
  const deep = await filled.read('doctor', '--deep', '--json')
  expect([deep.status, statusOf(deep.stdout, 'checksums')]).toEqual([1, 'wrong'])
  expect(deep.stdout).toContain(words)
  const text = await filled.read('doctor', '--deep')
  expect(text.stdout).toMatch(/wrong +checksums .*\n +try: /)
  expect(statusOf((await filled.read('doctor', '--json')).stdout, 'checksums')).toBeUndefined()
})

test('nobody listens', async () => {
  const { status, stdout } = await filled.ask('doctor', '--json')
  expect([status, statusOf(stdout, 'addresses'), statusOf(stdout, 'server')]).toEqual([1, 'wrong', 'wrong'])
})
