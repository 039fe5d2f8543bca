// Where one MessagePack value ends and the next begins on a stream, told from the heads of values alone: nothing is
// built, whatever a head announces, and however deep values are nested.
import { fail } from '../errors.js'

export interface MsgpackFramer {
  /** The values that these bytes end. Throws BODY_TOO_LARGE when one is larger than the limit. */
  push(chunk: Buffer): Buffer[]
  /** Bytes in memory of a value that is not whole yet. */
  readonly held: number
}

export function msgpackFramer(limitBytes: number): MsgpackFramer {
  let memory = Buffer.alloc(0)
  let held = 0
  let progress: Progress = { at: 0, missing: 1 }
  /** Grows twofold, so that small pieces cost no more than large ones. */
  const append = (chunk: Buffer): Buffer => {
    if (held === 0) return chunk
    if (held + chunk.length > memory.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(held + chunk.length, 2 * memory.length))
      memory.copy(grown, 0, 0, held)
      memory = grown
    }
    chunk.copy(memory, held)
    return memory.subarray(0, held + chunk.length)
  }
  const keep = (rest: Buffer): void => {
    if (held === 0 || rest.byteOffset !== memory.byteOffset) memory = Buffer.from(rest)
    held = rest.length
  }
  return {
    get held() {
      return held
    },
    push(chunk) {
      const bytes = append(chunk)
      const values: Buffer[] = []
      let start = 0
      for (;;) {
        progress = walk(bytes, progress)
        if (progress.at - start > limitBytes || bytes.length - start > limitBytes + chunk.length)
          fail('BODY_TOO_LARGE', `a message is larger than ${limitBytes} bytes`)
        if (progress.missing > 0) break
        values.push(bytes.subarray(start, progress.at))
        start = progress.at
        progress = { at: start, missing: 1 }
        if (start === bytes.length) break
      }
      keep(bytes.subarray(start))
      progress = { at: progress.at - start, missing: progress.missing }
      return values
    },
  }
}

/** Every whole value of some bytes; undefined stands for a rest that is none. */
export function* msgpackValues(bytes: Buffer): Generator<Buffer | undefined, void> {
  for (let start = 0; start < bytes.length;) {
    const { at, missing } = walk(bytes, { at: start, missing: 1 })
    if (missing > 0) return yield undefined
    yield bytes.subarray(start, at)
    start = at
  }
}

interface Progress {
  /** Where the next head is. */
  readonly at: number
  /** Values that are still to come. */
  readonly missing: number
}

function walk(bytes: Buffer, from: Progress): Progress {
  let { at, missing } = from
  while (missing > 0 && at < bytes.length) {
    const head = headAt(bytes, at)
    if (head === undefined || at + head.bytes > bytes.length) return { at, missing }
    at += head.bytes
    missing += head.values - 1
  }
  return { at, missing }
}

interface Head {
  /** Of the head and what belongs to it that is no value of its own. */
  readonly bytes: number
  /** Values that it holds. */
  readonly values: number
}

/** Sizes of the bytes behind 0xc0 to 0xdf: what is fixed, and how long the length is that says what follows. */
const FIXED = [
  0, 0, 0, 0, -1, -2, -4, -1, -2, -4, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17, -1, -2, -4, -2, -4, -2,
  -4,
]
const FIRST_EXT = 0xc7
const LAST_EXT = 0xc9
const FIRST_ARRAY = 0xdc
const FIRST_MAP = 0xde

/** Undefined when its length has not come yet. */
function headAt(bytes: Buffer, at: number): Head | undefined {
  const byte = bytes[at] as number
  if (byte < 0x80 || byte >= 0xe0) return { bytes: 1, values: 0 }
  if (byte < 0x90) return { bytes: 1, values: 2 * (byte & 0x0f) }
  if (byte < 0xa0) return { bytes: 1, values: byte & 0x0f }
  if (byte < 0xc0) return { bytes: 1 + (byte & 0x1f), values: 0 }
  const size = FIXED[byte - 0xc0] as number
  if (size >= 0) return { bytes: 1 + size, values: 0 }
  if (at + 1 - size > bytes.length) return undefined
  const length = bytes.readUIntBE(at + 1, -size)
  if (byte >= FIRST_ARRAY) return { bytes: 1 - size, values: byte >= FIRST_MAP ? 2 * length : length }
  return { bytes: 1 - size + length + (byte >= FIRST_EXT && byte <= LAST_EXT ? 1 : 0), values: 0 }
}
