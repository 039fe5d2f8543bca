// Day manifests, side files and word filters that were read lately: all are immutable, so a name is enough of a key.
import { join } from 'node:path'
import { fail } from '../../errors.js'
import { type DayEntry, type DayManifest, loadDay } from './manifest.js'
import type { Part, PartSide } from './part.js'
import { readSideFile } from './side-file.js'
import { readIntact } from './part-files.js'
import { OPEN_FILTER } from './word-filter.js'

/** Least recently used go first; sizes in bytes of the files. */
class Cache<T> {
  readonly #entries = new Map<string, { value: Promise<T>; bytes: number }>()
  #bytes = 0

  constructor(readonly maxBytes: number) {}

  get(key: string, bytes: number, load: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key)
    if (known) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known.value
    }
    const value = load()
    this.#entries.set(key, { value, bytes })
    this.#bytes += bytes
    value.catch(() => this.forget(key))
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.maxBytes || oldest === key) break
      this.forget(oldest)
    }
    return value
  }

  forget(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0
    this.#entries.delete(key)
  }
}

/** What a cached object costs in memory, compared with its gzip'ed JSON. */
const OBJECT_FACTOR = 30
const DAY_BYTES_PER_PART = 700
/** The name of a part and its check. */
const CHECK_BYTES = 200

export class PartCache {
  readonly #days: Cache<DayManifest>
  readonly #sides: Cache<PartSide>
  readonly #words: Cache<Buffer>
  readonly #intact: Cache<boolean>

  constructor(
    readonly data: string,
    maxBytes: number,
  ) {
    this.#days = new Cache(maxBytes / 4)
    this.#sides = new Cache(maxBytes / 4)
    this.#words = new Cache(maxBytes / 2)
    this.#intact = new Cache(maxBytes / 32)
  }

  day(entry: DayEntry): Promise<DayManifest> {
    return this.#days.get(entry.file, entry.parts * DAY_BYTES_PER_PART, () => loadDay(this.data, entry))
  }

  /** Throws DATA_DAMAGED. */
  side({ side }: Part): Promise<PartSide> {
    return this.#sides.get(side.file, side.bytes * OBJECT_FACTOR, async () => {
      const content = await readSideFile(join(this.data, side.file))
      return content ?? fail('DATA_DAMAGED', `${side.file} does not match its checksum`)
    })
  }

  /** A filter that is damaged or gone is replaced by one that keeps nothing out: answers need none. */
  words({ words }: Part): Promise<Buffer> {
    return this.#words.get(
      words.file,
      words.bytes,
      async () => (await readIntact(this.data, words).catch(() => undefined)) ?? OPEN_FILTER,
    )
  }

  /** Whether the Parquet file is as the manifest says; read whole for that once, and again after `doubt`. */
  isIntact({ parquet }: Part): Promise<boolean> {
    return this.#intact.get(parquet.file, CHECK_BYTES, async () => {
      const content = await readIntact(this.data, parquet)
      return content !== undefined
    })
  }

  doubt({ parquet }: Part): void {
    this.#intact.forget(parquet.file)
  }
}
