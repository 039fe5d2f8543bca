// Every path and file name inside a data folder, and the modes they are made with.
import { join } from 'node:path'
import type { Day } from '../../record/time.js'

/** Modes are set by chmod, so that the umask of whoever starts logctl does not matter. */
export const FOLDER_MODE = 0o750
export const FILE_MODE = 0o640

const SEQUENCE_DIGITS = 16

export const formatFile = (data: string): string => join(data, 'format.json')
export const lockFile = (data: string): string => join(data, 'lock.duckdb')
export const manifestFile = (data: string): string => join(data, 'manifest.json')
/** The same content, written after the manifest: what start-up reads when the manifest is damaged. */
export const manifestCopyFile = (data: string): string => join(data, 'manifest.copy.json')

export const hotFolder = (data: string): string => join(data, 'hot')
export const segmentFile = (data: string, firstSequence: number): string =>
  join(hotFolder(data), `${paddedSequence(firstSequence)}.ndjson`)

/** Idempotency keys of sealed segments, kept for as long as they are remembered. */
export const keysFolder = (data: string): string => join(data, 'idempotency')
export const keysFile = (data: string, firstSequence: number): string =>
  join(keysFolder(data), `${paddedSequence(firstSequence)}.json`)

/** Parts under construction; emptied at start. */
export const workFolder = (data: string): string => join(data, 'work')
/** What was damaged, moved out of the way for a person to look at. */
export const damagedFolder = (data: string): string => join(data, 'damaged')

/** Hive style, so that DuckDB, Spark and ClickHouse read the day from the path. */
export const dayFolderName = (day: Day): string => `date=${day}`
export const dayFolder = (data: string, day: Day): string => join(data, dayFolderName(day))
export const dayManifestName = (day: Day, generation: number): string =>
  `${dayFolderName(day)}/manifest-${generation}.json`

const partStem = (day: Day, id: number): string => `${dayFolderName(day)}/part-${String(id).padStart(8, '0')}`
export const partName = (day: Day, id: number): string => `${partStem(day, id)}.parquet`
export const sideName = (day: Day, id: number): string => `${partStem(day, id)}.json.gz`
export const wordsName = (day: Day, id: number): string => `${partStem(day, id)}.words`

/** The first sequence of a segment or key file, from its name; undefined when the name is none of ours. */
export function sequenceOfName(name: string): number | undefined {
  const match = /^(\d{16})\.(?:ndjson|json)$/.exec(name)
  return match ? Number(match[1]) : undefined
}

function paddedSequence(sequence: number): string {
  return String(sequence).padStart(SEQUENCE_DIGITS, '0')
}
