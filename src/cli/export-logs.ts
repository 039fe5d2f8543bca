// Writes logs out, oldest first: to stdout as they come, or into a file that is whole or not there. What arrives
// while it runs is not in it.
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { fail } from '../errors.js'
import { bytesText, countOf } from '../format/amounts.js'
import { pagedScanner } from '../query/paged-scanner.js'
import { pipedScanner } from '../query/piped-scanner.js'
import { select, type Selection } from '../query/selection.js'
import type { StoredRecord } from '../record/record.js'
import { behind } from '../record/scan-progress.js'
import type { Scanner } from '../record/scanner.js'
import { type ExportFile, type ExportState, openExportFile } from './export-file.js'
import { EXPORT_FORMATS, type ExportFormat, exportText, headText } from './export-text.js'
import { type Progress, startProgress } from './progress.js'
import { answer, type Session } from './session.js'
import { machineSizes } from './store-options.js'
import { withScanner } from './target.js'
import { type TimeFlags, timeRange } from './time-range.js'

export interface ExportFlags extends TimeFlags {
  readonly format?: ExportFormat | undefined
  readonly output?: string | undefined
  readonly resume: boolean
  readonly level?: readonly string[] | undefined
  readonly source?: string | undefined
}

/** Text that is gathered before it is written and noted. UTF-16 units. */
const CHUNK_CHARS = 4 * 1024 * 1024

/** The most that UTF-8 takes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3

interface Wish extends Selection {
  readonly format: ExportFormat
  readonly flags: ExportFlags
}

/** Throws USAGE, QUERY_INVALID, TIME_INVALID or OUTPUT_FAILED. */
export async function exportLogs(
  session: Session,
  selector: string | undefined,
  flags: ExportFlags,
): Promise<void> {
  const { output, level, source } = flags
  const wish = { ...select({ selector, level, source }), format: formatOf(flags), flags }
  if (output === undefined && flags.resume)
    fail('USAGE', '--resume goes on with a file: name it with --output')
  await withScanner(session, (scanner) =>
    output === undefined
      ? toStdout(session, scanner, wish)
      : toFile(session, scanner, { ...wish, file: path.resolve(session.world.cwd, output), selector }),
  )
}

function formatOf({ format, output }: ExportFlags): ExportFormat {
  const named = EXPORT_FORMATS.find((one) => output?.replace(/\.gz$/, '').endsWith(`.${one}`))
  const known = format ?? named ?? 'ndjson'
  if (known !== 'parquet') return known
  if (output === undefined) fail('USAGE', 'Parquet needs a file', { hints: ['--output logs.parquet'] })
  if (output.endsWith('.gz')) fail('USAGE', 'a Parquet file is compressed in itself; leave out .gz')
  return known
}

async function toStdout(session: Session, scanner: Scanner, { format, ...wish }: Wish): Promise<void> {
  const begun = await beginning(session, scanner, wish.flags)
  await session.out.write(headText(format))
  for await (const piece of pieces(session, scanner, { ...wish, state: begun }))
    await session.out.write(piece.map((record) => exportText(format, record)).join(''))
}

interface FileWish extends Wish {
  readonly file: string
  readonly selector: string | undefined
}

async function toFile(session: Session, scanner: Scanner, wish: FileWish): Promise<void> {
  const { format, flags, file, selector } = wish
  const { resume, level, source, since, from, to, date } = flags
  const asked = JSON.stringify({
    selector,
    level,
    source,
    since,
    from,
    to,
    date,
    format,
    of: session.tenants,
  })
  const target = await openExportFile({ file, gzip: file.endsWith('.gz'), asked, resume })
  const progress = await startProgress(session, 'exporting')
  try {
    const state = target.state ?? (await beginning(session, scanner, flags))
    for (const warning of state.warnings) session.warn(warning)
    const { records, longestLine } = await writeChunks(session, scanner, { ...wish, state, target, progress })
    const bytes = await finish(session, target, { format, file, longestLine })
    await target.close()
    progress.end()
    await answer(session, { file, format, records, bytes }, () => '')
    session.say(`exported ${countOf(records, 'record')} to ${file} (${bytesText(bytes)})`)
  } catch (error) {
    progress.end()
    if (await target.close())
      session.say(`unfinished: what is written so far is in ${target.workFile}; --resume goes on`)
    throw error
  }
}

/** What is stored by now, in the time that is asked for by now. */
async function beginning(session: Session, scanner: Scanner, flags: ExportFlags): Promise<ExportState> {
  const upTo = await scanner.newestSequence()
  const range = timeRange(flags, session.world.nowMs())
  return { ...range, upTo, records: 0, bytes: 0, longestLine: 0, warnings: [] }
}

interface Reading extends Selection {
  readonly state: ExportState
  readonly warn?: (message: string) => void
}

async function* pieces(
  { tenants, world, warn }: Session,
  scanner: Scanner,
  { where, stages, state, warn: alsoWarn }: Reading,
): AsyncGenerator<readonly StoredRecord[]> {
  const { from, to, upTo, last } = state
  const request = { tenants, where, from: last?.timestamp ?? from, to, sequenceUpTo: upTo }
  const options = {
    signal: world.interrupted,
    warn: (message: string) => {
      warn(message)
      alsoWarn?.(message)
    },
  }
  const piped = pipedScanner(pagedScanner(scanner), stages)
  for await (const piece of piped.scan({ ...request, direction: 'forward' }, options))
    yield last === undefined ? piece : behind(piece, last, 'forward')
}

interface Writing extends FileWish {
  readonly state: ExportState
  readonly target: ExportFile
  readonly progress: Progress
}

/** Resolves to the state at the end. */
async function writeChunks(
  session: Session,
  scanner: Scanner,
  writing: Writing,
): Promise<Omit<ExportState, 'bytes'>> {
  const { format, target, progress, state } = writing
  const { from, to, upTo } = state
  const warnings = [...state.warnings]
  let { last, records, longestLine } = state
  let text = target.state === undefined ? headText(format) : ''
  const reached = () => ({ from, to, upTo, last, records, longestLine, warnings })
  for await (const piece of pieces(session, scanner, { ...writing, warn: (one) => warnings.push(one) })) {
    for (const record of piece) {
      const line = exportText(format, record)
      longestLine = Math.max(longestLine, line.length * BYTES_PER_UNIT)
      text += line
      last = { timestamp: record.timestamp, sequence: record.sequence }
    }
    records += piece.length
    progress.show(`exported ${countOf(records, 'record')}, at ${last?.timestamp.slice(0, 16)}Z`)
    if (text.length < CHUNK_CHARS) continue
    await target.append(text, reached())
    text = ''
  }
  if (text !== '' || format !== 'parquet') await target.append(text, reached())
  return reached()
}

interface Finished {
  readonly format: ExportFormat
  readonly file: string
  readonly longestLine: number
}

/** Resolves to the size of the file. */
async function finish(
  session: Session,
  target: ExportFile,
  { format, file, longestLine }: Finished,
): Promise<number> {
  if (format === 'parquet') {
    const { writeParquet } = await import('../store/embedded/parquet.js')
    const made = `${target.workFile}.parquet`
    const memoryBytes = machineSizes(session.loaded.config).duckdbQueryMemoryBytes
    await writeParquet({ file: target.workFile, longestLine, memoryBytes }, made)
    await target.finish(made)
  } else await target.finish()
  return (await stat(file)).size
}
