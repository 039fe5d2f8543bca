// The bytes of a file as they were before compression, which the first bytes tell, not the name: Vector's file sink
// writes gzip into files called `.log`. What can be read before a damage is read.
import { once } from 'node:events'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Gunzip, createGunzip } from 'node:zlib'
import { unzstdStream } from '../../decode/zstd-stream.js'
import { LogctlError, errnoOf, messageOf } from '../../errors.js'

const CHUNK_BYTES = 256 * 1024
/** What decompression takes at a time; a thousandfold may come out. */
const PIECE_BYTES = 64 * 1024
const SALVAGE_STEPS = [256, 1]
const GZIP = Buffer.from([0x1f, 0x8b, 0x08])
const ZSTD = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), ...skippable()]

/** Never waits for a pipe's writer, never follows a link. Undefined when it has gone or is no regular file. */
export async function openPlainly(path: string): Promise<FileHandle | undefined> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants
  const handle = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW).catch((error: unknown) => {
    if (['ENOENT', 'ELOOP', 'ENXIO'].includes(errnoOf(error) ?? '')) return undefined
    throw error
  })
  if (!handle || (await handle.stat()).isFile()) return handle
  await handle.close()
  return undefined
}

/** A stretch of a file. */
export interface Stretch {
  readonly path: string
  /** Bytes behind this are not read, so that a file that grows has an end. */
  readonly size: number
}

/**
 * Yields the content in pieces. `warn` is told why it ends early; the caller sees only the end. A compressed file
 * may have grown by a member since it was listed, so all of it is read.
 */
export async function* contentOf(
  { path, size }: Stretch,
  warn: (why: string) => void,
): AsyncGenerator<Buffer> {
  let handle: FileHandle | undefined
  try {
    handle = await openPlainly(path)
    if (!handle) return warn('has gone while it was read')
    const kind = await compressionOf(handle)
    if (kind === 'none') yield* bytesOf(handle, CHUNK_BYTES, size)
    else if (kind === 'zstd') yield* unzstdStream(bytesOf(handle, PIECE_BYTES))
    else yield* gunzipped(handle, warn)
  } catch (error) {
    const isBroken = error instanceof LogctlError
    warn(isBroken ? `is damaged or cut off: ${messageOf(error)}` : `cannot be read: ${messageOf(error)}`)
  } finally {
    await handle?.close()
  }
}

/** Told by the first bytes. */
export async function compressionOf(handle: FileHandle): Promise<'none' | 'gzip' | 'zstd'> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
  const front = buffer.subarray(0, bytesRead)
  if (front.subarray(0, 3).equals(GZIP)) return 'gzip'
  return ZSTD.some((magic) => front.equals(magic)) ? 'zstd' : 'none'
}

/** Reads the next piece while the last one is worked on. */
export async function* bytesOf(
  handle: FileHandle,
  pieceBytes: number,
  end = Number.POSITIVE_INFINITY,
  start = 0,
): AsyncGenerator<Buffer> {
  const read = async (at: number): Promise<Buffer> => {
    const wanted = Math.max(0, Math.min(pieceBytes, end - at))
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, at)
    return buffer.subarray(0, bytesRead)
  }
  let next = read(start)
  try {
    for (let at = start; ;) {
      const piece = await next
      if (piece.length === 0) return
      at += piece.length
      next = read(at)
      next.catch(() => undefined)
      yield piece
    }
  } finally {
    await next.catch(() => undefined)
  }
}

/**
 * All members of a gzip file. zlib forgets what a damaged piece gave before the damage, so such a piece is taken
 * again byte by byte: then nothing that stands before the damage is lost.
 */
async function* gunzipped(handle: FileHandle, warn: (why: string) => void): AsyncGenerator<Buffer> {
  let given = 0
  let at = 0
  const first = startGunzip()
  try {
    for await (const piece of bytesOf(handle, PIECE_BYTES)) {
      const chunks = await first.take(piece)
      if (chunks === undefined) break
      at += piece.length
      for (const chunk of chunks) {
        given += chunk.length
        yield chunk
      }
    }
    if (first.failure() === undefined) yield* await first.end()
  } finally {
    first.close()
  }
  const failure = first.failure()
  if (failure === undefined) return
  warn(`is damaged or cut off: ${failure}`)
  if (first.isDamaged()) yield* salvage(handle, at, given)
}

/**
 * What comes out before the damage and was not given yet: the damaged piece is taken in small steps, and then the
 * damaged one of those byte by byte.
 */
async function* salvage(handle: FileHandle, damagedAt: number, given: number): AsyncGenerator<Buffer> {
  let at = damagedAt
  let skip = given
  for (const stepBytes of SALVAGE_STEPS) {
    const again = startGunzip()
    let out = 0
    try {
      for await (const piece of salvagePieces(handle, at, stepBytes)) {
        const chunks = await again.take(piece)
        if (chunks === undefined) break
        at = Math.max(at, piece.start + piece.length)
        for (const chunk of chunks) {
          const rest = chunk.subarray(Math.min(chunk.length, Math.max(0, skip - out)))
          out += chunk.length
          if (rest.length > 0) yield rest
        }
      }
    } finally {
      again.close()
    }
    skip = Math.max(skip, out)
  }
}

/** Whole pieces up to an offset, from there on small ones, as far as the damage may lie. */
async function* salvagePieces(
  handle: FileHandle,
  from: number,
  stepBytes: number,
): AsyncGenerator<Buffer & { start: number }> {
  let start = 0
  const placed = (piece: Buffer): Buffer & { start: number } => {
    const here = Object.assign(piece, { start })
    start += piece.length
    return here
  }
  for await (const piece of bytesOf(handle, PIECE_BYTES, from)) yield placed(piece)
  for await (const piece of bytesOf(handle, stepBytes, from + PIECE_BYTES, from)) yield placed(piece)
}

interface GunzipSteps {
  /** Undefined when the data is damaged. */
  take(piece: Buffer): Promise<readonly Buffer[] | undefined>
  end(): Promise<readonly Buffer[]>
  failure(): string | undefined
  /** Something in the middle is wrong, rather than the end missing. */
  isDamaged(): boolean
  close(): void
}

/** Piece by piece, so that what came out before a failure is not lost with the stream. */
function startGunzip(): GunzipSteps {
  const gunzip: Gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  let chunks: Buffer[] = []
  let failed: Error | undefined
  gunzip.on('data', (chunk: Buffer) => chunks.push(chunk))
  gunzip.on('error', (error) => (failed = error))
  const taken = (): readonly Buffer[] => {
    const all = chunks
    chunks = []
    return all
  }
  return {
    async take(piece) {
      if (failed !== undefined) return undefined
      await new Promise<void>((resolve) => {
        gunzip.once('close', resolve)
        gunzip.write(piece, () => {
          gunzip.off('close', resolve)
          resolve()
        })
      })
      return failed === undefined ? taken() : undefined
    },
    async end() {
      if (failed !== undefined) return []
      const closed = once(gunzip, 'close')
      gunzip.end()
      await closed.catch(() => undefined)
      return taken()
    },
    failure: () => failed?.message,
    isDamaged: () => errnoOf(failed) !== 'Z_BUF_ERROR',
    close: () => void gunzip.destroy(),
  }
}

/** Frames that hold no data (RFC 8878 §3.1.2) may come first. */
function skippable(): Buffer[] {
  return Array.from({ length: 16 }, (_, i) => Buffer.from([0x50 + i, 0x2a, 0x4d, 0x18]))
}
