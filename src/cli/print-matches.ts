// Prints what grep finds: records with `--` between stretches of neighbours, or how many there are.
import type { Scanner } from '../record/scanner.js'
import { countMatches, grep, type GrepRequest } from '../query/grep.js'
import { pipedScanner } from '../query/piped-scanner.js'
import { grepCondition, select, type Selection } from '../query/selection.js'
import { recordPrinter } from './print-records.js'
import type { Session } from './session.js'
import { type TimeFlags, timeRange } from './time-range.js'

export interface GrepWish {
  readonly request: GrepRequest
  /** What the selector leaves to be run on what a scanner yields. */
  readonly stages: Selection['stages']
}

export interface Matching extends GrepWish {
  readonly scanner: Scanner
  /** Only the number, which is JSON as it stands. */
  readonly count: boolean
}

export interface GrepFlags extends TimeFlags {
  readonly fixed: boolean
  readonly 'ignore-case': boolean
  readonly invert: boolean
  readonly context: number
  readonly limit?: number | undefined
  readonly level?: readonly string[] | undefined
  readonly source?: string | undefined
}

/** Throws QUERY_INVALID or TIME_INVALID. */
export function grepWish(
  { tenants, world }: Session,
  { pattern, selector }: { readonly pattern: string; readonly selector?: string | undefined },
  flags: GrepFlags,
): GrepWish {
  const { fixed: literal, 'ignore-case': ignoreCase, invert, context, limit, level, source } = flags
  const { where, stages } = select({ selector, level, source })
  const request: GrepRequest = {
    tenants,
    direction: 'forward',
    ...timeRange(flags, world.nowMs()),
    where,
    text: grepCondition({ pattern, literal, ignoreCase, invert }),
    context,
    limit,
  }
  return { request, stages }
}

/** Resolves to how many matched. */
export async function printMatches(session: Session, matching: Matching): Promise<number> {
  const { request, count } = matching
  const scanner = pipedScanner(matching.scanner, matching.stages)
  const options = { signal: session.world.interrupted, warn: session.warn }
  if (count) {
    const { context: _, ...asked } = request
    const matches = await countMatches(scanner, asked, options)
    await session.out.write(`${matches}\n`)
    return matches
  }
  const text = recordPrinter(session)
  const between = session.json ? '' : `${session.paint('dim', '--')}\n`
  let matches = 0
  for await (const hits of grep(scanner, request, options)) {
    await session.out.write(hits.map(({ record, gap }) => (gap ? between : '') + text(record)).join(''))
    matches += hits.filter(({ matched }) => matched).length
  }
  return matches
}
