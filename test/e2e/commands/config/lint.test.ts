// `logctl config lint` tells findings like a compiler, in one JSON shape, and by its exit status.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { logctl } from '../../../house/program.js'
import { tempFolder } from '../../../temp-folder.js'

const home = tempFolder({
  'sysctl.conf': 'fs.nr_open = 4096\n',
  clean: 'net.core.somaxconn = 8192\n',
  'notes.txt': 'buy milk\n',
  binary: 'a\0b',
  'large.conf': '#'.repeat(1_048_577),
})
mkdirSync(path.join(home, '.kamal'))
writeFileSync(path.join(home, '.kamal/secrets'), 'TOKEN=planted-secret\n')

test('findings are said with their place, and make it 1', async () => {
  const { status, stdout, stderr } = await logctl(['config', 'lint', 'sysctl.conf'], home)
  expect([status, stderr]).toEqual([1, ''])
  expect(stdout).toBe(
    `sysctl.conf:1:1 error sysctl/lowered 4096 is lower than the default of 1048576: services and containers that ask for more files do not start (setrlimit fails)
  instead: remove it

1 error, 0 warnings in 1 file (sysctl)
`,
  )
})

test('a clean file makes it 0', async () => {
  expect(await logctl(['config', 'lint', '--kind', 'sysctl', 'clean'], home)).toEqual({
    status: 0,
    stdout: 'clean (sysctl): clean\n',
    stderr: '',
  })
})

test('--json has one shape', async () => {
  const { status, stdout } = await logctl(['config', 'lint', 'sysctl.conf', 'clean', '--json'], home)
  expect(status).toBe(1)
  expect(JSON.parse(stdout)).toEqual({
    files: [
      { file: 'sysctl.conf', kind: 'sysctl' },
      { file: 'clean', kind: 'sysctl' },
    ],
    findings: [
      {
        file: 'sysctl.conf',
        line: 1,
        column: 1,
        severity: 'error',
        rule: 'sysctl/lowered',
        message: expect.stringContaining('4096'),
        hint: 'remove it',
      },
    ],
  })
})

test('no secret is repeated', async () => {
  const { status, stdout } = await logctl(['config', 'lint', '.kamal/secrets'], home)
  expect([status, stdout.includes('planted-secret')]).toEqual([1, false])
})

test.each([
  ['notes.txt', /neither name nor content tells what notes\.txt is/],
  ['none.toml', /none\.toml cannot be read: ENOENT/],
  ['.', /cannot be read: EISDIR/],
  ['binary', /is no text/],
  ['large.conf', /more than 1048576 bytes/],
])('%s is refused with 2', async (file, said) => {
  const { status, stdout, stderr } = await logctl(['config', 'lint', 'sysctl.conf', file], home)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(said)
})
