// `logctl stats` counts a day, the same from a server and from its folder.
import { expect, test } from 'vitest'
import { DAY, filledServer } from './filled-server.js'

const filled = filledServer()

test('--json has the shape that scripts rely on', async () => {
  const { status, stdout, stderr } = await filled.ask('stats', DAY, '--json', '--by', 'host')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const { files, ...counts } = JSON.parse(stdout) as { files: unknown[] }
  expect(counts).toEqual({
    date: DAY,
    total: 4,
    errors: 1,
    bytes: expect.any(Number),
    by: {
      source: { web: 2, none: 1, access: 1 },
      tenant: { acme: 2, zed: 1, none: 1 },
      stream: { none: 3, stderr: 1 },
      level: { info: 1, error: 1, unknown: 2 },
      hour: { '09': 2, '10': 2 },
      host: { none: 4 },
    },
  })
  expect(files).toEqual([{ path: expect.any(String), bytes: expect.any(Number) }])
})

test('the folder says the same', async () => {
  const [asked, read] = await Promise.all([filled.ask('stats', DAY), filled.read('stats', DAY)])
  expect(read).toEqual(asked)
  expect(asked.stdout).toMatch(/^2025-01-11\n {2}entries {2}4\n {2}errors {3}1\n/)
})

test('--tenant and --top narrow it', async () => {
  const one = await filled.ask('stats', DAY, '-t', 'acme|none', '--json')
  expect(JSON.parse(one.stdout)).toMatchObject({ total: 3, by: { tenant: { acme: 2, none: 1 } } })
  const top = await filled.ask('stats', DAY, '--top', '1')
  expect(top.stdout).toContain('by tenant\n  2  acme\n  and 2 more with 2\n')
})

test('a day without logs is said, and exits with 1', async () => {
  expect(await filled.ask('stats', '2020-02-29')).toEqual({
    status: 1,
    stdout: '',
    stderr: 'error: no logs for 2020-02-29\n',
  })
  expect(await filled.read('stats', '2020-02-29', '--json')).toEqual({
    status: 1,
    stdout: '{"error":{"code":"NO_LOGS","message":"no logs for 2020-02-29","hints":[]}}\n',
    stderr: '',
  })
})

test('what is no date is not understood', async () => {
  expect(await filled.ask('stats', '2025-02-30')).toMatchObject({ status: 2, stdout: '' })
})
