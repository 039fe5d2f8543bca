// The scanner as JavaScript sees it: what it exports, what it asks for, and its memory.
import { LEVELS } from '../../record/level.js'
import { KIND_BIT, PIECE_NUMBER } from './character-kinds.js'
import { KERNEL } from './kernel-bytes.js'
import { WORD_BYTE, wordHash } from './word-hash.js'

/** What the scanner asks when it meets something for the first time; see `kernel/calls.ts`. */
export interface KernelCalls {
  meetKey(at: number, length: number): number
  meetGroup(line: number, group: number): number
  openGroup(group: number): number
  meetText(column: number, at: number, length: number, escaped: number): number
  levelOf(at: number, length: number, escaped: number): number
  meetShape(line: number): number
  takeWords(day: number): void
}

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  reset(): void
  openSegment(): void
  limit(context: bigint, latest: bigint, earliest: bigint, fields: number, lineBytes: number): void
  scan(length: number): void
  print(from: number, to: number): number
  printAt(place: number): void
  openTally(): void
  keepStart(group: number, length: number): void
  wordCount(day: number): number
  holdsZero(day: number): number
  setPlace(day: number): number
  setSize(day: number): number
  emptyWords(day: number): void
}

const VARIABLES = [
  'consumed', 'lineCount', 'lineNumber', 'output', 'stopped', 'countCount', 'dayCount', 'longestPrinted',
  'touchedCount', 'keyCount', 'groupCount', 'textEnd',
] as const // prettier-ignore
const PLACES = [
  'COLUMN_KINDS', 'COLUMN_RECORDS', 'COLUMN_TYPES', 'COUNTS', 'COUNT_LIST', 'DAYS', 'INPUT', 'INPUT_BYTES', 'KIND_BIT', 'LEVEL_NAMES',
  'LEVEL_WORDS', 'LINES', 'MAX_DAYS', 'MAX_KEYS', 'OUTPUT', 'PIECES', 'PIECE_BITS', 'PIECE_BITS_BYTES', 'PIECE_BYTE', 'SHAPES_USED', 'TOKENS', 'TOUCHED', 'WORD_BYTE',
] as const // prettier-ignore

/** A variable of the scanner, read anew each time. */
type Variables = Readonly<Record<(typeof VARIABLES)[number], { readonly value: number }>>

export interface Kernel extends KernelExports {
  readonly variables: Variables
  readonly places: Readonly<Record<(typeof PLACES)[number], number>>
  readonly bytes: Buffer
  readonly words32: Uint32Array
  readonly words64: BigInt64Array
}

/** The types of WebAssembly are in no library that this program is compiled with. */
interface WebAssemblyNamespace {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: object }
}

export function loadKernel(calls: KernelCalls): Kernel {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyNamespace }).WebAssembly
  const { exports } = new Instance(new Module(Buffer.from(KERNEL, 'base64')), { calls })
  const found = exports as KernelExports & Record<string, { readonly value: number }>
  const { buffer } = found.memory
  const kernel: Kernel = {
    ...(exports as KernelExports),
    variables: Object.fromEntries(VARIABLES.map((name) => [name, found[name]])) as unknown as Variables,
    places: Object.fromEntries(PLACES.map((name) => [name, found[name]?.value])) as Kernel['places'],
    bytes: Buffer.from(buffer),
    words32: new Uint32Array(buffer),
    words64: new BigInt64Array(buffer),
  }
  fillTables(kernel)
  kernel.reset()
  return kernel
}

/** Words by which `levelOfLine` can tell a level: behind or around each of them stands what ends a word. */
const LEVEL_WORDS = new Set(
  'level lvl severity severity_text trace debug info notice warn warning error err crit critical fatal panic alert emerg severe'.split(
    ' ',
  ),
)

/** Whether a text holds such a word. */
export function mayTellLevel(text: string): boolean {
  return text.split(/[^A-Za-z0-9_]+/).some((word) => LEVEL_WORDS.has(word.toLowerCase()))
}

/** What a printed line is made of besides its values, sixteen bytes each; see `kernel/print.ts`. */
const PIECES = ['{"timestamp":"', '","shape":', '","line":"', '","fields":{']

function fillTables({ bytes, words32, places }: Kernel): void {
  bytes.set(WORD_BYTE, places.WORD_BYTE)
  bytes.set(PIECE_NUMBER, places.PIECE_BYTE)
  bytes.set(KIND_BIT, places.KIND_BIT)
  for (const word of LEVEL_WORDS) {
    const hash = wordHash(word)
    let slot = hash & 0xff
    while (words32[places.LEVEL_WORDS / 4 + slot] !== 0) slot = (slot + 1) & 0xff
    words32[places.LEVEL_WORDS / 4 + slot] = hash
  }
  for (const [i, level] of LEVELS.entries()) {
    bytes[places.LEVEL_NAMES + i * 16] = level.length
    bytes.write(level, places.LEVEL_NAMES + i * 16 + 1, 'latin1')
  }
  for (const [i, piece] of PIECES.entries()) bytes.write(piece, places.PIECES + i * 16, 'latin1')
}
