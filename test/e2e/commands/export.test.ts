// `logctl export` writes logs out whole, or goes on where it was interrupted; never half a file under its name.
import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { ROOT } from '../../house/files.js'
import { filledServer } from './filled-server.js'

const filled = filledServer()
const RUN = path.join(ROOT, 'bin/run.js')
const inHome = (name: string): string => path.join(filled.home, name)

test('NDJSON is what grep prints, through the server and from the folder', async () => {
  const all = (await filled.ask('grep', '', '--json')).stdout
  expect(await filled.ask('export')).toEqual({ status: 0, stdout: all, stderr: '' })
  expect((await filled.read('export')).stdout).toBe(all)
  expect((await filled.ask('export', '{source="web"}', '--level', 'error')).stdout.split('\n')).toHaveLength(
    2,
  )
  expect(await filled.ask('export', '--date', '1999-01-01')).toEqual({ status: 0, stdout: '', stderr: '' })
})

test('CSV has the same columns for every record', async () => {
  const { stdout } = await filled.ask('export', '{source="access"} | json | status = 500', '--format', 'csv')
  expect(stdout).toMatch(
    /^timestamp,tenant,level,line,labels,fields\n2025-01-11T10:00:02\.500000000Z,none,unknown,"\{""@timestamp""/,
  )
})

test('a file is written, compressed where its name says so', async () => {
  const all = (await filled.ask('export')).stdout
  const ended = await filled.ask('export', '--output', inHome('all.ndjson.gz'))
  expect(ended).toMatchObject({ status: 0, stdout: '' })
  expect(ended.stderr).toMatch(/^exported 4 records to .*all\.ndjson\.gz \(.* B\)\n$/)
  expect(gunzipSync(readFileSync(inHome('all.ndjson.gz'))).toString()).toBe(all)
  const { stdout } = await filled.ask('export', '-o', inHome('all.csv'), '--json', '--quiet')
  expect(JSON.parse(stdout)).toMatchObject({
    format: 'csv',
    records: 4,
    bytes: statSync(inHome('all.csv')).size,
  })
  expect(readdirSync(filled.home).filter((name) => name.includes('.part'))).toEqual([])
})

test('Parquet can be read by DuckDB', async () => {
  const file = inHome('all.parquet')
  expect(await filled.ask('export', '-o', file)).toMatchObject({ status: 0 })
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const connection = await (await DuckDBInstance.create()).connect()
  const read = await connection.runAndReadAll(
    `SELECT timestamp::VARCHAR, tenant, line, labels->>'source', fields->>'status' FROM '${file}'`,
  )
  expect(read.getRows()[0]).toEqual(['2025-01-11 09:30:00', 'acme', 'hello world', 'web', '200'])
  expect(read.currentRowCount).toBe(4)
  connection.closeSync()
})

test.each([
  ['Parquet without a file', ['--format', 'parquet'], /Parquet needs a file/],
  ['Parquet compressed once more', ['-o', 'x.parquet.gz'], /compressed in itself/],
  ['--resume without a file', ['--resume'], /name it with --output/],
  ['a format that is none', ['--format', 'xml'], /--format/],
  ['a selector that is none', ['{'], /parse error/],
] as const)('%s', async (_, args, says) => {
  const ended = await filled.ask('export', ...args)
  expect(ended).toMatchObject({ status: 2, stdout: '' })
  expect(ended.stderr).toMatch(says)
})

test('a place that cannot be written is 3', async () => {
  const ended = await filled.ask('export', '-o', inHome('no/such/folder/x.ndjson'))
  expect(ended).toMatchObject({ status: 3, stdout: '' })
  expect(ended.stderr).toContain('cannot be written')
})

/** Enough for a dozen chunks. */
async function sendMuch(): Promise<void> {
  const pad = 'x'.repeat(1600)
  for (let batch = 0; batch < 10; batch++)
    await filled.send(
      Array.from({ length: 2_500 }, (_, i) => ({
        '@timestamp': `2025-02-0${(batch % 3) + 1}T00:00:0${i % 10}Z`,
        source: 'much',
        message: `${batch}/${i} ${pad}`,
      })),
    )
}

