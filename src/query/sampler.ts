// Turns records into samples: the pipeline runs, the number is taken, and what went wrong ends the query.
import { fail } from '../errors.js'
import type { StoredRecord } from '../record/record.js'
import type { RangeOp, Unwrap } from './ast.js'
import type { Entry } from './entry.js'
import { ERROR } from './entry.js'
import { compilePipeline } from './pipeline.js'
import type { RangePlan } from './plan.js'
import type { RangeWindows } from './range-windows.js'
import { labelsText } from './sample.js'
import { compileUnwrap } from './unwrap.js'

/** Gives a record's sample to every window of the step, or a later one, that covers it. */
export type TakeRecord = (record: StoredRecord, step: number) => void

/** The ranges have the same `input`, and `all` are their windows. Throws QUERY_INVALID, as the function it makes. */
export function compileSampler(ranges: readonly RangePlan[], all: readonly RangeWindows[]): TakeRecord {
  const { pushed, unwrap, keepsErrors } = ranges[0] as RangePlan
  const run = compilePipeline(pushed.stages, neededByAll(ranges))
  const valueOf = numberOf(
    unwrap,
    ranges.map(({ windows }) => windows.op),
  )
  return (record, step) => {
    const covering = all.filter((windows) => windows.covers(record.timestamp, step))
    if (covering.length === 0) return
    const entry = run(record)
    const value = entry && valueOf(entry)
    if (entry === undefined || value === undefined) return
    const error = entry.get(ERROR)
    if (error !== '' && !(keepsErrors && OF_PARSERS.has(error))) pipelineError(error, entry)
    for (const windows of covering) windows.add(entry, value)
  }
}

function neededByAll(ranges: readonly RangePlan[]): Set<string> | undefined {
  const names = new Set<string>()
  for (const { needed } of ranges) {
    if (needed === undefined) return undefined
    for (const name of needed) names.add(name)
  }
  return names
}

/** Without unwrap a sample is the bytes of its line where somebody sums them up; counts do not look at it. */
function numberOf(unwrap: Unwrap | undefined, ops: readonly RangeOp[]): (entry: Entry) => number | undefined {
  if (unwrap) return compileUnwrap(unwrap)
  const bytes = ops.some((op) => op === 'bytes_rate' || op === 'bytes_over_time')
  return bytes ? ({ line }) => Buffer.byteLength(line) : () => 1
}

/** Errors that a query may count, since Loki keeps them where a query asks for `__error__`. */
const OF_PARSERS: ReadonlySet<string> = new Set(['JSONParserErr', 'LogfmtParserErr'])

/** Loki's text, which tells what to write. */
function pipelineError(error: string, entry: Entry): never {
  return fail(
    'QUERY_INVALID',
    `pipeline error: '${error}' for series: '${labelsText(entry.labels())}'.\n` +
      `Use a label filter to intentionally skip this error. (e.g | __error__!="${error}").\n` +
      'To skip all potential errors you can match empty errors.(e.g __error__="")\n' +
      'The label filter can also be specified after unwrap. (e.g | unwrap latency | __error__="" )\n',
  )
}
