// Reads parts again while nobody asks for them, one at a time, so that damage is known before the last backup of
// the good data is gone.
import type { Day } from '../../record/time.js'
import type { DayEntry, Manifest } from './manifest.js'
import type { Tell } from './options.js'
import type { CheckedFile, Part } from './part.js'
import type { PartCache } from './part-cache.js'
import { readIntact } from './part-files.js'

export class Scrub {
  readonly #cache: PartCache
  readonly #warn: Tell
  readonly #damaged = new Set<string>()
  /** Id of the part that was checked last. */
  #last = 0

  constructor(cache: PartCache, warn: Tell) {
    this.#cache = cache
    this.#warn = warn
  }

  /** Files that did not match their checksums, relative to the data folder. */
  get damaged(): readonly string[] {
    return [...this.#damaged]
  }

  /** Checks the files of the part after the last one; after the newest part comes the oldest again. */
  async checkNext(manifest: Manifest): Promise<void> {
    const part = await this.#next(manifest)
    if (!part) return
    this.#last = part.id
    for (const file of [part.parquet, part.side, part.words]) await this.#check(file, part)
  }

  async #next(manifest: Manifest): Promise<Part | undefined> {
    let following: Part | undefined
    let first: Part | undefined
    for (const day of Object.keys(manifest.days) as Day[]) {
      for (const part of (await this.#cache.day(manifest.days[day] as DayEntry)).parts) {
        if (!first || part.id < first.id) first = part
        if (part.id > this.#last && (!following || part.id < following.id)) following = part
      }
    }
    return following ?? first
  }

  async #check(file: CheckedFile, part: Part): Promise<void> {
    if ((await readIntact(this.#cache.data, file).catch(() => undefined)) !== undefined) {
      this.#damaged.delete(file.file)
      return
    }
    this.#damaged.add(file.file)
    this.#cache.doubt(part)
    this.#warn('a stored file does not match its checksum', { file: file.file, records: part.records })
  }
}
