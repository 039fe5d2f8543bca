// `logctl sql` runs one SELECT over the sealed days, and nothing else is within its reach.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type Ended, logctl } from '../../house/program.js'
import { filledServer } from './filled-server.js'

const filled = filledServer()

const sql = (statement: string, ...args: string[]): Promise<Ended> => filled.read('sql', statement, ...args)

beforeAll(async () => {
  const before = await sql('SELECT count(*) AS n FROM logs')
  expect(before).toMatchObject({ status: 0, stdout: 'n\n0\n' })
  expect(before.stderr).toContain('note: 4 records are still hot and not in this answer; --seal adds them')
  expect(await sql('SELECT count(*) AS n FROM logs', '--seal')).toEqual({
    status: 0,
    stdout: 'n\n4\n',
    stderr: '',
  })
  // Another part, in which the same names have other types.
  await filled.send([
    { '@timestamp': '2025-01-12T00:00:00Z', message: 'm', status: 'odd', ok: true, big: 12345678901 },
  ])
  await sql('SELECT 1', '--seal')
})

test('a table, JSON lines and CSV', async () => {
  const statement = 'SELECT _tenant AS tenant, count(*) AS n FROM logs GROUP BY ALL ORDER BY n DESC, tenant'
  expect((await sql(statement)).stdout).toBe('tenant  n\nacme    2\nnone    2\nzed     1\n')
  expect((await sql(statement, '--json', '--limit', '1')).stdout).toBe('{"tenant":"acme","n":2}\n')
  expect((await sql(`${statement}; -- done`, '--csv')).stdout).toBe('tenant,n\nacme,2\nnone,2\nzed,1\n')
})

test('the columns are those of the parts together', async () => {
  const { stdout } = await sql('SELECT status, ok, big, _line, date FROM logs ORDER BY _time', '--json')
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(rows[0]).toEqual({ status: '200', ok: null, big: null, _line: 'hello world', date: '2025-01-11' })
  expect(rows[3]).toMatchObject({ status: '500', _line: null })
  expect(rows[4]).toEqual({
    status: 'odd',
    ok: true,
    big: 12345678901,
    _line: 'm',
    date: '2025-01-12',
  })
  expect((await sql('DESCRIBE logs', '--csv')).stdout).toContain('\n_tenant,VARCHAR,')
})

test('--tenant narrows the view', async () => {
  expect((await sql('SELECT count(*) AS n FROM logs', '-t', 'acme|zed')).stdout).toBe('n\n3\n')
})

test('much comes whole, in order', async () => {
  const { stdout, status } = await sql('SELECT range AS n FROM range(300000) ORDER BY n DESC', '--csv')
  expect(status).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines).toHaveLength(300_001)
  expect([lines[1], lines.at(-1)]).toEqual(['299999', '0'])
})

test('an error in the middle is an error, not a short answer', async () => {
  const statement =
    "SELECT CASE WHEN range = 250000 THEN error('half way') ELSE range END AS n FROM range(300000)"
  const { status, stderr } = await sql(statement, '--csv')
  expect(status).toBe(2)
  expect(stderr).toContain('half way')
})

test.each([
  ["SELECT * FROM read_csv('/etc/passwd')", /reads the view logs and nothing else/],
  ['SELECT 1; SELECT 2', /one SELECT, and this is 2 statements/],
  ['EXPLAIN SELECT 1', /one SELECT, and this is EXPLAIN/],
  ['SELEC 1', /syntax error/],
  ['SELECT nope FROM logs', /"nope" not found/],
])('%s is not understood', async (statement, says) => {
  const ended = await sql(statement)
  expect(ended).toMatchObject({ status: 2, stdout: '' })
  expect(ended.stderr).toMatch(says)
})

test('what takes too long or too much is ended', async () => {
  // Of one number after the other: a join would end by its memory on a machine that is fast enough.
  const slow = 'SELECT max(range % 7) FROM range(1000000000000)'
  const config = path.join(filled.home, 'fast.yml')
  writeFileSync(config, 'query: { timeout: 1s }\n')
  const late = await sql(slow, '--config', config)
  expect(late).toMatchObject({ status: 3, stdout: '' })
  expect(late.stderr).toContain('longer than query.timeout')
  const large = await sql('SELECT list(range) FROM range(1000000000)')
  expect(large).toMatchObject({ status: 3, stdout: '' })
  expect(large.stderr).toContain('more memory than it may use')
})

test('a server is not asked', async () => {
  const ended = await filled.ask('sql', 'SELECT 1')
  expect(ended).toMatchObject({ status: 2, stdout: '' })
  expect(ended.stderr).toContain('name it with --data')
})

test('a folder that is none is 3', async () => {
  const args = ['sql', 'SELECT 1', '--seal', '--data', path.join(filled.home, 'none')]
  expect(await logctl(args, filled.home)).toMatchObject({ status: 3, stdout: '' })
})
