// Memory for the bytes of hot segments: blocks that the writing thread sees as well, and that are used again once their
// segment is sealed. What comes and goes at the speed of ingest would else be collected as garbage at that speed, and
// each collection looks at the whole heap.

/** Holds some batches of usual size; a larger one gets a block of its own. Bytes. */
const BLOCK_BYTES = 4 << 20
/** Blocks that may lie unused. */
const MOST_UNUSED = 8

/** Blocks that no segment holds. */
export class BlockPool {
  readonly #unused: SharedArrayBuffer[] = []

  take(): SharedArrayBuffer {
    return this.#unused.pop() ?? new SharedArrayBuffer(BLOCK_BYTES)
  }

  give(blocks: readonly SharedArrayBuffer[]): void {
    for (const block of blocks)
      if (block.byteLength === BLOCK_BYTES && this.#unused.length < MOST_UNUSED) this.#unused.push(block)
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
      const own = new SharedArrayBuffer(bytes)
      this.#blocks.push(own)
      return Buffer.from(own)
    }
    let block = this.#blocks[this.#current]
    if (block === undefined || this.#used + bytes > BLOCK_BYTES) {
      block = this.#pool.take()
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
