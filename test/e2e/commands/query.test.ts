// `logctl query` answers in LogQL: logs, numbers, plans, and what is new since the last run.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { logctl } from '../../house/program.js'
import { filledServer } from './filled-server.js'

const filled = filledServer()
const THAT_DAY = ['--date', '2025-01-11'] as const

const lines = (stdout: string): string[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { line: string }).line)

test('logs come newest first, as tail prints them', async () => {
  const ended = await filled.ask('query', '{source="web"}', ...THAT_DAY)
  expect(ended).toEqual({
    status: 0,
    stderr: '',
    stdout: [
      '2025-01-11 09:30:01.000Z  error  acme  web  it broke',
      '      at a',
      '2025-01-11 09:30:00.000Z  info   acme  web  hello world  status=200',
      '',
    ].join('\n'),
  })
  expect(await filled.read('query', '{source="web"}', ...THAT_DAY)).toEqual(ended)
  const json = await filled.ask('query', '{source="web"}', ...THAT_DAY, '--direction', 'forward', '--json')
  expect(json.stdout).toBe((await filled.ask('grep', '', '{source="web"}', '--json')).stdout)
})

test('the pipeline runs, and what it finds is shown', async () => {
  const { stdout } = await filled.ask(
    'query',
    '{source="access"} | json | status >= 500 | line_format "{{.uri}}"',
    ...THAT_DAY,
  )
  expect(stdout).toBe(
    '2025-01-11 10:00:02.500Z  -      none  access  /x  _timestamp=2025-01-11T10:00:02.5Z method=GET status=500 uri=/x\n',
  )
})

test('--limit, and 0 for all', async () => {
  expect(lines((await filled.ask('query', '{}', ...THAT_DAY, '--limit', '1', '--json')).stdout)).toHaveLength(
    1,
  )
  expect(lines((await filled.ask('query', '{}', ...THAT_DAY, '--limit', '0', '--json')).stdout)).toHaveLength(
    4,
  )
})

test('without a time it is the last hour, and nothing found is 1', async () => {
  expect(await filled.ask('query', '{}')).toEqual({ status: 1, stdout: '', stderr: '' })
  expect(await filled.ask('query', 'sum(count_over_time({} [5m]))')).toEqual({
    status: 1,
    stdout: '',
    stderr: '',
  })
})

test('numbers are a table, or one JSON value', async () => {
  const metric = ['query', 'sum by (source) (count_over_time({} [1h]))'] as const
  const range = ['--from', '2025-01-11T10:00:00Z', '--to', '2025-01-11T11:00:00Z', '--step', '30m'] as const
  expect((await filled.ask(...metric, ...range)).stdout).toBe(
    [
      'TIME                  {}  {source="access"}  {source="web"}',
      '2025-01-11 10:00:00Z   1                  -               2',
      '2025-01-11 10:30:00Z   1                  1               1',
      '2025-01-11 11:00:00Z   -                  1               -',
      '',
    ].join('\n'),
  )
  const { stdout } = await filled.ask(...metric, '--now', '2025-01-11T10:00:00Z', '--json')
  expect(JSON.parse(stdout)).toEqual({
    resultType: 'vector',
    result: [
      { metric: {}, value: [1736589600, '1'] },
      { metric: { source: 'web' }, value: [1736589600, '2'] },
    ],
  })
  expect((await filled.ask('query', '1 + 1', '--now', 'now')).stdout).toBe('2\n')
})

test('a query from a file, with comments, or from stdin', async () => {
  const file = path.join(filled.home, 'web.logql')
  writeFileSync(file, '# what the web says\n{source="web"} # all of it\n  |= "hello"\n')
  const { stdout } = await filled.ask('query', '--file', file, ...THAT_DAY, '--json')
  expect(lines(stdout)).toEqual(['hello world'])
  const piped = await logctl(
    ['query', ...THAT_DAY, '--json', '--server', filled.server.url],
    filled.home,
    '{source="web"} |= "broke"',
  )
  expect(lines(piped.stdout)).toEqual(['it broke\n  at a'])
})

test('--explain shows the plan and asks nothing', async () => {
  const args = ['query', '{source="web"} |= "x" | json | status >= 500', '--explain'] as const
  const { status, stdout } = await logctl([...args, '--server', 'http://127.0.0.1:1'], filled.home)
  expect(status).toBe(0)
  expect(stdout).toContain('store selects: stream source="web", line |= "x"')
  expect(stdout).toContain('pipeline: | json | status>=500')
})

test('--cursor-file gives every entry once, late ones too', async () => {
  const file = path.join(filled.home, 'cursor')
  const next = async (...args: string[]): Promise<string[]> => {
    const { status, stdout, stderr } = await filled.ask(
      'query',
      '{} | json | cursor="yes"',
      '--cursor-file',
      file,
      '--json',
      ...args,
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return lines(stdout)
  }
  let sent = 0
  const events = (times: readonly string[]) =>
    times.map((time) => ({ '@timestamp': time, source: 'c', tenant: 'c', n: sent++, cursor: 'yes' }))
  const now = new Date().toISOString()
  await filled.send(events([now, now, now, now, now]))
  const first = [await next('--limit', '2'), await next('--limit', '2')].flat()
  await filled.send(events([now, '2025-01-11T12:00:00Z']))
  const rest = [await next('--limit', '2'), await next(), await next()]
  expect(rest.map(({ length }) => length)).toEqual([2, 1, 0])
  expect(new Set([...first, ...rest.flat()]).size).toBe(7)
  expect(readdirSync(filled.home).filter((name) => name.startsWith('cursor'))).toEqual(['cursor'])
})

test('a cursor that does not fit is refused, and stays as it is', async () => {
  const file = path.join(filled.home, 'other')
  for (const [text, says] of [
    ['{', 'is no cursor'],
    ['{"format":1,"query":"{app=\\"x\\"}","tenants":null,"sequence":0}', 'belongs to another query'],
    ['{"format":1,"query":"{}","tenants":null,"sequence":99999999}', 'belongs to other logs'],
  ] as const) {
    writeFileSync(file, text)
    const ended = await filled.ask('query', '{}', '--cursor-file', file)
    expect(ended).toMatchObject({ status: 2, stdout: '' })
    expect(ended.stderr).toContain(says)
    expect(readFileSync(file, 'utf8')).toBe(text)
  }
})

test.each([
  ['a query that is none', ['{source='], /parse error at line 1/],
  ['a stage that cannot run', ['{} | regexp "("'], /missing closing \)/],
  ['--step for logs', ['{}', '--step', '5m'], /--step is for queries that answer with numbers/],
  ['--limit for numbers', ['1', '--limit', '5'], /--limit is for queries that answer with logs/],
  ['a cursor that would read backward', ['{}', '--cursor-file', 'x', '--direction', 'backward'], /forward/],
  ['too many steps', ['vector(1)', '--since', '30d', '--step', '1s'], /maximum resolution/],
] as const)('%s', async (_, args, says) => {
  const ended = await filled.ask('query', ...args)
  expect(ended.stdout).toBe('')
  expect(ended.status).toBeGreaterThanOrEqual(2)
  expect(ended.stderr).toMatch(says)
})
