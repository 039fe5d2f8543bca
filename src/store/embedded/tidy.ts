// Tidying at start: parts are checked against the manifest, and files that nothing names are removed.
import { readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { LogctlError, errnoOf } from '../../errors.js'
import type { Day } from '../../record/time.js'
import { type DayTotals, addTotals, totalsOf } from './day-totals.js'
import { type Steps, makeFolder, syncFile, syncFolder, writeNew } from './durable.js'
import { damagedFolder, dayFolderName, hotFolder, keysFolder, workFolder } from './filenames.js'
import {
  type Change,
  type DayChange,
  type DayEntry,
  type DayManifest,
  type Manifest,
  loadDay,
} from './manifest.js'
import type { CheckedFile, Part, PartSide } from './part.js'
import { readSideFile } from './side-file.js'

export interface Damage {
  /** File names, relative to the data folder, and what is wrong with each. */
  readonly found: readonly string[]
  /** Takes the damaged parts out of the manifest; undefined when there are none. */
  readonly change: Change | undefined
  /** The files to set aside before the change. */
  readonly files: readonly string[]
}

/** Looks for files that are missing or of another size; checksums are compared when files are read. */
export async function findDamage(data: string, manifest: Manifest): Promise<Damage> {
  const found: string[] = []
  const files: string[] = []
  const days = new Map<Day, DayChange>()
  const drop = new Set<Day>()
  for (const [day, entry] of Object.entries(manifest.days) as [Day, DayEntry][]) {
    const parts = await loadDay(data, entry).catch((error: unknown) => damagedDay(error, entry, found))
    if (!parts) {
      drop.add(day)
      // Nobody can tell which of its parts were live, but nothing of them is destroyed.
      files.push(...(await filesOfDay(data, day)))
      continue
    }
    const broken = await brokenParts(data, parts, found)
    if (broken.length === 0) continue
    days.set(day, await withoutParts(data, parts, new Set(broken.map((part) => part.id))))
    files.push(...broken.flatMap((part) => [part.parquet.file, part.side.file, part.words.file]))
  }
  return { found, files, change: days.size + drop.size > 0 ? { days, drop } : undefined }
}

/** Where one part of a day is broken the side files of its others are read, since totals are made from them. */
async function brokenParts(data: string, day: DayManifest, found: string[]): Promise<readonly Part[]> {
  const faults = await Promise.all(day.parts.map((part) => faultsOf(data, part)))
  if (faults.every((fault) => fault.length === 0)) return []
  const broken: Part[] = []
  for (const [i, part] of day.parts.entries()) {
    const own = faults[i] as string[]
    if (own.length === 0 && !(await readSideFile(join(data, part.side.file))))
      own.push(`${part.side.file} is damaged`)
    if (own.length === 0) continue
    broken.push(part)
    found.push(...own.map((fault) => `${fault} (${part.records} records)`))
  }
  return broken
}

/** The day's totals are made again from the side files that are left. */
async function withoutParts(data: string, day: DayManifest, remove: ReadonlySet<number>): Promise<DayChange> {
  let totals: DayTotals = {}
  for (const part of day.parts.filter(({ id }) => !remove.has(id))) {
    const side = (await readSideFile(join(data, part.side.file))) as PartSide
    totals = addTotals(totals, totalsOf(side.counts, side.streams))
  }
  return { add: [], remove, totals }
}

function damagedDay(error: unknown, entry: DayEntry, found: string[]): undefined {
  const missing = errnoOf(error) === 'ENOENT'
  if (!missing && !(error instanceof LogctlError && error.code === 'DATA_DAMAGED')) throw error
  const fault = missing ? 'is missing' : 'does not match its checksum'
  found.push(`${entry.file} ${fault} (${entry.records} records)`)
  return undefined
}

async function faultsOf(data: string, part: Part): Promise<string[]> {
  const faults: string[] = []
  // A part without its word filter is whole: searches only open it more often.
  for (const file of [part.parquet, part.side]) {
    const fault = await faultOf(data, file)
    if (fault) faults.push(`${file.file} ${fault}`)
  }
  return faults
}

async function faultOf(data: string, file: CheckedFile): Promise<string | undefined> {
  try {
    const { size } = await stat(join(data, file.file))
    return size === file.bytes ? undefined : `has ${size} bytes, not ${file.bytes}`
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 'is missing'
    throw error
  }
}

/** Moves files out of the way, for a person to look at, beside a report of what was found. */
export async function setAside(
  steps: Steps,
  data: string,
  { found, files, generation }: Pick<Damage, 'found' | 'files'> & { readonly generation: number },
): Promise<void> {
  const folder = damagedFolder(data)
  await makeFolder(folder)
  await steps.take('recover.aside', async () => {
    const report = join(folder, `report-${generation}.json`)
    await writeNew(report, Buffer.from(`${JSON.stringify({ found }, undefined, 2)}\n`))
    await syncFile(report)
    for (const file of files) {
      await rename(join(data, file), join(folder, file.replaceAll('/', '_'))).catch((error: unknown) => {
        if (errnoOf(error) !== 'ENOENT') throw error
      })
    }
    await syncFolder(folder)
  })
}

/** What was set aside and still lies there. */
export async function listDamaged(data: string): Promise<string[]> {
  const names = await namesIn(damagedFolder(data))
  return names.map((name) => `${basename(damagedFolder(data))}/${name}`).sort()
}

/** What `writeDurably` and recovery write beside the files that they replace. */
const OUR_TMP = /^(?:\..*|\d{16}\.ndjson)\.tmp$/

/** Removes what a crash or an earlier version left: unfinished work, and files of days that no manifest names. */
export async function removeLeftOvers(data: string, manifest: Manifest): Promise<void> {
  await rm(workFolder(data), { recursive: true, force: true })
  await makeFolder(workFolder(data))
  for (const folder of [data, hotFolder(data), keysFolder(data)])
    for (const name of await namesIn(folder))
      if (OUR_TMP.test(name)) await rm(join(folder, name), { force: true })
  await removeUnnamed(data, manifest)
}

/** Removes the files in the days' folders that no manifest names. */
export async function removeUnnamed(data: string, manifest: Manifest): Promise<void> {
  for (const name of await namesIn(data))
    if (name.startsWith('date=')) await tidyDay(data, name.slice('date='.length) as Day, manifest)
}

async function tidyDay(data: string, day: Day, manifest: Pick<Manifest, 'days'>): Promise<void> {
  const folder = dayFolderName(day)
  const entry = manifest.days[day]
  const live = entry ? namesOf(entry.file, await loadDay(data, entry)) : new Set<string>()
  for (const name of await namesIn(join(data, folder)))
    if (isOurs(name) && !live.has(`${folder}/${name}`)) await rm(join(data, folder, name), { force: true })
  if (live.size === 0) await rmdir(join(data, folder)).catch(() => undefined)
}

function namesOf(file: string, day: DayManifest): Set<string> {
  return new Set([file, ...day.parts.flatMap((part) => [part.parquet.file, part.side.file, part.words.file])])
}

/** Removes what is left of a day that was dropped; what others put there stays, and the folder with it. */
export async function removeDayFolder(data: string, day: Day): Promise<void> {
  await tidyDay(data, day, { days: {} })
}

async function filesOfDay(data: string, day: Day): Promise<string[]> {
  const folder = dayFolderName(day)
  return (await namesIn(join(data, folder))).filter(isOurs).map((name) => `${folder}/${name}`)
}

/** Anything else in a day's folder was put there by somebody, and stays. */
function isOurs(name: string): boolean {
  return /^(?:part-\d+\.(?:parquet|json\.gz|words)|manifest-\d+\.json|\..*\.tmp)$/.test(name)
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  })
}
