// Reads the query parameters that several answers share.
import { fail } from '../../errors.js'
import type { Condition } from '../../record/scan-request.js'
import type { Timestamp } from '../../record/time.js'
import { parseMoment } from '../../record/time.js'
import { selection } from '../../query/selection.js'
import { checked, parse } from './read-json.js'
import { conditionsSchema } from './scan-schema.js'

/** A whole number from 0 to `max`; undefined when absent. */
export function wholeNumber(name: string, given: string | null, max: number): number | undefined {
  if (given === null || given === '') return undefined
  const value = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN
  return value <= max ? value : fail('QUERY_INVALID', `${name} must be a whole number from 0 to ${max}`)
}

export function truth(name: string, given: string | null, otherwise: boolean): boolean {
  if (given === null || given === '') return otherwise
  if (given === 'true' || given === '1') return true
  if (given === 'false' || given === '0') return false
  return fail('QUERY_INVALID', `${name} must be true or false`)
}

export function moment(given: string | null, nowMs: number): Timestamp | undefined {
  return given === null || given === '' ? undefined : parseMoment(given, nowMs)
}

/** `query`, `level`, `source` and `grep` as people write them, and `where`, conditions as JSON. All must hold. */
export function conditions(query: URLSearchParams): readonly Condition[] {
  const pattern = query.get('grep')
  const where = query.get('where')
  const selected = selection({
    selector: query.get('query') ?? undefined,
    level: query.getAll('level'),
    source: query.get('source') ?? undefined,
    grep: pattern === null ? undefined : { pattern },
  })
  return where === null ? selected : [...selected, ...checked(parse(where), conditionsSchema)]
}
