// The thread that decompresses one zstd stream piece by piece. A thread, because the decoder trusts lengths inside a
// block, so that hostile data can keep it busy for minutes, and then only ending the thread helps.
import { parentPort } from 'node:worker_threads'
import { Decompress } from 'fzstd'

export interface ZstdPiece {
  readonly piece: Uint8Array
  readonly last: boolean
}

export interface ZstdOutput {
  readonly chunks: readonly Uint8Array[]
  /** The data is broken, or ends in the middle, behind these chunks. */
  readonly broken: boolean
}

let chunks: Uint8Array[] = []
const decoder = new Decompress((chunk) => {
  if (chunk.length > 0) chunks.push(chunk.slice())
})

parentPort?.on('message', ({ piece, last }: ZstdPiece) => {
  let broken = false
  try {
    decoder.push(piece, last)
  } catch {
    broken = true
  }
  const output: ZstdOutput = { chunks, broken }
  parentPort?.postMessage(
    output,
    chunks.map(({ buffer }) => buffer as ArrayBuffer),
  )
  chunks = []
})
