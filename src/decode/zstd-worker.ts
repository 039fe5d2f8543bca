// The thread that decompresses zstd bodies. A thread, because the decoder runs without a pause and trusts lengths
// inside a block: a hostile body can keep it busy for minutes, and then only ending the thread helps.
import { parentPort } from 'node:worker_threads'
import { Decompress } from 'fzstd'
import type { ZstdFrame } from './zstd-frames.js'

export interface ZstdJob {
  readonly id: number
  readonly body: Uint8Array
  readonly frames: readonly ZstdFrame[]
  readonly limitBytes: number
}

export interface ZstdDone {
  readonly id: number
  readonly result: Uint8Array | 'too_large' | 'broken'
}

const TOO_LARGE = Symbol('too large')

function unzstd({ body, frames, limitBytes }: ZstdJob): ZstdDone['result'] {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for (const { start, end } of frames) {
      const decoder = new Decompress((chunk) => {
        size += chunk.length
        if (size > limitBytes) throw TOO_LARGE
        chunks.push(chunk)
      })
      decoder.push(body.subarray(start, end), true)
    }
  } catch (thrown) {
    return thrown === TOO_LARGE ? 'too_large' : 'broken'
  }
  return joined(chunks, size)
}

/** Memory of its own, so that it can be handed over instead of copied. */
function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

parentPort?.on('message', (job: ZstdJob) => {
  const result = unzstd(job)
  const done: ZstdDone = { id: job.id, result }
  parentPort?.postMessage(done, typeof result === 'string' ? [] : [result.buffer as ArrayBuffer])
})
