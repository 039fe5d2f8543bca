// The manifest: which parts are live, and up to which sequence the hot log has been sealed into them. The root
// file names one immutable file per day; replacing the root is the moment at which a change happens for everyone.
import { readFile, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { errnoOf, fail } from '../../errors.js'
import type { Day } from '../../record/time.js'
import { parseChecked, printChecked } from './checked-json.js'
import { type DayTotals, addTotals } from './day-totals.js'
import { type Steps, makeFolder, writeDurably } from './durable.js'
import { dayFolder, dayManifestName, manifestCopyFile, manifestFile } from './filenames.js'
import type { Part } from './part.js'

/** The root. */
export interface Manifest {
  readonly format: 1
  /** Rises with every change. */
  readonly generation: number
  /** Every record up to this sequence is in parts (or was damaged or dropped); hot segments below are retired. */
  readonly sealedThrough: number
  readonly nextPart: number
  /** RFC 3339; empty before the first seal. */
  readonly newestArrival: string
  readonly days: Readonly<Record<Day, DayEntry>>
}

/** A day as the root names it. */
export interface DayEntry {
  readonly file: string
  readonly crc32: number
  readonly records: number
  readonly parts: number
  /** Bytes on disk of all its files. */
  readonly storedBytes: number
}

/** A day's own file. */
export interface DayManifest {
  readonly format: 1
  readonly day: Day
  readonly parts: readonly Part[]
  readonly totals: DayTotals
}

export const EMPTY_MANIFEST: Manifest = {
  format: 1,
  generation: 0,
  sealedThrough: 0,
  nextPart: 1,
  newestArrival: '',
  days: {},
}

/** The live root; its copy where it is damaged. Throws DATA_DAMAGED when both are, or both are gone. */
export async function loadManifest(data: string): Promise<Manifest> {
  const content = await readIfThere(manifestFile(data))
  const copy = content && parseChecked(content) ? undefined : await readIfThere(manifestCopyFile(data))
  if (!content && !copy) return (await hasLivedOn(data)) ? missingRoot(data) : EMPTY_MANIFEST
  const manifest = (content && parseChecked(content)) ?? (copy && parseChecked(copy))
  if (manifest) return manifest as Manifest
  return fail('DATA_DAMAGED', `${manifestFile(data)} and its copy do not match their checksums`, {
    hints: ['restore the data folder from a backup, or ask for help before deleting anything'],
  })
}

/** Day files of a second generation are written only once there has been a root. */
async function hasLivedOn(data: string): Promise<boolean> {
  for (const folder of (await readdir(data)).filter((name) => name.startsWith('date='))) {
    const names = await readdir(join(data, folder)).catch(() => [])
    if (names.some((name) => Number(/^manifest-(\d+)\.json$/.exec(name)?.[1]) > 1)) return true
  }
  return false
}

function missingRoot(data: string): never {
  return fail('DATA_DAMAGED', `${manifestFile(data)} and its copy are missing, but there are sealed days`, {
    hints: ['restore them from a backup; without them nobody can tell which parts count'],
  })
}

/** Throws DATA_DAMAGED when the file does not match what the root says of it; ENOENT passes through. */
export async function loadDay(data: string, entry: DayEntry): Promise<DayManifest> {
  const content = await readFile(join(data, entry.file))
  if (crc32(content) !== entry.crc32) fail('DATA_DAMAGED', `${entry.file} does not match its checksum`)
  return parseChecked(content) as DayManifest
}

/** What is wrong with the root or its copy: a crash came between the two, or one of them is damaged. */
export async function rootFaults(
  data: string,
): Promise<{ readonly damaged: string[]; readonly differ: boolean }> {
  const [root, copy] = await Promise.all(
    [manifestFile, manifestCopyFile].map((file) => readIfThere(file(data))),
  )
  const names = [manifestFile(data), manifestCopyFile(data)].map((path) => basename(path))
  const damaged = names.filter((_, i) => {
    const content = [root, copy][i]
    return content !== undefined && parseChecked(content) === undefined
  })
  return { damaged, differ: root === undefined || copy === undefined ? root !== copy : !root.equals(copy) }
}

/** What a change does to one day: parts added, parts taken away. */
export interface DayChange {
  readonly add: readonly { readonly part: Part; readonly totals: DayTotals }[]
  readonly remove: ReadonlySet<number>
  /** The day's totals afterwards, where parts are lost rather than replaced. */
  readonly totals?: DayTotals
}

export interface Change {
  readonly days: ReadonlyMap<Day, DayChange>
  readonly drop?: ReadonlySet<Day>
  readonly sealedThrough?: number
  readonly newestArrival?: string
  readonly nextPart?: number
}

/** Writes the day files of a change and returns the root that names them, which is not live yet. */
export async function prepare(steps: Steps, data: string, from: Manifest, change: Change): Promise<Manifest> {
  const generation = from.generation + 1
  const days: Record<Day, DayEntry> = { ...from.days }
  for (const day of change.drop ?? []) delete days[day]
  for (const [day, dayChange] of change.days) {
    const before = from.days[day]
    const manifest = changeDay(day, before && (await loadDay(data, before)), dayChange)
    if (manifest.parts.length > 0) days[day] = await writeDay(steps, data, manifest, generation)
    else delete days[day]
  }
  return {
    format: 1,
    generation,
    sealedThrough: Math.max(from.sealedThrough, change.sealedThrough ?? 0),
    nextPart: Math.max(from.nextPart, change.nextPart ?? 0),
    newestArrival:
      (change.newestArrival ?? '') > from.newestArrival ? (change.newestArrival ?? '') : from.newestArrival,
    days,
  }
}

/**
 * Makes a root visible at once and durable. The files that it names must be on disk; those that it names no more
 * may go only afterwards, because until the copy is written they belong to it.
 */
export async function makeLive(steps: Steps, data: string, manifest: Manifest): Promise<void> {
  const content = printChecked(manifest)
  await writeDurably(steps, 'manifest', manifestFile(data), content)
  await writeDurably(steps, 'copy', manifestCopyFile(data), content)
}

/** Parts of one change stay together: merged parts replace theirs without touching the day's totals. */
function changeDay(day: Day, before: DayManifest | undefined, change: DayChange): DayManifest {
  const kept = (before?.parts ?? []).filter((part) => !change.remove.has(part.id))
  const parts = [...kept, ...change.add.map(({ part }) => part)].sort(
    (a, b) => a.firstSequence - b.firstSequence,
  )
  const totals =
    change.totals ?? change.add.reduce((sum, added) => addTotals(sum, added.totals), before?.totals ?? {})
  return { format: 1, day, parts, totals }
}

async function writeDay(
  steps: Steps,
  data: string,
  manifest: DayManifest,
  generation: number,
): Promise<DayEntry> {
  const file = dayManifestName(manifest.day, generation)
  const content = printChecked(manifest)
  await makeFolder(dayFolder(data, manifest.day))
  await writeDurably(steps, 'day', join(data, file), content)
  const { parts } = manifest
  return {
    file,
    crc32: crc32(content),
    records: parts.reduce((sum, part) => sum + part.records, 0),
    parts: parts.length,
    storedBytes: content.length + parts.reduce((sum, part) => sum + storedBytes(part), 0),
  }
}

export function storedBytes(part: Part): number {
  return part.parquet.bytes + part.side.bytes + part.words.bytes
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  }
}
