// Prints what grep finds: records with `--` between stretches of neighbours, or how many there are.
import type { Scanner } from '../record/scanner.js'
import { countMatches, grep, type GrepRequest } from '../query/grep.js'
import { recordPrinter } from './print-records.js'
import type { Session } from './session.js'

export interface Matching {
  readonly scanner: Scanner
  readonly request: GrepRequest
  /** Only the number, which is JSON as it stands. */
  readonly count: boolean
}

/** Resolves to how many matched. */
export async function printMatches(session: Session, { scanner, request, count }: Matching): Promise<number> {
  const options = { signal: session.world.interrupted, warn: session.warn }
  if (count) {
    const matches = await countMatches(scanner, request, options)
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
