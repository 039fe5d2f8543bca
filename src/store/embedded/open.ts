// Opens an embedded store for writing: takes the lock, recovers what a crash left, and puts the pieces together.
import { join } from 'node:path'
import { messageOf } from '../../errors.js'
import { EmbeddedStore } from './embedded-store.js'
import { Duck } from './duck.js'
import { Steps, makeFolder } from './durable.js'
import { hotFolder, workFolder } from './filenames.js'
import { ensureFormat } from './format-file.js'
import { HotLog } from './hot-log.js'
import { HotWriter } from './hot-writer.js'
import { IdempotencyKeys } from './idempotency.js'
import { takeLock } from './lock.js'
import { type Manifest, loadManifest, makeLive, prepare, rootFaults } from './manifest.js'
import { DEFAULT_OPTIONS, type EmbeddedOptions } from './options.js'
import { PartCache } from './part-cache.js'
import { type Recovered, recoverHotLog } from './recover.js'
import { Sealer } from './sealer.js'
import { rm } from 'node:fs/promises'
import { findDamage, removeLeftOvers, setAside } from './tidy.js'

/** Throws DATA_LOCKED, DATA_NEWER, DATA_UNREADABLE or DATA_DAMAGED. */
export async function openEmbeddedStore(
  given: Partial<EmbeddedOptions> & Pick<EmbeddedOptions, 'path'>,
): Promise<EmbeddedStore> {
  const options: EmbeddedOptions = { ...DEFAULT_OPTIONS, ...given }
  const steps = new Steps(options.faults)
  await ensureFormat(steps, options.path)
  const lock = await takeLock(options.path)
  try {
    await makeFolder(hotFolder(options.path))
    const manifest = await mend(options, steps)
    const { path: data, log, warn } = options
    const recovered = await recoverHotLog({ data, steps, sealedThrough: manifest.sealedThrough, log, warn })
    for (const path of recovered.retired)
      await steps
        .take('retire.segment', () => rm(path, { force: true }))
        .catch((error: unknown) => warn('a retired file stays', { path, error: messageOf(error) }))
    await removeLeftOvers(data, manifest)
    return await assemble({ options, steps, lock, manifest, recovered })
  } catch (error) {
    lock.release()
    throw error
  }
}

/**
 * The manifest without the parts that turn out to be missing or cut; these are reported and set aside. Set aside
 * first: what is missing after a crash on the way is found again.
 */
async function mend(options: EmbeddedOptions, steps: Steps): Promise<Manifest> {
  const { path: data, warn } = options
  const manifest = await loadManifest(data)
  const { damaged, differ } = await rootFaults(data)
  const damage = await findDamage(data, manifest)
  const found = [
    ...damaged.map((file) => `${file} was damaged; the other of the two counts`),
    ...damage.found,
  ]
  if (found.length > 0) {
    warn('stored files are damaged or missing; the rest is served', { files: found })
    const files = [...damaged, ...damage.files]
    await setAside(steps, data, { found, files, generation: manifest.generation })
  }
  const mended = damage.change ? await prepare(steps, data, manifest, damage.change) : manifest
  if (differ || mended !== manifest) await makeLive(steps, data, mended)
  return mended
}

async function assemble(found: {
  readonly options: EmbeddedOptions
  readonly steps: Steps
  readonly lock: { release(): void }
  readonly manifest: Manifest
  readonly recovered: Recovered
}): Promise<EmbeddedStore> {
  const { options, steps, lock, manifest, recovered } = found
  const cache = new PartCache(options.path, options.cacheBytes)
  const sealDuck = new Duck({ memoryBytes: options.sealMemoryBytes, threads: 1, concurrency: 1 })
  const queryDuck = new Duck({
    memoryBytes: options.queryMemoryBytes,
    threads: options.queryThreads,
    concurrency: options.queryConcurrency,
    spillFolder: join(workFolder(options.path), 'spill'),
  })
  const keys = new IdempotencyKeys()
  await keys.load(options.path, Date.now(), options.warn)
  for (const { frame } of recovered.segments.flatMap(({ batches }) => batches)) keys.rememberFrame(frame)
  const sealer = new Sealer(manifest, { ...options, data: options.path, steps, duck: sealDuck, cache })
  const log = new HotLog(options.faults)
  const hot = new HotWriter(log, recovered.nextSequence, options, (segment) => sealer.add(segment))
  const store = new EmbeddedStore({ options, steps, lock, cache, sealer, sealDuck, queryDuck, hot, keys })
  for (const segment of recovered.segments) sealer.add(segment)
  return store
}
