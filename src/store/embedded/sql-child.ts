// A process of its own that runs one SELECT over the files it is told and ends: no other file, no network, no
// extension, no setting and no environment is within reach of the statement. DuckDB enforces it; see `lock`.
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type DuckDBConnection, DuckDBInstance, StatementType } from '@duckdb/node-api'
import { messageOf } from '../../errors.js'
import { sqlText } from './duck.js'
import { MESSAGES, type SqlJob, type SqlMessage } from './sql-job.js'
import { plainValue } from './sql-value.js'

const out = createWriteStream('', { fd: MESSAGES })
// The parent is gone, and nobody wants the answer.
out.on('error', () => process.kill(process.pid, 'SIGKILL'))

const lines = createInterface({ input: process.stdin })
lines.once('line', (line) => void run(JSON.parse(line) as SqlJob))
lines.once('close', () => process.kill(process.pid, 'SIGKILL'))

async function run(job: SqlJob): Promise<void> {
  await answer(job).catch((error: unknown) => say({ error: messageOf(error) }))
  await new Promise<void>((resolve) => {
    out.end(resolve)
  })
  process.kill(process.pid, 'SIGKILL')
}

async function answer(job: SqlJob): Promise<void> {
  const connection = await lock(job)
  const refused = await refusal(connection, job.statement)
  if (refused !== undefined) return say({ refused })
  const sql = markedSql(job)
  const result = await connection.stream(sql)
  await say({ columns: result.columnNames().slice(0, -1) })
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    const rows = chunk.convertRows(plainValue)
    const isLast = rows.at(-1)?.at(-1) === true
    const shown = (isLast ? rows.slice(0, -1) : rows).map((row) => row.slice(0, -1))
    if (shown.length > 0) await say({ rows: shown })
    if (isLast) return say({ end: true })
  }
  // A stream of DuckDB ends silently at an error; asked as a whole, it says which.
  await connection.run(sql)
  await say({ error: 'the answer ended before its end' })
}

/** The view is made first; from then on no file but its own can be opened, and no setting changed. */
async function lock({ files, tenants, memoryBytes, threads }: SqlJob): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${Math.floor(memoryBytes / 1024)}KiB`,
    // Nothing is written anywhere, not even what does not fit into memory.
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  })
  const connection = await instance.connect()
  const list = `[${files.map(sqlText).join(', ')}]`
  const of = tenants === undefined ? 'true' : `_tenant IN (${tenants.map(sqlText).join(', ')})`
  const rows =
    files.length > 0
      ? `SELECT * FROM read_parquet(${list}, union_by_name = true, hive_partitioning = true) WHERE ${of}`
      : EMPTY
  await connection.run(`SET allowed_paths = ${list}`)
  await connection.run(`CREATE VIEW logs AS ${rows}`)
  await connection.run('SET enable_external_access = false')
  await connection.run('SET lock_configuration = true')
  return connection
}

const EMPTY = `SELECT NULL::TIMESTAMP AS _time, NULL::BIGINT AS _seq, NULL::INTEGER AS _stream, NULL::VARCHAR AS _tenant,
  NULL::VARCHAR AS _level, NULL::VARCHAR AS _line, NULL::INTEGER AS _shape, NULL::VARCHAR AS _more, NULL::DATE AS date
  WHERE false`

/** DuckDB's own word for what the statement is, where it is not one SELECT. Throws what its parser says. */
async function refusal(connection: DuckDBConnection, statement: string): Promise<string | undefined> {
  const statements = await connection.extractStatements(statement)
  if (statements.count !== 1) return `${statements.count} statements`
  const { statementType } = await statements.prepare(0)
  return statementType === StatementType.SELECT ? undefined : StatementType[statementType]
}

/** `query` takes one SELECT only. A last row says that the answer is whole. */
function markedSql({ statement, limit }: SqlJob): string {
  const most = limit === undefined ? '' : ` LIMIT ${limit}`
  return `SELECT * FROM (SELECT *, false AS _whole FROM query(${sqlText(statement)})${most}) UNION ALL BY NAME SELECT true AS _whole`
}

async function say(message: SqlMessage): Promise<void> {
  if (!out.write(`${JSON.stringify(message)}\n`)) await once(out, 'drain')
}
