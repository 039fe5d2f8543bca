// Finds what nothing in a data folder names: temporary files, orphan parts, work that was not finished.
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Day } from '#logctl/record/time.js'
import { type DayEntry, loadDay, loadManifest } from '#logctl/store/embedded/manifest.js'

const ALWAYS = ['format.json', 'lock.duckdb', 'manifest.json', 'manifest.copy.json']
/** Segments, idempotency keys, and what was set aside, have names that say what they are. */
const BY_NAME = [/^hot\/\d{16}\.ndjson$/, /^idempotency\/\d{16}\.json$/, /^damaged\/[^/]+$/]

/** Paths of files that should not be there, relative to the folder. */
export async function leftOvers(data: string): Promise<string[]> {
  const manifest = await loadManifest(data)
  const named = new Set(ALWAYS)
  for (const entry of Object.values(manifest.days) as DayEntry[]) {
    named.add(entry.file)
    for (const { parquet, side, words } of (await loadDay(data, entry)).parts)
      for (const { file } of [parquet, side, words]) named.add(file)
  }
  const files = await filesIn(data)
  const strangers = files.filter((file) => !named.has(file) && !BY_NAME.some((name) => name.test(file)))
  const retired = files.filter(
    (file) => file.startsWith('hot/') && Number(/\d+/.exec(file)?.[0]) <= manifest.sealedThrough,
  )
  const missing = [...named].filter((file) => !files.includes(file) && !ALWAYS.includes(file))
  const emptyDays = (await readdir(data)).filter(
    (name) => name.startsWith('date=') && !manifest.days[name.slice('date='.length) as Day],
  )
  return [...strangers, ...retired, ...missing.map((file) => `${file} is missing`), ...emptyDays]
}

async function filesIn(data: string): Promise<string[]> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(data, join(entry.parentPath, entry.name)))
}
