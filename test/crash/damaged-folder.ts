// Makes the folder that recovery is tested on: as a power cut, a bad disk and a crash together would leave it.
import { appendFile, copyFile, open, readFile, readdir, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dayOf } from '#logctl/record/time.js'
import { openEmbeddedReader, openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { type DayEntry, loadDay, loadManifest } from '#logctl/store/embedded/manifest.js'
import { collect } from './ledger.mjs'
import { SIZES, batchOf } from './scenario.mjs'

export interface DamagedFolder {
  readonly folder: string
  readonly acknowledged: readonly number[]
  readonly nextBatch: number
  /** Lines that the damage has destroyed. */
  readonly lost: ReadonlySet<string>
}

/** Batches that are sealed, and those that stay in the hot log. */
const SEALED = 8
const HOT = 9

export async function makeDamagedFolder(folder: string, run: string): Promise<DamagedFolder> {
  await writeBatches(folder, run)
  const lost = new Set([...(await cutPart(folder)), ...(await breakBatch(folder))])
  await tearTail(folder)
  for (const name of ['.manifest.json.tmp', 'hot/0000000000000001.ndjson.tmp', 'work/part-9.parquet'])
    await writeFile(join(folder, name), 'left over')
  const acknowledged = Array.from({ length: SEALED + HOT }, (_, i) => i)
  return { folder, acknowledged, nextBatch: SEALED + HOT, lost }
}

/** A sealed segment lies in the hot folder still, and those behind it could not be sealed. */
async function writeBatches(folder: string, run: string): Promise<void> {
  const options = { ...SIZES, path: folder, merge: false }
  const first = await openEmbeddedStore({ ...options, lingerMs: 3_600_000 })
  for (let number = 0; number < SEALED; number++) await first.append(batchOf(run, number))
  await first.seal()
  await first.close()
  const [segment] = await readdir(join(folder, 'hot'))
  const kept = join(folder, 'hot', segment as string)
  await copyFile(kept, `${folder}.kept`)
  const unsealable = { step: 'seal.write', when: 'before', nth: 1, action: 'EIO', lasting: true } as const
  const second = await openEmbeddedStore({ ...options, faults: [unsealable] })
  for (let number = SEALED; number < SEALED + HOT; number++) await second.append(batchOf(run, number))
  await second.close()
  await copyFile(`${folder}.kept`, kept)
}

/** Truncates the Parquet file of one part; returns the lines that it held. */
async function cutPart(folder: string): Promise<string[]> {
  const manifest = await loadManifest(folder)
  const [day, entry] = Object.entries(manifest.days).at(-1) as [string, DayEntry]
  const part = (await loadDay(folder, entry)).parts[0]
  if (!part) throw new Error('there is no part to cut')
  const path = join(folder, part.parquet.file)
  const lines = await linesOf(folder, day, part)
  await truncate(path, Math.floor((await stat(path)).size / 2))
  return lines
}

async function linesOf(
  folder: string,
  day: string,
  part: { readonly firstSequence: number; readonly lastSequence: number },
): Promise<string[]> {
  const reader = await openEmbeddedReader(folder)
  const records = await collect(
    reader.scan({
      direction: 'forward',
      where: [],
      sequenceAbove: part.firstSequence - 1,
      sequenceUpTo: part.lastSequence,
    }),
  )
  await reader.close()
  return records.filter(({ timestamp }) => dayOf(timestamp) === day).map(({ line }) => line)
}

/** Flips a byte in the second batch of the first segment that is not sealed; returns the lines of that batch. */
async function breakBatch(folder: string): Promise<string[]> {
  const { sealedThrough } = await loadManifest(folder)
  const names = (await readdir(join(folder, 'hot'))).sort()
  const name = names.find((name) => Number(name.slice(0, 16)) > sealedThrough) as string
  const path = join(folder, 'hot', name)
  const [, , second = ''] = (await readFile(path, 'utf8')).split(/^\{"_batch".*\n/m)
  const lines = second.split('\n').filter(Boolean)
  const handle = await open(path, 'r+')
  const at = (await readFile(path)).indexOf(second) + 60
  await handle.write(Buffer.from([0x07]), 0, 1, at)
  await handle.close()
  return lines.map((text) => (JSON.parse(text) as { line: string }).line)
}

async function tearTail(folder: string): Promise<void> {
  const name = (await readdir(join(folder, 'hot'))).sort().at(-1) as string
  await appendFile(join(folder, 'hot', name), '{"timestamp":"2025-01-11T00:00:00.000000000Z","stre')
}
