// Memory for the bytes of hot segments: blocks that the writing thread sees as well, and that are used again once their
// segment is sealed. What comes and goes at the speed of ingest would else be collected as garbage at that speed, and
// each collection looks at the whole heap.

/** Holds some batches of usual size; a larger one gets a block of its own. Bytes. */
const BLOCK_BYTES = 4 << 20
/** Blocks are multiples of this, so that one that held a large batch fits the next. Bytes. */
const UNIT_BYTES = 1 << 20
/** What may lie unused. Bytes. */
const MOST_UNUSED_BYTES = 32 << 20

/** Blocks that no segment holds. */
export class BlockPool {
  readonly #unused: SharedArrayBuffer[] = []

  /** The smallest that is large enough, but not so large that most of it would lie idle. */
  take(bytes: number): SharedArrayBuffer {
    const fits = this.#unused.filter(({ byteLength }) => byteLength >= bytes && byteLength <= 2 * bytes)
    const best = fits.reduce<SharedArrayBuffer | undefined>(
      (least, block) => (least && least.byteLength <= block.byteLength ? least : block),
      undefined,
    )
    if (!best) return new SharedArrayBuffer(Math.ceil(bytes / UNIT_BYTES) * UNIT_BYTES)
    this.#unused.splice(this.#unused.indexOf(best), 1)
    return best
  }

  /** What lay unused the longest makes room. */
  give(blocks: readonly SharedArrayBuffer[]): void {
    this.#unused.push(...blocks)
    let bytes = this.#unused.reduce((sum, { byteLength }) => sum + byteLength, 0)
    while (bytes > MOST_UNUSED_BYTES) bytes -= this.#unused.shift()?.byteLength ?? bytes
  }

  /** Lets go of what is unused. */
  clear(): void {
    this.#unused.length = 0
  }
}

/** The memory of one segment. */
export class SegmentMemory {
  readonly #pool: BlockPool
  readonly #blocks: SharedArrayBuffer[] = []
  /** The place of the block that is filled, and how much of it is. */
  #current = -1
  #used = 0

  constructor(pool: BlockPool) {
    this.#pool = pool
  }

  allocate(bytes: number): Buffer {
    if (bytes > BLOCK_BYTES) {
      const own = this.#pool.take(bytes)
      this.#blocks.push(own)
      return Buffer.from(own, 0, bytes)
    }
    let block = this.#blocks[this.#current]
    if (block === undefined || this.#used + bytes > BLOCK_BYTES) {
      block = this.#pool.take(BLOCK_BYTES)
      this.#current = this.#blocks.push(block) - 1
      this.#used = 0
    }
    this.#used += bytes
    return Buffer.from(block, this.#used - bytes, bytes)
  }

  /** Nobody may look at any of its bytes afterwards. */
  release(): void {
    this.#pool.give(this.#blocks.splice(0))
    this.#current = -1
  }
}
