// Runs one SELECT over the sealed days of a data folder and prints what it gives: a table, JSON lines or CSV.
import { fail } from '../errors.js'
import { columns } from '../format/columns.js'
import { csvLine } from '../format/csv.js'
import { printableCell } from '../format/printable.js'
import { countOf } from '../format/amounts.js'
import { findSqlFiles, runSql, type SqlPiece, type SqlValue } from '../store/embedded/sql.js'
import { runningServer } from './running-server.js'
import type { Session } from './session.js'
import { machineSizes, storeOptions } from './store-options.js'
import { chooseTarget, openServerAt } from './target.js'

export interface SqlFlags {
  readonly csv: boolean
  readonly limit?: number | undefined
  readonly seal: boolean
}

/** Throws QUERY_INVALID, QUERY_LIMIT, or USAGE where a server is meant. */
export async function printSql(session: Session, statement: string, flags: SqlFlags): Promise<void> {
  const { loaded, tenants, out, world } = session
  const data = loaded.config.store.data
  if ((await chooseTarget(loaded)).kind === 'url')
    fail('USAGE', 'sql reads a data folder itself, not through a server', { hints: ['name it with --data'] })
  if (flags.seal) await sealAll(session, data)
  const { files, warnings, hotRecords } = await findSqlFiles(data)
  for (const warning of warnings) session.warn(warning)
  if (hotRecords > 0)
    session.say(
      `note: ${countOf(hotRecords, 'record')} are still hot and not in this answer; --seal adds them`,
    )
  const sizes = machineSizes(loaded.config)
  const job = {
    statement,
    files,
    tenants,
    limit: flags.limit,
    memoryBytes: sizes.duckdbQueryMemoryBytes,
    threads: sizes.queryThreads,
  }
  const limits = { timeoutMs: loaded.config.query.timeout, signal: world.interrupted }
  const text = printer(session, flags.csv)
  for await (const piece of runSql(job, limits)) {
    const printed = text(piece)
    if (printed !== '') await out.write(printed)
  }
}

/** What is hot becomes parts: by the process that holds the folder, or here where nobody does. */
async function sealAll(session: Session, data: string): Promise<void> {
  const { config } = session.loaded
  const server = await runningServer(data)
  if (server) {
    const client = await openServerAt(server, session)
    return client.seal().finally(() => client.close())
  }
  // A folder that is none is not made into one.
  await findSqlFiles(data)
  const { openEmbeddedStore } = await import('../store/embedded/index.js')
  const store = await openEmbeddedStore(
    storeOptions(config, machineSizes(config), { log: session.detail, warn: session.say }),
  )
  return store.seal().finally(() => store.close())
}

type Printer = (piece: SqlPiece) => string

function printer(session: Session, csv: boolean): Printer {
  if (session.json) return jsonLines
  return csv ? csvLines : tableLines(session)
}

function jsonLines({ columns: names, rows }: SqlPiece): string {
  return rows
    .map((row) => `${JSON.stringify(Object.fromEntries(names.map((name, i) => [name, row[i]])))}\n`)
    .join('')
}

function csvLines({ columns: names, rows }: SqlPiece): string {
  if (rows.length === 0) return csvLine(names)
  return rows.map((row) => csvLine(row.map((value) => (value === null ? undefined : textOf(value))))).join('')
}

/** The heading comes with the first rows, and fits them; a later piece may be wider. */
function tableLines({ paint, terminal }: Session): Printer {
  let headed = false
  const shown = (text: string): string => (terminal ? printableCell(text) : text.replaceAll('\n', '\\n'))
  return ({ columns: names, rows }) => {
    if (rows.length === 0) return ''
    const right = names.flatMap((_, i) => (rows.every((row) => typeof row[i] === 'number') ? [i] : []))
    const cells = rows.map((row) => row.map((value) => (value === null ? '-' : shown(textOf(value)))))
    const heading = headed ? [] : [names.map((name) => paint('bold', shown(name)))]
    headed = true
    return columns([...heading, ...cells], { right })
  }
}

function textOf(value: SqlValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
