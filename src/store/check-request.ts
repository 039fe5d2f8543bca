// What no store can answer, refused before anything is read.
import { fail } from '../errors.js'
import type { ScanRequest } from '../record/scan-request.js'

/** Throws QUERY_INVALID. */
export function checkRequest({ from, to, limit }: ScanRequest): void {
  if (from !== undefined && to !== undefined && from > to)
    fail('QUERY_INVALID', `the time range ends (${to}) before it begins (${from})`)
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0))
    fail('QUERY_INVALID', `limit must be a whole number from 0 up, not ${limit}`)
}
