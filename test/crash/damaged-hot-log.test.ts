// Damages the hot log at every byte of its end: the store opens by itself with all batches that are whole.
import { readFile, readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Steps } from '#logctl/store/embedded/durable.js'
import { openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { recoverHotLog } from '#logctl/store/embedded/recover.js'
import { recordsOf } from '#logctl/store/embedded/segment.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'
import { copyOf, flip, readFromOutside, scanned } from './harm.js'
import { SIZES, batchOf } from './scenario.mjs'

const RUN = 'damage'

const ignore = (): void => undefined

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
    file = join('hot', (await readdir(join(sound, 'hot')))[0] as string)
    lastStart = (await readFile(join(sound, file))).length
    await store.append({ records: batchOf(RUN, 2).records.slice(0, 1) })
    await store.close()
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
      const context = { data, steps: new Steps(), sealedThrough: 0, log: ignore, warn: ignore }
      const { segments } = await recoverHotLog(context)
      return segments.flatMap(({ batches }) => batches.flatMap((batch) => [...recordsOf(batch)])).length
    }
    return { data, recover }
  }
})
