// The word filter of a part: a split-block Bloom filter (as in the Parquet format, "Bloom Filter") over word
// hashes. One probe reads one block of 32 bytes. At 10.5 bits a word it says yes to about 1 % of absent words.
import type { WordHashes } from './words.js'

import { hashesOf } from './pieces.js'

const MAGIC = 'LCWORDS1'
const HEADER_BYTES = 32
const BLOCK_BYTES = 32
const BITS_PER_WORD = 10.5

/** The salts of Parquet's split-block Bloom filter: one bit in each of a block's eight 32-bit words. */
const SALTS = [
  0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31,
] as const

/** Whether a filter also holds the pieces of all its texts. */
const WITH_PIECES = 1
const PIECES_AT = 16

/**
 * The file: 8 bytes magic, block count and count of words and pieces as uint32 little-endian, 1 as uint32 where it
 * holds pieces, 12 zero bytes, then the blocks.
 */
export function buildWordFilter(words: readonly WordHashes[], pieces?: Uint32Array): Buffer {
  const all = pieces ? [...words, new Set(hashesOf(pieces))] : words
  const count = all.reduce((sum, some) => sum + (some instanceof Uint32Array ? some.length : some.size), 0)
  const blocks = Math.max(1, Math.ceil((count * BITS_PER_WORD) / (BLOCK_BYTES * 8)))
  const bits = new Uint32Array(blocks * SALTS.length)
  for (const some of all)
    for (const word of some) setBits(bits, blockOf(word, blocks) * SALTS.length, bitsOf(word))
  const file = Buffer.alloc(HEADER_BYTES + blocks * BLOCK_BYTES)
  file.write(MAGIC, 'latin1')
  file.writeUInt32LE(blocks, 8)
  file.writeUInt32LE(count, 12)
  if (pieces) file.writeUInt32LE(WITH_PIECES, PIECES_AT)
  for (let i = 0; i < bits.length; i++) file.writeUInt32LE(bits[i] as number, HEADER_BYTES + i * 4)
  return file
}

/** One bit in each of the block's eight words. */
function setBits(bits: Uint32Array, block: number, hash: number): void {
  for (let i = 0; i < SALTS.length; i++)
    bits[block + i] = (bits[block + i] as number) | (1 << (Math.imul(hash, SALTS[i] as number) >>> 27))
}

/** In place of a filter that cannot be read. */
export const OPEN_FILTER = Buffer.from('no filter')

/** The filter of merged parts: theirs one after another, since the words of a record stand in one of them. */
export function mergeWordFilters(filters: readonly Buffer[]): Buffer {
  return Buffer.concat(filters)
}

/** What a needle asks of a filter. */
export interface WantedWords {
  readonly words: ReadonlySet<number>
  readonly pieces: ReadonlySet<number>
}

/** True when some record of the filter's part may hold all that is wanted; false when surely none does. */
export function mayContain(file: Buffer, { words, pieces }: WantedWords): boolean {
  for (let at = 0; at < file.length;) {
    // What is no filter keeps nothing out: the rows decide.
    if (file.toString('latin1', at, at + MAGIC.length) !== MAGIC || at + HEADER_BYTES > file.length)
      return true
    const blocks = file.readUInt32LE(at + 8)
    const end = at + HEADER_BYTES + blocks * BLOCK_BYTES
    if (blocks === 0 || end > file.length) return true
    const filter = file.subarray(at, end)
    const knowsPieces = filter.readUInt32LE(PIECES_AT) === WITH_PIECES
    if (holdsAll(filter, words, blocks) && (!knowsPieces || holdsAll(filter, pieces, blocks))) return true
    at = end
  }
  return false
}

function holdsAll(filter: Buffer, words: ReadonlySet<number>, blocks: number): boolean {
  for (const word of words) if (!probe(filter, word, blocks)) return false
  return true
}

function probe(file: Buffer, word: number, blocks: number): boolean {
  const at = HEADER_BYTES + blockOf(word, blocks) * BLOCK_BYTES
  const bits = bitsOf(word)
  return SALTS.every(
    (salt, i) => (file.readUInt32LE(at + i * 4) & (1 << (Math.imul(bits, salt) >>> 27))) !== 0,
  )
}

/**
 * Multiply-shift: any number of blocks, not only powers of two. Mixed first, because hashes of words that differ at
 * their end only (`item1`, `item2`) lie close together and would crowd into few blocks.
 */
function blockOf(word: number, blocks: number): number {
  return Math.floor((mix(word) * blocks) / 0x1_0000_0000)
}

/** The bits within a block do not follow from the choice of the block. */
function bitsOf(word: number): number {
  return mix(word ^ 0x9e3779b9)
}

/** MurmurHash3's finaliser. */
function mix(word: number): number {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
