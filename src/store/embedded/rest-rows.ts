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
  /**
   * The same with the stretch that the request asks for, and the types of the columns that it names; absent where all
   * rows are for JavaScript.
   */
  readonly rows?: { readonly sql: string; readonly types: string } | undefined
}

export async function gatherRest(
  source: ViewedParts,
  scanned: readonly Scanned[],
  { scan, wants }: RowRequest,
  { gathering, options }: { readonly gathering: Gathering; readonly options: ScanOptions },
): Promise<void> {
  if (scanned.length === 0) return
  const rests = new Map(scanned.map(({ side, rest }) => [side, rest]))
  const only = (side: PartSide): string => rests.get(side) ?? 'false'
  for await (const records of scanCandidates(source, scanned, { request: scan, only }, options))
    for (const record of records) {
      if (wants(record)) gathering.add(record)
      if (gathering.unreadable()) return
    }
}

/** Without the parts that have no such row. */
export async function withRows(
  source: ViewedParts,
  scanned: readonly Scanned[],
  options: ScanOptions,
): Promise<Scanned[]> {
  const found: Scanned[] = []
  const sets = new Map<string, { readonly sql: string; readonly some: Scanned[] }>()
  for (const one of scanned) {
    const { sql, types } = one.rows ?? { sql: 'true', types: '' }
    const set = sets.get(`${types} ${sql}`)
    if (one.rows === undefined) found.push(one)
    else if (set) set.some.push(one)
    else sets.set(`${types} ${sql}`, { sql, some: [one] })
  }
  for (const { sql, some } of sets.values()) if (await anyRow(source, some, sql, options)) found.push(...some)
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
