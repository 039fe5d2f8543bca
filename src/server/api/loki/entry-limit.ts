// The most entries that an answer of Loki's API may have.
import type { Config } from '../../../config/schema.js'
import { beyond } from './loki-route.js'

/** Entries of an answer are held in memory until they are sorted. Clients ask for 100 to 5,000. */
const MOST_ENTRIES = 50_000

export function mostEntries({ query }: Config): number {
  return Math.min(query.max_rows ?? MOST_ENTRIES, MOST_ENTRIES)
}

/** Loki's words. */
export function checkEntryLimit(limit: number, config: Config): void {
  const most = mostEntries(config)
  if (limit > most)
    throw beyond(
      `max entries limit per query exceeded, limit > max_entries_limit_per_query (${limit} > ${most})`,
    )
}
