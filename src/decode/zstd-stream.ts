// A zstd stream of any length, decompressed by a thread of its own one piece after another, so that memory is
// bounded by what one piece becomes.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { fail } from '../errors.js'
import type { ZstdOutput, ZstdPiece } from './zstd-stream-worker.js'

/** A block of 128 KiB can hide in four bytes: a piece of this size becomes 128 MiB at worst. */
const PIECE_BYTES = 4096
/** For one piece. */
const DEADLINE_MS = 20_000

/** Yields what the pieces become. Throws BODY_INVALID behind the last good chunk of data that is broken or cut off. */
export async function* unzstdStream(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const thread = new Worker(new URL('./zstd-stream-worker.js', import.meta.url))
  try {
    for await (const chunk of source)
      for (let at = 0; at < chunk.length; at += PIECE_BYTES)
        yield* await pushed(thread, { piece: chunk.subarray(at, at + PIECE_BYTES), last: false })
    yield* await pushed(thread, { piece: new Uint8Array(0), last: true })
  } finally {
    await thread.terminate()
  }
}

async function pushed(thread: Worker, job: ZstdPiece): Promise<AsyncGenerator<Buffer> | Generator<Buffer>> {
  const signal = AbortSignal.timeout(DEADLINE_MS)
  thread.postMessage(job)
  const [output] = (await once(thread, 'message', { signal }).catch(broken)) as [ZstdOutput]
  return chunksOf(output)
}

function* chunksOf({ chunks, broken: isBroken }: ZstdOutput): Generator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  if (isBroken) broken()
}

function broken(): never {
  return fail('BODY_INVALID', 'it is not whole zstd data')
}
