// `logctl grep` finds by line and field, and its exit status is the answer.
import { expect, test } from 'vitest'
import { filledServer } from './filled-server.js'

const filled = filledServer()

const lines = (stdout: string): string[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { line: string }).line)

test('what is found is printed oldest first, for people', async () => {
  const { status, stdout, stderr } = await filled.ask('grep', 'world|broke')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout.split('\n')).toEqual([
    '2025-01-11 09:30:00.000Z  info   acme  web  hello world  status=200',
    '2025-01-11 09:30:01.000Z  error  acme  web  it broke',
    '      at a',
    // Raw into a pipe.
    '2025-01-11 10:00:00.000Z  -      zed  -  goodbye \u001b[31mworld',
    '',
  ])
})

test('the folder answers as the server does', async () => {
  for (const args of [
    ['grep', 'o'],
    ['grep', 'o', '--json'],
    ['grep', '-c', ''],
    ['grep', '-C', '1', 'broke'],
  ]) {
    const [asked, read] = await Promise.all([filled.ask(...args), filled.read(...args)])
    expect(read).toEqual(asked)
  }
})

test('--json is the record, one a line', async () => {
  const { stdout } = await filled.ask('grep', 'hello', '--json')
  expect(stdout).toMatch(
    /^\{"timestamp":"2025-01-11T09:30:00\.000000000Z","tenant":"acme","labels":\{.*\},"level":"info","line":"hello world","fields":\{"status":200\}\}\n$/,
  )
})

test.each([
  [['-c', 'world'], '2\n'],
  [['-c', ''], '4\n'],
  [['-c', 'WORLD'], '0\n'],
  [['-c', '-i', 'WORLD'], '2\n'],
  [['-c', '-F', 'w.rld'], '0\n'],
  [['-c', '-v', 'world'], '2\n'],
  [['-c', '500'], '1\n'],
  [['-c', '', '{source="web"}'], '2\n'],
  [['-c', '', '--source', 'access'], '1\n'],
  [['-c', '', '--level', 'error', '--level', 'info'], '2\n'],
  [['-c', '', '--date', '2025-01-11'], '4\n'],
  [['-c', '', '--from', '2025-01-11T09:30:01Z', '--to', '2025-01-11T10:00:00Z'], '1\n'],
  [['-c', '', '--since', '1h'], '0\n'],
  [['-c', '--json', 'world'], '2\n'],
] as const)('grep %j counts %j', async (args, stdout) => {
  const { status, stderr, ...ended } = await filled.ask('grep', '--tenant', 'acme|zed|none', ...args)
  expect({ ...ended, stderr }).toEqual({ stdout, stderr: '' })
  expect(status).toBe(stdout === '0\n' ? 1 : 0)
})

test('--limit and -C', async () => {
  expect(lines((await filled.ask('grep', '', '--limit', '2', '--json')).stdout)).toEqual([
    'hello world',
    'it broke\n  at a',
  ])
  const around = await filled.ask('grep', '-C', '1', 'goodbye', '--json')
  expect(lines(around.stdout)).toHaveLength(3)
})

test('nothing found is 1, and says nothing', async () => {
  expect(await filled.ask('grep', 'nowhere')).toEqual({ status: 1, stdout: '', stderr: '' })
})

test.each([
  ['a pattern that is none', ['('], 2, /RE2/],
  ['a selector that is none', ['x', '{source='], 2, /selector/],
  ['a level that is none', ['x', '--level', 'loud'], 2, /not a level/],
  ['a time that is none', ['x', '--since', 'soon'], 2, /not a time/],
  ['an age before all time', ['x', '--since', '300000y'], 2, /not a time/],
  ['times in the wrong order', ['x', '--from', '1h', '--to', '2h'], 2, /--from must be before --to/],
  ['no pattern', [], 2, /no pattern given/],
] as const)('%s', async (_, args, status, says) => {
  const ended = await filled.ask('grep', ...args)
  expect(ended).toMatchObject({ status, stdout: '' })
  expect(ended.stderr).toMatch(says)
})
