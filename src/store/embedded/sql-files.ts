// The Parquet files that SQL over a data folder may read: the live parts that match their checksums, and how much
// is not in them because it is still hot.
import { join } from 'node:path'
import type { Day } from '../../record/time.js'
import { isVanished } from './duck.js'
import { checkFormat } from './format-file.js'
import { type FollowedSegment, listSegments, readOn, unread } from './hot-files.js'
import { type Manifest, loadDay, loadManifest } from './manifest.js'
import type { Part } from './part.js'
import { readIntact } from './part-files.js'
import { lostFile, unsealed } from './view.js'

export interface SqlFiles {
  /** Absolute when the folder's path is. */
  readonly files: readonly string[]
  /** What is missing because it is damaged. */
  readonly warnings: readonly string[]
  /** Records that are not sealed yet. */
  readonly hotRecords: number
}

/** Throws DATA_UNREADABLE, DATA_NEWER or DATA_DAMAGED. */
export async function findSqlFiles(data: string): Promise<SqlFiles> {
  await checkFormat(data)
  for (;;) {
    const manifest = await loadManifest(data)
    try {
      const parts = await livePartsOf(data, manifest)
      const hotRecords = await countHot(data, manifest)
      const { files, warnings } = await intactOnes(data, manifest, parts)
      return { files, warnings, hotRecords }
    } catch (error) {
      if (!isVanished(error)) throw error
      if (await isNewest(data, manifest)) lostFile(error)
    }
  }
}

async function intactOnes(
  data: string,
  manifest: Manifest,
  parts: readonly Part[],
): Promise<Pick<SqlFiles, 'files' | 'warnings'>> {
  const files: string[] = []
  const warnings: string[] = []
  for (const { parquet, records } of parts) {
    const isIntact = await readIntact(data, parquet).catch(async (error: unknown) => {
      // Merged or pruned meanwhile: then a newer manifest names other files.
      if (!isVanished(error) || !(await isNewest(data, manifest))) throw error
      return undefined
    })
    if (isIntact) files.push(join(data, parquet.file))
    else
      warnings.push(`${records} records are missing: ${parquet.file} is gone or does not match its checksum`)
  }
  return { files, warnings }
}

async function isNewest(data: string, { generation }: Manifest): Promise<boolean> {
  return (await loadManifest(data)).generation === generation
}

async function livePartsOf(data: string, { days }: Manifest): Promise<Part[]> {
  const parts: Part[] = []
  for (const day of (Object.keys(days) as Day[]).sort()) {
    const entry = days[day]
    if (entry) parts.push(...(await loadDay(data, entry)).parts)
  }
  return parts
}

async function countHot(data: string, manifest: Manifest): Promise<number> {
  const followed: FollowedSegment[] = (await listSegments(data)).map(unread)
  for (const one of followed) await readOn(one)
  const segments = unsealed(
    followed.map(({ segment }) => segment),
    manifest,
  )
  return segments.flatMap(({ batches }) => batches).reduce((sum, { frame }) => sum + frame.records, 0)
}
