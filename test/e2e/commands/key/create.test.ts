// `logctl key`: a key is shown once, found by a running server, replaced and ended.
import { expect, test } from 'vitest'
import { logctl } from '../../../house/program.js'
import { tempFolder } from '../../../temp-folder.js'

const home = tempFolder()
const key = (...args: string[]): ReturnType<typeof logctl> =>
  logctl(['key', ...args, '--data', `${home}/data`], home)

test('from made to revoked', async () => {
  const made = await key('create', 'web-1', '--tenant', 'acme', '--scope', 'ingest')
  expect(made.status).toBe(0)
  // Only the key, so that KEY=$(logctl key create …) works.
  expect(made.stdout).toMatch(/^lk_[\w-]{43}\n$/)
  expect(made.stderr).toContain('for the tenant acme')
  expect(await key('create', 'web-1')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('already'),
  })

  const rotated = JSON.parse((await key('rotate', 'web-1', '--grace', '1h', '--json')).stdout) as {
    key: string
  }
  expect(rotated).toMatchObject({ name: 'web-1', tenant: 'acme', scopes: ['ingest'] })
  expect(rotated.key).not.toBe(made.stdout.trim())

  const listed = await key('list', '--json')
  expect(listed.stdout).not.toContain(rotated.key)
  const { keys } = JSON.parse(listed.stdout) as { keys: { state: string }[] }
  expect(keys.map(({ state }) => state)).toEqual(['expiring', 'valid'])
  expect((await key('list')).stdout).toMatch(/^NAME +KEY +TENANT .*\nweb-1 +lk_/)

  expect(await key('revoke', 'web-1')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('--yes'),
  })
  expect(await key('revoke', 'web-1', '--yes')).toEqual({ status: 0, stdout: 'revoked web-1\n', stderr: '' })
  expect(await key('revoke', 'web-1', '--yes')).toMatchObject({ status: 1 })
})

test('what cannot be is not understood', async () => {
  expect(await key('create', 'bad name')).toMatchObject({ status: 2, stdout: '' })
  expect(await key('create', 'k', '--scope', 'all')).toMatchObject({ status: 2, stdout: '' })
  expect(await key('rotate', 'k', '--grace', 'long')).toMatchObject({ status: 2, stdout: '' })
})

test('a server without its folder is refused, since keys lie in the folder', async () => {
  const made = await logctl(['key', 'create', 'x', '--server', 'http://127.0.0.1:1'], home)
  expect(made).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('--data') })
})
