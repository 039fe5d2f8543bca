// What a statement of `logctl sql` must not reach: files, folders, the network, settings, the environment.
import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { DEFAULT_OPTIONS } from '#logctl/store/embedded/options.js'
import { findSqlFiles, runSql, type SqlValue } from '#logctl/store/embedded/sql.js'
import { records } from '../laws/corpus.js'
import { tempFolder } from '../temp-folder.js'

const SECRET = 'only the owner may know'
const home = tempFolder({ 'secret.txt': SECRET })
const data = path.join(home, 'data')
let files: readonly string[]

beforeAll(async () => {
  const store = await openEmbeddedStore({ ...DEFAULT_OPTIONS, path: data, segmentIdleMs: 3_600_000 })
  await store.append({ records: records(20) })
  await store.seal()
  await store.append({ records: records(1) })
  await store.close()
  writeFileSync(path.join(data, 'keys.json'), SECRET)
  ;({ files } = await findSqlFiles(data))
})

async function rowsOf(statement: string): Promise<(readonly SqlValue[])[]> {
  const rows: (readonly SqlValue[])[] = []
  const job = { statement, files, memoryBytes: 256 * 2 ** 20, threads: 1 }
  for await (const piece of runSql(job, { timeoutMs: 20_000 })) rows.push(...piece.rows)
  return rows
}

test('the view is within reach', async () => {
  expect(files).not.toHaveLength(0)
  const [[count] = []] = await rowsOf('SELECT count(*) FROM logs')
  expect(count).toBeGreaterThanOrEqual(20)
})

test.each([
  "SELECT * FROM read_csv('/etc/passwd')",
  "SELECT * FROM read_text('/etc/passwd')",
  "FROM '/etc/passwd'",
  "SELECT * FROM read_blob('/proc/self/environ')",
  "SELECT * FROM read_ndjson('DATA/format.json')",
  "SELECT * FROM read_text('DATA/keys.json')",
  "SELECT * FROM read_text('DATA/hot/*')",
  "SELECT * FROM read_text('HOME/secret.txt')",
  "SELECT * FROM glob('/**')",
  "SELECT * FROM glob('DATA/*')",
  "SELECT * FROM sniff_csv('/etc/passwd')",
  "SELECT * FROM read_parquet('https://example.com/x.parquet')",
  "COPY (SELECT 1) TO 'HOME/out.csv'",
  "COPY logs TO 'HOME/out.parquet'",
  "EXPORT DATABASE 'HOME/out'",
  "ATTACH 'HOME/out.db'",
  'INSTALL httpfs',
  'LOAD httpfs',
  'SET threads = 1',
  'SET enable_external_access = true',
  'RESET lock_configuration',
  'PRAGMA version',
  'PRAGMA enable_object_cache',
  "SELECT getenv('LOGCTL_KEY')",
  'SELECT * FROM duckdb_secrets()',
  'CREATE TABLE t AS SELECT 1',
  'CREATE SECRET (TYPE s3)',
  'DROP VIEW logs',
  'INSERT INTO logs VALUES (1)',
  'DELETE FROM logs',
  'EXPLAIN SELECT 1',
  'CALL enable_logging()',
  'SELECT 1; SELECT 2',
  "SELECT * FROM query('COPY (SELECT 1) TO ''HOME/out''')",
  'SELEC 1',
  '',
])('%s is refused and does nothing', async (template) => {
  const before = listing()
  const statement = template.replaceAll('HOME', home).replaceAll('DATA', data)
  await expect(rowsOf(statement)).rejects.toMatchObject({ code: 'QUERY_INVALID' })
  expect(listing()).toEqual(before)
})

test.each([
  "SELECT * FROM enable_logging(storage := 'file', storage_path := 'HOME/out')",
  'SELECT * FROM enable_profiling()',
  'SELECT * FROM checkpoint()',
])('%s changes nothing but its own process', async (template) => {
  const before = listing()
  await rowsOf(template.replaceAll('HOME', home)).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'QUERY_INVALID' })
  })
  expect(listing()).toEqual(before)
})

test('the configuration is locked', async () => {
  expect(await rowsOf("SELECT current_setting('lock_configuration')")).toEqual([[true]])
  expect(await rowsOf("SELECT current_setting('enable_external_access')")).toEqual([[false]])
  expect(await rowsOf("SELECT current_setting('temp_directory')")).toEqual([['']])
})

function listing(): readonly string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' }).sort()
}
