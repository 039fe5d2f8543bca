// Finds records by text, with their neighbours where asked, in memory bounded by the number of neighbours.
import { fail } from '../errors.js'
import { compileConditions } from '../record/condition.js'
import type { StoredRecord } from '../record/record.js'
import type { ScanRequest, TextCondition } from '../record/scan-request.js'
import type { ScanOptions, Scanner } from '../record/scanner.js'

export interface GrepRequest extends Omit<ScanRequest, 'limit'> {
  /** What is looked for, in the records that fulfil `where`. */
  readonly text: TextCondition
  /** How many neighbours, among the records that fulfil `where`, to show before and after each match. */
  readonly context: number
  /** The most matches; neighbours are not counted. */
  readonly limit?: number | undefined
}

export interface GrepHit {
  readonly record: StoredRecord
  /** False for a neighbour. */
  readonly matched: boolean
  /** Records were left out between the hit before and this one; only with context, as grep prints `--`. */
  readonly gap: boolean
}

const CONTEXT_MOST = 1000

/** Yields in the direction of the request. Throws QUERY_INVALID or PATTERN_INVALID before the first piece. */
export async function* grep(
  scanner: Scanner,
  request: GrepRequest,
  options: ScanOptions = {},
): AsyncGenerator<readonly GrepHit[]> {
  const { text, context, ...rest } = request
  if (context > CONTEXT_MOST)
    fail('QUERY_INVALID', `grep shows at most ${CONTEXT_MOST} neighbours of a match`)
  if (context > 0) return yield* withNeighbours(scanner, request, options)
  for await (const piece of scanner.scan({ ...rest, where: [...rest.where, text] }, options))
    yield piece.map((record) => ({ record, matched: true, gap: false }))
}

/** How many records match, up to the limit. */
export async function countMatches(
  scanner: Scanner,
  { tenants, from, to, where, text, limit = Infinity }: Omit<GrepRequest, 'context'>,
  options: ScanOptions = {},
): Promise<number> {
  const asked = { tenants, from, to, where: [...where, text] }
  const { series } = await scanner.aggregate(
    { ...asked, measure: { kind: 'count' }, group: { by: [] }, maxSeries: 1 },
    options,
  )
  return Math.min(limit, series[0]?.points[0]?.[1] ?? 0)
}

async function* withNeighbours(
  scanner: Scanner,
  { text, context, limit = Infinity, ...rest }: GrepRequest,
  options: ScanOptions,
): AsyncGenerator<readonly GrepHit[]> {
  const walk = neighbourhood(compileConditions([text]), context, limit)
  if (walk.done()) return
  for await (const piece of scanner.scan(rest, options)) {
    const hits: GrepHit[] = []
    for (const record of piece) if (!walk.done()) walk.pass(record, hits)
    if (hits.length > 0) yield hits
    if (walk.done()) return
  }
}

interface Walk {
  /** Adds what the record makes sure of: itself, and the neighbours before it. */
  pass(record: StoredRecord, hits: GrepHit[]): void
  done(): boolean
}

function neighbourhood(matches: (record: StoredRecord) => boolean, context: number, limit: number): Walk {
  /** The newest records that no hit has shown, at most `context`. */
  let before: StoredRecord[] = []
  let found = 0
  let due = 0
  let leftOut = false

  function match(record: StoredRecord, hits: GrepHit[]): void {
    const gap = found > 0 && leftOut
    const shown = [...before, record]
    hits.push(
      ...shown.map((one, index) => ({ record: one, matched: one === record, gap: gap && index === 0 })),
    )
    before = []
    found++
    due = context
    leftOut = false
  }

  function pass(record: StoredRecord, hits: GrepHit[]): void {
    if (found < limit && matches(record)) return match(record, hits)
    if (due > 0) {
      due--
      hits.push({ record, matched: false, gap: false })
      return
    }
    before.push(record)
    if (before.length <= context) return
    before.shift()
    leftOut = true
  }

  return { pass, done: () => found >= limit && due === 0 }
}
