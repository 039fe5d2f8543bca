// Prints what grep finds: records with `--` between stretches of neighbours, or how many there are.
import type { Scanner } from '../record/scanner.js'
import { countMatches, grep, type GrepRequest } from '../query/grep.js'
import { grepCondition, selection } from '../query/selection.js'
import { recordPrinter } from './print-records.js'
import type { Session } from './session.js'
import { type TimeFlags, timeRange } from './time-range.js'

export interface Matching {
  readonly scanner: Scanner
  readonly request: GrepRequest
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
export function grepRequest(
  { tenants, world }: Session,
  { pattern, selector }: { readonly pattern: string; readonly selector?: string | undefined },
  flags: GrepFlags,
): GrepRequest {
  const { fixed: literal, 'ignore-case': ignoreCase, invert, context, limit, level, source } = flags
  return {
    tenants,
    direction: 'forward',
    ...timeRange(flags, world.nowMs()),
    where: selection({ selector, level, source }),
    text: grepCondition({ pattern, literal, ignoreCase, invert }),
    context,
    limit,
  }
}

/** Resolves to how many matched. */
export async function printMatches(session: Session, { scanner, request, count }: Matching): Promise<number> {
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
