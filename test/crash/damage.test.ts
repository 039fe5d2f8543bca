// Damages a data folder in every way a disk does: the store opens by itself, gives what is left, and never a part
// of an answer as if it were the whole.
import { cp, open, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type StoredRecord, recordToJson } from '#logctl/record/record.js'
import { Steps } from '#logctl/store/embedded/durable.js'
import { openEmbeddedReader, openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { recoverHotLog } from '#logctl/store/embedded/recover.js'
import { recordsOf } from '#logctl/store/embedded/segment.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'
import { collect, compareStats } from './ledger.mjs'
import { SIZES, batchOf } from './scenario.mjs'

const RUN = 'damage'

interface Seen {
  readonly lines: readonly string[]
  readonly warnings: readonly string[]
}

async function scanned(
  scanner: Awaited<ReturnType<typeof openEmbeddedReader>> | Awaited<ReturnType<typeof openEmbeddedStore>>,
): Promise<Seen> {
  const warnings: string[] = []
  const pieces = scanner.scan({ direction: 'forward', where: [] }, { warn: (text) => warnings.push(text) })
  return { lines: (await collect(pieces)).map(textOf).sort(), warnings }
}

function textOf(record: StoredRecord): string {
  return `${record.sequence} ${recordToJson(record)}`
}

async function readFromOutside(path: string): Promise<Seen> {
  const reader = await openEmbeddedReader(path)
  const seen = await scanned(reader)
  await reader.close()
  return seen
}

/** A copy, so that one sound folder serves many kinds of damage. */
async function copyOf(folder: string): Promise<string> {
  const copy = tempFolder()
  await cp(folder, copy, { recursive: true })
  return copy
}

describe('the end of the hot log', () => {
  const sound = tempFolder()
  let file = ''
  let content = Buffer.alloc(0)
  let lastStart = 0
  let first: readonly string[] = []

  beforeAll(async () => {
    const store = await openEmbeddedStore({ ...SIZES, path: sound })
    await store.append(batchOf(RUN, 0))
    await store.append(batchOf(RUN, 1))
    first = (await scanned(store)).lines
    await store.close()
    file = join('hot', (await readdir(join(sound, 'hot')))[0] as string)
    lastStart = (await readFile(join(sound, file))).length
    await rm(join(sound, file))
    const again = await openEmbeddedStore({ ...SIZES, path: sound })
    await again.append(batchOf(RUN, 0))
    await again.append(batchOf(RUN, 1))
    await again.append({ records: batchOf(RUN, 2).records.slice(0, 1) })
    await again.close()
    content = await readFile(join(sound, file))
  })

  test('cut at any byte of its last batch, it ends with the batch before', async () => {
    const { data, recover } = await recovering()
    const ends = Array.from({ length: content.length - lastStart }, (_, i) => lastStart + i)
    for (const end of ends) {
      await writeFile(join(data, file), content.subarray(0, end))
      expect(await recover(), `cut at ${end}`).toBe(first.length)
    }
    await writeFile(join(data, file), content)
    expect(await recover()).toBe(first.length + 1)
  })

  test('zeros from any byte of its last batch on, it ends with the batch before', async () => {
    const { data, recover } = await recovering()
    for (let start = lastStart; start < content.length; start++) {
      await writeFile(join(data, file), Buffer.from(content).fill(0, start))
      expect(await recover(), `zeros from ${start}`).toBe(first.length)
    }
  })

  test.for([0.01, 0.3, 0.6, 0.9, 0.99])('the store opens with %d of the last batch', async (share) => {
    const path = await copyOf(sound)
    await truncate(join(path, file), lastStart + Math.floor((content.length - lastStart) * share))
    await writeFile(join(path, 'hot', '0000000000009999.ndjson.tmp'), 'left over')
    expect((await readFromOutside(path)).lines).toEqual(first)
    const store = await openEmbeddedStore({ ...SIZES, path })
    expect(await scanned(store)).toEqual({ lines: first, warnings: [] })
    const { firstSequence } = await store.append(batchOf(RUN, 3))
    expect(firstSequence).toBeGreaterThan(first.length)
    await store.seal()
    expect((await scanned(store)).lines).toHaveLength(first.length + batchOf(RUN, 3).records.length)
    await store.close()
    expect((await readdir(join(path, 'hot'))).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('a flipped byte costs its own batch, which is kept aside and told', async () => {
    const path = await copyOf(sound)
    await flip(join(path, file), lastStart - 300)
    const outside = await readFromOutside(path)
    expect(outside.lines.length).toBeLessThan(first.length + 1)
    expect(outside.warnings).toEqual([expect.stringContaining('damaged')])
    const store = await openEmbeddedStore({ ...SIZES, path })
    expect((await store.status()).damaged).toEqual([`damaged/${file.slice('hot/'.length)}`])
    expect((await scanned(store)).lines).toEqual(outside.lines)
    await store.seal()
    expect((await scanned(store)).lines).toEqual(outside.lines)
    await store.close()
  })

  /** Recovery alone, which is quick enough for every byte. */
  async function recovering(): Promise<{ data: string; recover: () => Promise<number> }> {
    const data = await copyOf(sound)
    const recover = async (): Promise<number> => {
      const context = { data, steps: new Steps(), sealedThrough: 0, log: () => undefined }
      const { segments } = await recoverHotLog(context)
      return segments.flatMap(({ batches }) => batches.flatMap((batch) => [...recordsOf(batch)])).length
    }
    return { data, recover }
  }
})

type Harm = (path: string) => Promise<void>
const HARMS: Readonly<Record<string, Harm>> = {
  'a flipped byte near the start': async (path) => flip(path, 9),
  'a flipped byte in the middle': async (path) => flip(path, Math.floor((await readFile(path)).length / 2)),
  'a flipped byte near the end': async (path) => flip(path, (await readFile(path)).length - 12),
  'half of the file': async (path) => truncate(path, Math.floor((await readFile(path)).length / 2)),
  'nothing in the file': async (path) => truncate(path, 0),
  'no file': (path) => rm(path),
}

async function flip(path: string, at: number): Promise<void> {
  const handle = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await handle.read(byte, 0, 1, at)
  await handle.write(Buffer.from([(byte[0] as number) ^ 0x10]), 0, 1, at)
  await handle.close()
}

describe('a part', () => {
  const sound = tempFolder()
  let whole: readonly string[] = []
  /** Without its extension. */
  let part = ''
  let withoutPart: readonly string[] = []

  beforeAll(async () => {
    const store = await openEmbeddedStore({ ...SIZES, path: sound, segmentBytes: 2 ** 30 })
    for (let number = 0; number < 12; number++) await store.append(batchOf(RUN, number))
    await store.seal()
    for (let number = 12; number < 24; number++) await store.append(batchOf(RUN, number))
    await store.seal()
    whole = (await scanned(store)).lines
    await store.close()
    // The newer of the two parts of the first day.
    const folder = (await readdir(sound)).sort().find((name) => name.startsWith('date=')) as string
    const names = (await readdir(join(sound, folder))).filter((name) => name.endsWith('.parquet')).sort()
    part = join(folder, (names.at(-1) as string).replace('.parquet', ''))
    const day = folder.slice('date='.length)
    withoutPart = whole.filter(
      (line) => !(line.includes(`"timestamp":"${day}`) && / batch=(1[2-9]|2\d) /.test(line)),
    )
    expect(withoutPart.length).toBeLessThan(whole.length)
  })

  const cases = ['parquet', 'json'].flatMap((kind) => Object.keys(HARMS).map((harm) => ({ kind, harm })))

  test.for(cases)(
    '.$kind with $harm: the rest is given, and what is missing is told',
    async ({ kind, harm }) => {
      const path = await copyOf(sound)
      await HARMS[harm]?.(join(path, `${part}.${kind}`))
      const outside = await readFromOutside(path)
      expect(outside.lines).toEqual(withoutPart)
      expect(outside.warnings).toEqual([expect.stringContaining('are missing from this answer')])
      const logged: string[] = []
      const store = await openEmbeddedStore({ ...SIZES, path, log: (message) => logged.push(message) })
      const inside = await scanned(store)
      expect(inside.lines).toEqual(withoutPart)
      const followed = await followedLines(store)
      expect(followed.lines).toEqual(withoutPart)
      // What start-up has found is set aside and told there; what only reading finds is told by every answer.
      const { damaged } = await store.status()
      if (damaged.length > 0) {
        expect(logged).toContain('stored files are damaged or missing; the rest is served')
        await compareStats(store, await collect(store.scan({ direction: 'forward', where: [] })))
      } else expect(inside.warnings).toEqual(outside.warnings)
      await store.close()
    },
  )

  test.for(Object.keys(HARMS))(
    '.words with %s: nothing is missing, searches only read more',
    async (harm) => {
      const path = await copyOf(sound)
      await HARMS[harm]?.(join(path, `${part}.words`))
      expect(await readFromOutside(path)).toEqual({ lines: whole, warnings: [] })
      const store = await openEmbeddedStore({ ...SIZES, path })
      expect(await scanned(store)).toEqual({ lines: whole, warnings: [] })
      const where = [{ kind: 'line', op: '|=', values: [' batch=13 line=0 of='] }] as const
      const found = await collect(store.scan({ direction: 'forward', where }))
      expect(found).toHaveLength(1)
      await store.close()
    },
  )

  test('damage that came while a store is open is noticed as well', async () => {
    const path = await copyOf(sound)
    const store = await openEmbeddedStore({ ...SIZES, path })
    expect((await scanned(store)).lines).toEqual(whole)
    await rm(join(path, `${part}.parquet`))
    expect(await scanned(store)).toEqual({
      lines: withoutPart,
      warnings: [expect.stringContaining('is missing')],
    })
    await store.close()
  })

  test('damaged parts are not merged into a sound one', async () => {
    const path = await copyOf(sound)
    await flip(join(path, `${part}.parquet`), 400)
    const store = await openEmbeddedStore({ ...SIZES, path, segmentBytes: 2 ** 30 })
    for (let number = 24; number < 36; number += 2) {
      await store.append(batchOf(RUN, number))
      await store.append(batchOf(RUN, number + 1))
      await store.seal()
    }
    const { warnings } = await scanned(store)
    expect(warnings).toEqual([expect.stringContaining('are missing from this answer')])
    await store.close()
  })
})

/** Everything behind sequence 0, with what the follower was warned of. */
async function followedLines(store: Awaited<ReturnType<typeof openEmbeddedStore>>): Promise<Seen> {
  const ended = new AbortController()
  const records: StoredRecord[] = []
  const marker = await store.append({ records: batchOf(RUN, 999).records.slice(0, 1) })
  const options = { signal: ended.signal, warn: () => undefined }
  for await (const piece of store.follow({ sequenceAbove: 0, where: [] }, options)) {
    records.push(...piece.filter(({ sequence }) => sequence < marker.firstSequence))
    if ((piece.at(-1)?.sequence ?? 0) >= marker.firstSequence) ended.abort()
  }
  return { lines: records.map(textOf).sort(), warnings: [] }
}

describe('the manifests', () => {
  const sound = tempFolder()
  let whole: readonly string[] = []

  beforeAll(async () => {
    const store = await openEmbeddedStore({ ...SIZES, path: sound, segmentBytes: 2 ** 30 })
    for (let number = 0; number < 6; number++) await store.append(batchOf(RUN, number))
    await store.seal()
    whole = (await scanned(store)).lines
    await store.close()
  })

  const cases = ['manifest.json', 'manifest.copy.json'].flatMap((file) =>
    Object.keys(HARMS).map((harm) => ({ file, harm })),
  )

  test.for(cases)(
    '$file with $harm: the other one counts, and it is written again',
    async ({ file, harm }) => {
      const path = await copyOf(sound)
      await HARMS[harm]?.(join(path, file))
      expect((await readFromOutside(path)).lines).toEqual(whole)
      const store = await openEmbeddedStore({ ...SIZES, path })
      expect((await scanned(store)).lines).toEqual(whole)
      await store.close()
      expect(await readFile(join(path, 'manifest.json'))).toEqual(
        await readFile(join(path, 'manifest.copy.json')),
      )
      expect((await readFromOutside(path)).lines).toEqual(whole)
    },
  )

  test.for(Object.keys(HARMS))('of a day with %s: its files are kept for a person', async (harm) => {
    const path = await copyOf(sound)
    const folder = (await readdir(path)).sort().find((name) => name.startsWith('date=')) as string
    const names = await readdir(join(path, folder))
    await HARMS[harm]?.(join(path, folder, names.find((name) => name.startsWith('manifest')) as string))
    await expect(readFromOutside(path)).rejects.toMatchObject({ code: 'DATA_DAMAGED' })
    const store = await openEmbeddedStore({ ...SIZES, path })
    const rest = whole.filter((line) => !line.includes(`"timestamp":"${folder.slice('date='.length)}`))
    expect((await scanned(store)).lines).toEqual(rest)
    const { damaged } = await store.status()
    for (const name of names.filter((name) => name.startsWith('part')))
      expect(damaged).toContain(`damaged/${folder}_${name}`)
    expect(damaged).toContainEqual(expect.stringMatching(/^damaged\/report-\d+\.json$/))
    await store.close()
  })

  test.for(Object.keys(HARMS))('the lock with %s: the store opens', async (harm) => {
    const path = await copyOf(sound)
    await HARMS[harm]?.(join(path, 'lock.duckdb'))
    const store = await openEmbeddedStore({ ...SIZES, path })
    await expect(openEmbeddedStore({ ...SIZES, path })).rejects.toMatchObject({ code: 'DATA_LOCKED' })
    expect((await scanned(store)).lines).toEqual(whole)
    await store.close()
  })
})