test.each(['killed.ndjson', 'killed.csv.gz', 'killed.parquet'])(
  'killed in the middle, %s goes on without gap or repeat',
  async (name) => {
    if (name === 'killed.ndjson') await sendMuch()
    const file = inHome(name)
    const args = ['export', '{source="much"}', '-o', file, '--server', filled.server.url]
    const child = spawn(process.execPath, [RUN, ...args], { env: { HOME: filled.home }, stdio: 'ignore' })
    const ended = once(child, 'exit')
    while (!existsSync(`${file}.part.json`)) await sleep(1)
    child.kill('SIGKILL')
    await ended
    expect(existsSync(file)).toBe(false)
    const noted = JSON.parse(readFileSync(`${file}.part.json`, 'utf8')) as { records: number }
    expect(noted.records).toBeGreaterThan(0)
    expect(noted.records).toBeLessThan(25_000)
    // What arrives in between is not part of what was begun.
    await filled.send([{ '@timestamp': '2025-02-01T00:00:00Z', source: 'much', message: 'late' }])

    const other = await filled.ask('export', '{source="web"}', '-o', file, '--resume')
    expect(other).toMatchObject({ status: 2 })
    expect(other.stderr).toContain('asked for otherwise')
    const resumed = await filled.ask('export', '{source="much"}', '-o', file, '--resume')
    expect(resumed).toMatchObject({ status: 0 })
    expect(readdirSync(filled.home).filter((one) => one.includes('.part'))).toEqual([])

    const whole = inHome(`whole-${name}`)
    await filled.ask('export', '{source="much"} != "late"', '-o', whole)
    if (name.endsWith('.parquet')) expect(await rowsOf(file)).toEqual(await rowsOf(whole))
    else expect(contentOf(file).equals(contentOf(whole))).toBe(true)
  },
)

function contentOf(file: string): Buffer {
  const content = readFileSync(file)
  const text = file.endsWith('.gz') ? gunzipSync(content) : content
  return Buffer.from(text.toString().replace(/^.*late.*\n/gm, ''))
}

async function rowsOf(file: string): Promise<unknown> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const connection = await (await DuckDBInstance.create()).connect()
  const read = await connection.runAndReadAll(
    `SELECT count(*), count(DISTINCT line), md5(string_agg(line, '' ORDER BY timestamp, line)) FROM '${file}' WHERE line <> 'late'`,
  )
  connection.closeSync()
  return read.getRows()
}

const canMount = spawnSync('unshare', ['--mount', 'true']).status === 0

test.skipIf(!canMount)('a full disk is 3, and leaves what can be gone on with', async () => {
  const disk = inHome('disk')
  const { url } = filled.server
  const run = `"${process.execPath}" "${RUN}" export '{source="much"}' -o "${disk}/x.ndjson" --resume --server ${url}`
  const script = `mkdir -p "${disk}" && mount -t tmpfs -o size=12m none "${disk}" || exit 99
    ${run}; echo "first $?"; ls "${disk}"; mount -o remount,size=200m "${disk}"; ${run}; echo "second $?"; ls "${disk}"
    wc -l < "${disk}/x.ndjson"; grep -v '"late"' "${disk}/x.ndjson" | sort | uniq -d | wc -l`
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: filled.home }
    execFile('unshare', ['--mount', 'bash', '-c', script], { env }, (_, out, err) =>
      resolve({ stdout: out, stderr: err }),
    )
  })
  expect(stderr).toContain('x.ndjson cannot be written: ENOSPC')
  expect(stderr).toContain('--resume goes on')
  expect(stdout).toMatch(
    /^first 3\nx\.ndjson\.part\nx\.ndjson\.part\.json\nsecond 0\nx\.ndjson\n2500\d\n0\n$/,
  )
})

test('a note of more than there is begins anew', async () => {
  const file = inHome('short.ndjson')
  const args = ['export', '{source="much"}', '-o', file, '--server', filled.server.url]
  const child = spawn(process.execPath, [RUN, ...args], { env: { HOME: filled.home }, stdio: 'ignore' })
  const ended = once(child, 'exit')
  while (!existsSync(`${file}.part.json`)) await sleep(1)
  child.kill('SIGKILL')
  await ended
  truncateSync(`${file}.part`, 1000)
  expect(await filled.ask('export', '{source="much"}', '-o', file, '--resume')).toMatchObject({ status: 0 })
  expect(contentOf(file).toString().trimEnd().split('\n')).toHaveLength(25_000)
})
