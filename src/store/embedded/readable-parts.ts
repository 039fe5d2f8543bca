// Reads around parts that are damaged or gone for good: they are left out of an answer, and the answer says so.
import { LogctlError, messageOf } from '../../errors.js'
import type { StoredRecord } from '../../record/record.js'
import type { ScanOptions } from '../../record/scanner.js'
import { type Duck, isVanished } from './duck.js'
import type { Part, PartSide } from './part.js'
import type { PartCache } from './part-cache.js'

export interface PartSource {
  readonly duck: Duck
  readonly cache: PartCache
}

/** Parts as one view names them. */
export interface ViewedParts extends PartSource {
  /** Whether the view is still the newest: then a file that is not there was not merged or dropped, but is lost. */
  readonly isNewest: () => Promise<boolean>
}

/** A part that may hold what is wanted. */
export interface Candidate {
  readonly part: Part
  readonly side: PartSide
}

/** Each part that a statement reads costs some MiB of memory, however small it is. */
const PARTS_A_STATEMENT = 32

/**
 * The first `limit` rows of all candidates in an order. `read` gives the first ones of some of them, by one
 * statement, so that memory does not grow with the number of parts.
 */
export async function readFirst(
  candidates: readonly Candidate[],
  read: (some: readonly Candidate[]) => Promise<StoredRecord[]>,
  { limit, order }: { readonly limit: number; readonly order: (a: StoredRecord, b: StoredRecord) => number },
): Promise<StoredRecord[]> {
  let first: StoredRecord[] = []
  for (let at = 0; at < candidates.length; at += PARTS_A_STATEMENT) {
    const records = await read(candidates.slice(at, at + PARTS_A_STATEMENT))
    first = at === 0 ? records : [...first, ...records].sort(order).slice(0, limit)
  }
  return first
}

/** Undefined, with a warning, when the side file cannot be read. Throws what `isVanished` knows of an older view. */
export async function readSide(
  source: ViewedParts,
  part: Part,
  options: ScanOptions,
): Promise<PartSide | undefined> {
  try {
    return await source.cache.side(part)
  } catch (error) {
    const lost = isVanished(error) && (await source.isNewest())
    if (!lost && !(error instanceof LogctlError && error.code === 'DATA_DAMAGED')) throw error
    missing(options, part, lost ? `${part.side.file} is missing` : messageOf(error))
    return undefined
  }
}

/**
 * Reads from as many of the candidates as are intact: a flipped bit that DuckDB does not notice would else change
 * a record. Throws what `isVanished` knows of an older view.
 */
export async function readAround<T>(
  source: ViewedParts,
  candidates: readonly Candidate[],
  read: (usable: readonly Candidate[]) => Promise<T>,
  options: ScanOptions,
): Promise<{ readonly result: T; readonly usable: readonly Candidate[] }> {
  const usable = await intactOnes(source, candidates, options)
  try {
    return { result: await read(usable), usable }
  } catch (error) {
    options.signal?.throwIfAborted()
    // Perhaps a part has been damaged since it was checked.
    for (const { part } of usable) source.cache.doubt(part)
    const left = await intactOnes(source, usable, options)
    if (left.length === usable.length) throw error
    return readAround(source, left, read, options)
  }
}

async function intactOnes(
  { cache, isNewest }: ViewedParts,
  candidates: readonly Candidate[],
  options: ScanOptions,
): Promise<Candidate[]> {
  const intact: Candidate[] = []
  for (const candidate of candidates) {
    const { part } = candidate
    try {
      if (await cache.isIntact(part)) intact.push(candidate)
      else missing(options, part, `${part.parquet.file} does not match its checksum`)
    } catch (error) {
      if (!isVanished(error) || !(await isNewest())) throw error
      missing(options, part, `${part.parquet.file} is missing`)
    }
  }
  return intact
}

function missing(options: ScanOptions, part: Part, why: string): void {
  options.warn?.(`${part.records} records of ${part.from.slice(0, 10)} are missing from this answer: ${why}`)
}
