// A scanner behind the stages of a query: it yields records as they come out of the pipeline, and answers every
// question about those. So tail, grep and export take a whole pipeline where they take a selector.
import { aggregateByScan } from '../record/aggregate.js'
import { compileConditions } from '../record/condition.js'
import { Dictionary } from '../record/dictionary.js'
import type { Scalar, StoredRecord } from '../record/record.js'
import { fieldText } from '../record/record.js'
import type { Condition, ScanRequest } from '../record/scan-request.js'
import type { ScanOptions, Scanner } from '../record/scanner.js'
import type { Stage } from './ast.js'
import type { Entry } from './entry.js'
import { startMeter } from './limits.js'
import { compilePipeline } from './pipeline.js'

/** The record that comes out of the stages; undefined where it falls. */
type RecordPipeline = (record: StoredRecord) => StoredRecord | undefined

/**
 * The scanner itself where there are no stages. Days, stats and labels stay those of all that is stored. Throws
 * QUERY_INVALID or PATTERN_INVALID for a stage that can be read but not run.
 */
export function pipedScanner(scanner: Scanner, stages: readonly Stage[]): Scanner {
  if (stages.length === 0) return scanner
  const run = compileRecordPipeline(stages)
  const piped: Scanner = {
    ...scanner,
    scan: (request, options) => scanPiped(scanner, { stages, run }, request, options),
    follow: (request, options) => followPiped(scanner, { stages, run }, request, options),
    aggregate: (request, options) => aggregateByScan(piped, request, options),
  }
  return piped
}

interface Piped {
  readonly stages: readonly Stage[]
  readonly run: RecordPipeline
}

async function* scanPiped(
  scanner: Scanner,
  { stages, run }: Piped,
  { where, limit = Infinity, ...rest }: ScanRequest,
  options: ScanOptions = {},
): AsyncGenerator<readonly StoredRecord[]> {
  const { before, behind } = around(where, stages)
  const judge = compileConditions(behind)
  const meter = startMeter({}, options.signal)
  let left = limit
  if (left <= 0) return
  for await (const piece of scanner.scan({ ...rest, where: before }, options)) {
    const records: StoredRecord[] = []
    for (const record of piece) {
      const out = run(record)
      if (out && judge(out)) records.push(out)
      if (records.length === left) break
      await meter.pause()
    }
    left -= records.length
    if (records.length > 0) yield records
    if (left === 0) return
  }
}

async function* followPiped(
  scanner: Scanner,
  { stages, run }: Piped,
  { where, ...rest }: Parameters<Scanner['follow']>[0],
  options: ScanOptions = {},
): AsyncGenerator<readonly StoredRecord[]> {
  const { before, behind } = around(where, stages)
  const judge = compileConditions(behind)
  for await (const piece of scanner.follow({ ...rest, where: before }, options)) {
    const records = piece.flatMap((record) => run(record) ?? []).filter(judge)
    if (records.length > 0) yield records
  }
}

const FILTERS: ReadonlySet<Stage['kind']> = new Set(['label-filter', 'line-filter'])

/** What grep looks for is looked for in what is shown: behind stages that change anything, not before them. */
function around(
  where: readonly Condition[],
  stages: readonly Stage[],
): { readonly before: readonly Condition[]; readonly behind: readonly Condition[] } {
  if (stages.every(({ kind }) => FILTERS.has(kind))) return { before: where, behind: [] }
  return {
    before: where.filter(({ kind }) => kind !== 'text'),
    behind: where.filter(({ kind }) => kind === 'text'),
  }
}

function compileRecordPipeline(stages: readonly Stage[]): RecordPipeline {
  const run = compilePipeline(stages)
  return (record) => {
    const entry = run(record)
    return entry && recordOf(entry, record)
  }
}

/** Labels of the stream stay labels; everything else is a field, and keeps its type where no stage changed it. */
function recordOf(entry: Entry, record: StoredRecord): StoredRecord {
  const labels = new Dictionary<string>()
  const fields = new Dictionary<Scalar>()
  for (const name of [...entry.names()].sort()) {
    const text = entry.get(name)
    const of = entry.classOf(name)
    if (of === 'stream') labels[name] = text
    else if (of === 'metadata') setSent(fields, name, { text, record })
    else if (text !== '') fields[name] = text
  }
  return { ...record, line: entry.line, labels, fields }
}

/** `detected_level` is the record's level already, unless a stage wrote another. */
function setSent(
  fields: Record<string, Scalar>,
  name: string,
  { text, record }: { readonly text: string; readonly record: StoredRecord },
): void {
  if (name === 'detected_level' && text === record.level) return
  const sent = record.fields[name]
  fields[name] = sent !== undefined && fieldText(sent) === text ? sent : text
}
