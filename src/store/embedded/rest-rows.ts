// The rows of sealed parts that SQL cannot judge for an aggregate: mostly there are none, which one statement tells of
// many parts; else a scan has them judged in JavaScript.
import { join } from 'node:path'
import type { Gathering } from '../../record/aggregate.js'
import type { ScanOptions } from '../../record/scanner.js'
import type { RowRequest } from './aggregate-parts.js'
import { sqlText } from './duck.js'
import type { PartSide } from './part.js'
import { type Candidate, type ViewedParts, readAround } from './readable-parts.js'
import { scanCandidates } from './scan-parts.js'

export interface Scanned extends Candidate {
  /** WHERE besides what the request says. */
  readonly rest: string
  /** The same with the stretch that the request asks for; absent where all rows are for JavaScript. */
  readonly rows?: string | undefined
}

export async function gatherRest(
  source: ViewedParts,
  scanned: readonly Scanned[],
  { scan, wants }: RowRequest,
  { gathering, options }: { readonly gathering: Gathering; readonly options: ScanOptions },
): Promise<void> {
  const some = await withRows(source, scanned, options)
  if (some.length === 0 || gathering.unreadable()) return
  const rests = new Map(some.map(({ side, rest }) => [side, rest]))
  const only = (side: PartSide): string => rests.get(side) ?? 'false'
  for await (const records of scanCandidates(source, some, { request: scan, only }, options))
    for (const record of records) {
      if (wants(record)) gathering.add(record)
      if (gathering.unreadable()) return
    }
}

/** Without the parts that have no such row. */
async function withRows(
  source: ViewedParts,
  scanned: readonly Scanned[],
  options: ScanOptions,
): Promise<Scanned[]> {
  const sets = new Map<string | undefined, Scanned[]>()
  for (const one of scanned) sets.set(one.rows, [...(sets.get(one.rows) ?? []), one])
  const found: Scanned[] = []
  for (const [rows, some] of sets)
    if (rows === undefined || (await anyRow(source, some, rows, options))) found.push(...some)
  return found
}

async function anyRow(
  source: ViewedParts,
  some: readonly Scanned[],
  rows: string,
  options: ScanOptions,
): Promise<boolean> {
  const read = async (usable: readonly Candidate[]): Promise<boolean> => {
    if (usable.length === 0) return false
    const files = usable.map(({ part }) => sqlText(join(source.cache.data, part.parquet.file)))
    const sql = `SELECT 1 FROM read_parquet([${files.join(', ')}]) WHERE ${rows} LIMIT 1`
    const [found] = await source.duck.columns(sql, options.signal)
    return (found?.length ?? 0) > 0
  }
  return (await readAround(source, some, read, options)).result
}
