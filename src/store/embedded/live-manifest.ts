// The manifest as the one writer holds it: in memory always what is on disk, whatever fails on the way there.
import type { Steps } from './durable.js'
import { type Change, type Manifest, loadManifest, makeLive, prepare } from './manifest.js'

export class LiveManifest {
  readonly #steps: Steps
  readonly #data: string
  #current: Manifest
  /** False while the root may be on disk for good or not: nothing that it replaces may be removed then. */
  #settled = true

  constructor(steps: Steps, data: string, manifest: Manifest) {
    this.#steps = steps
    this.#data = data
    this.#current = manifest
  }

  get current(): Manifest {
    return this.#current
  }

  get settled(): boolean {
    return this.#settled
  }

  /** Makes a change live. When it throws, the change has happened if `current` says so, and is unsettled then. */
  async publish(change: Change): Promise<void> {
    const next = await prepare(this.#steps, this.#data, this.#current, change)
    try {
      await makeLive(this.#steps, this.#data, next)
    } catch (error) {
      await this.#agreeWithDisk(next)
      throw error
    }
    this.#current = next
    this.#settled = true
  }

  /** Writes the root again where it is in doubt. */
  async settle(): Promise<void> {
    if (this.#settled) return
    await makeLive(this.#steps, this.#data, this.#current)
    this.#settled = true
  }

  async #agreeWithDisk(next: Manifest): Promise<void> {
    const onDisk = await loadManifest(this.#data).catch(() => undefined)
    if (onDisk?.generation === this.#current.generation) return
    this.#settled = false
    // Where nobody can tell which of the two is live, the names that the new one uses are not used again.
    this.#current =
      onDisk?.generation === next.generation
        ? next
        : { ...this.#current, generation: next.generation, nextPart: next.nextPart }
  }
}
