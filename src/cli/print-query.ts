// Answers a LogQL query in the terminal: logs as they are found, or numbers as a table and a chart.
import { fail } from '../errors.js'
import { explain } from '../query/explain.js'
import { metricJson } from '../query/metric-json.js'
import { pagedScanner } from '../query/paged-scanner.js'
import { parse } from '../query/parse.js'
import { readOn } from '../query/passes.js'
import { pipedScanner } from '../query/piped-scanner.js'
import { pushDown } from '../query/push-down.js'
import { runMetric } from '../query/run-metric.js'
import type { LogQuery, MetricQuery, Query } from '../query/ast.js'
import { print } from '../query/print.js'
import type { ScanOptions, Scanner } from '../record/scanner.js'
import { timestampOfMs } from '../record/time.js'
import { openCursorFile } from './cursor-file.js'
import { HOUR_MS, hourBefore, type MetricTimeFlags, metricTime, momentsOf } from './metric-time.js'
import { metricText } from './metric-text.js'
import { printRecords } from './print-records.js'
import { answer, type Session } from './session.js'
import { withScanner } from './target.js'
import { type TimeRange, timeRange } from './time-range.js'

export interface QueryFlags extends MetricTimeFlags {
  readonly limit?: number | undefined
  readonly direction?: 'forward' | 'backward' | undefined
  readonly 'cursor-file'?: string | undefined
  readonly explain: boolean
}

const DEFAULT_LIMIT = 100

/** Resolves to the exit status: 1 where nothing was found. Throws QUERY_INVALID, USAGE or TIME_INVALID. */
export async function printQuery(session: Session, text: string, flags: QueryFlags): Promise<number> {
  const query = parse(text)
  refuseUnfit(query, flags)
  if (flags.explain) {
    const plan = explain(query)
    await answer(session, { explain: plan.trimEnd().split('\n') }, () => plan)
    return 0
  }
  const isFound = await withScanner(session, (scanner) =>
    query.kind === 'log'
      ? printLogs(session, { scanner, query, flags })
      : printMetric(session, { scanner, query, flags }),
  )
  // Whoever reads on from run to run is up to date when there is nothing new.
  return isFound || flags['cursor-file'] !== undefined ? 0 : 1
}

const FOR_LOGS = ['limit', 'direction', 'cursor-file'] as const
const FOR_METRICS = ['step', 'now'] as const

function refuseUnfit({ kind }: Query, flags: QueryFlags): void {
  const isLog = kind === 'log'
  const unfit = (isLog ? FOR_METRICS : FOR_LOGS).find((name) => flags[name] !== undefined)
  if (unfit === undefined) return
  const [wanted, given] = isLog ? ['numbers', 'logs'] : ['logs', 'numbers']
  fail('USAGE', `--${unfit} is for queries that answer with ${wanted}; this one answers with ${given}`)
}

interface Asked<Of extends Query> {
  readonly scanner: Scanner
  readonly query: Of
  readonly flags: QueryFlags
}

async function printMetric(
  session: Session,
  { scanner, query, flags }: Asked<MetricQuery>,
): Promise<boolean> {
  const { tenants, paint, terminal, world } = session
  const request = { tenants, ...metricTime(flags, world.nowMs()) }
  const result = await runMetric(scanner, query, request, optionsOf(session))
  const width = terminal ? world.stdout.columns : undefined
  await answer(session, metricJson(result), () =>
    metricText(result, { paint, width, times: momentsOf(request) }),
  )
  if (result.type === 'scalar') return true
  return (result.type === 'matrix' ? result.series : result.samples).length > 0
}

async function printLogs(session: Session, asked: Asked<LogQuery>): Promise<boolean> {
  const { query, flags } = asked
  const { where, stages } = pushDown(query)
  const limit = flags.limit === 0 ? undefined : (flags.limit ?? DEFAULT_LIMIT)
  if (flags['cursor-file'] !== undefined) return printOn(session, asked, flags['cursor-file'])
  // What has no limit may take longer than a server gives to one question.
  const base = limit === undefined ? pagedScanner(asked.scanner) : asked.scanner
  const direction = flags.direction ?? 'backward'
  const range = lastHour(timeRange(flags, session.world.nowMs()), session.world.nowMs())
  const request = { tenants: session.tenants, where, ...range, direction, limit }
  const found = pipedScanner(base, stages).scan(request, optionsOf(session))
  return (await printRecords(session, found)) > 0
}

/** Saves the place at most this often while it prints, and at the end. Milliseconds. */
const SAVE_MS = 1000

/** Oldest first and without a limit unless told: the reader is to get everything, once. */
async function printOn(
  session: Session,
  { scanner, query, flags }: Asked<LogQuery>,
  file: string,
): Promise<boolean> {
  if (flags.direction === 'backward') fail('USAGE', '--cursor-file reads forward: older entries come first')
  const { tenants, world } = session
  const { where, stages } = pushDown(query)
  const kept = await openCursorFile(file, { query: print(query), tenants })
  const asked = timeRange(flags, world.nowMs())
  // Later runs take whatever arrived since, however old its time is.
  const range = kept.cursor === undefined ? lastHour(asked, world.nowMs()) : asked
  const request = { tenants, where, ...range, limit: flags.limit === 0 ? undefined : flags.limit }
  const cursor = kept.cursor ?? { sequence: 0 }
  const piped = pipedScanner(pagedScanner(scanner), stages)
  let count = 0
  let reached = cursor
  let saved = cursor
  let savedMs = world.nowMs()
  const save = async (): Promise<void> => {
    if (saved !== reached) await kept.save(reached)
    saved = reached
    savedMs = world.nowMs()
  }
  try {
    for await (const piece of readOn(piped, { ...request, cursor }, optionsOf(session))) {
      count += await printRecords(session, once(piece.records))
      reached = piece.cursor
      if (world.nowMs() - savedMs >= SAVE_MS) await save()
    }
  } finally {
    await save()
  }
  return count > 0
}

async function* once<T>(piece: T): AsyncGenerator<T> {
  yield piece
}

function lastHour({ from, to }: TimeRange, nowMs: number): TimeRange {
  if (from !== undefined) return { from, to }
  return { from: to === undefined ? timestampOfMs(nowMs - HOUR_MS) : hourBefore(to), to }
}

function optionsOf({ world, warn }: Session): ScanOptions {
  return { signal: world.interrupted, warn }
}
