// Damages sealed parts and manifests in every way a disk does: the store opens by itself, gives what is left, and
// never a part of an answer as if it were the whole.
import { readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredRecord } from '#logctl/record/record.js'
import { openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'
import { HARMS, type Seen, copyOf, flip, readFromOutside, scanned, textOf } from './harm.js'
import { collect, compareStats } from './ledger.mjs'
import { SIZES, batchOf } from './scenario.mjs'

const RUN = 'damage'

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

  const cases = ['parquet', 'json.gz'].flatMap((kind) => Object.keys(HARMS).map((harm) => ({ kind, harm })))

  test.for(cases)(
    '.$kind with $harm: the rest is given, and what is missing is told',
    async ({ kind, harm }) => {
      const path = await copyOf(sound)
      await HARMS[harm]?.(join(path, `${part}.${kind}`))
      const outside = await readFromOutside(path)
      expect(outside.lines).toEqual(withoutPart)
      expect(outside.warnings).toEqual([expect.stringContaining('are missing from this answer')])
      const told: string[] = []
      const store = await openEmbeddedStore({ ...SIZES, path, warn: (message) => told.push(message) })
      const inside = await scanned(store)
      expect(inside.lines).toEqual(withoutPart)
      const followed = await followedLines(store)
      expect(followed.lines).toEqual(withoutPart)
      // What start-up has found is set aside and told there; what only reading finds is told by every answer.
      const { damaged } = await store.status()
      if (damaged.length > 0) {
        expect(told).toContain('stored files are damaged or missing; the rest is served')
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
