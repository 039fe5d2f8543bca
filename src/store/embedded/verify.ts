// Compares every sealed file of a data folder with its checksum, beside whatever process writes to it.
import type { Day } from '../../record/time.js'
import { checkFormat } from './format-file.js'
import { type DayEntry, loadManifest } from './manifest.js'
import { PartCache } from './part-cache.js'
import { readIntact } from './part-files.js'

export interface Verified {
  /** How many files were read. */
  readonly files: number
  readonly bytes: number
  /** Those that are not as they were written, relative to the folder. */
  readonly damaged: readonly string[]
}

/** Small: each day is looked at once. */
const CACHE_BYTES = 1_048_576

/** Throws DATA_UNREADABLE or DATA_NEWER. A file that was retired while it was looked for does not count. */
export async function verifyFolder(path: string): Promise<Verified> {
  await checkFormat(path)
  const manifest = await loadManifest(path)
  const cache = new PartCache(path, CACHE_BYTES)
  const suspects = new Set<string>()
  let [files, bytes] = [0, 0]
  for (const day of Object.keys(manifest.days) as Day[]) {
    for (const part of (await cache.day(manifest.days[day] as DayEntry)).parts) {
      for (const file of [part.parquet, part.side, part.words]) {
        files += 1
        bytes += file.bytes
        if ((await readIntact(path, file).catch(() => undefined)) === undefined) suspects.add(file.file)
      }
    }
  }
  return { files, bytes, damaged: suspects.size > 0 ? await stillLive(path, suspects) : [] }
}

async function stillLive(path: string, suspects: ReadonlySet<string>): Promise<string[]> {
  const manifest = await loadManifest(path)
  const cache = new PartCache(path, CACHE_BYTES)
  const live: string[] = []
  for (const day of Object.keys(manifest.days) as Day[])
    for (const part of (await cache.day(manifest.days[day] as DayEntry)).parts)
      live.push(part.parquet.file, part.side.file, part.words.file)
  return live.filter((file) => suspects.has(file))
}
