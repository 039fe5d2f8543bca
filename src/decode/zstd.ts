// zstd bodies, decompressed by one thread, one after another, each within a deadline. Node has no zstd of its own
// before 22.15.
import { Worker } from 'node:worker_threads'
import { LogctlError, messageOf } from '../errors.js'
import { zstdFrames } from './zstd-frames.js'
import type { ZstdDone, ZstdJob } from './zstd-worker.js'

/** From the moment a body's turn comes; 100 MiB take about a second. */
const DEADLINE_MS = 20_000

interface Waiting {
  readonly job: ZstdJob
  readonly deadlineMs: number
  readonly resolve: (result: Buffer) => void
  readonly reject: (error: LogctlError) => void
}

const queue: Waiting[] = []
let thread: Worker | undefined
let deadline: NodeJS.Timeout | undefined
let lastId = 0

/** Throws BODY_TOO_LARGE as soon as the output passes the limit, BODY_INVALID for anything that is not whole zstd. */
export async function unzstd(body: Buffer, limitBytes: number, deadlineMs = DEADLINE_MS): Promise<Buffer> {
  const frames = zstdFrames(body, limitBytes)
  if (frames.length === 0) return Buffer.alloc(0)
  return new Promise((resolve, reject) => {
    queue.push({ job: { id: ++lastId, body, frames, limitBytes }, deadlineMs, resolve, reject })
    if (queue.length === 1) startNext()
  })
}

function startNext(): void {
  const next = queue[0]
  if (next === undefined) return thread?.unref()
  thread ??= openThread()
  thread.ref()
  deadline = setTimeout(() => abandon('takes too long to decompress'), next.deadlineMs)
  thread.postMessage(next.job, [])
}

function openThread(): Worker {
  const opened = new Worker(new URL('./zstd-worker.js', import.meta.url))
  opened.on('message', finish)
  opened.on('error', (error) => {
    if (thread === opened) abandon(`could not be decompressed (${messageOf(error)})`)
  })
  return opened
}

function finish({ id, result }: ZstdDone): void {
  if (queue[0]?.job.id !== id) return
  clearTimeout(deadline)
  const { job, resolve, reject } = queue.shift() as Waiting
  if (result === 'too_large')
    reject(
      new LogctlError('BODY_TOO_LARGE', `the body is larger than ${job.limitBytes} bytes when decompressed`),
    )
  else if (result === 'broken') reject(new LogctlError('BODY_INVALID', 'the body is not whole zstd data'))
  else resolve(Buffer.from(result.buffer, result.byteOffset, result.byteLength))
  startNext()
}

/** Ends the thread with the body it is at; the next body gets a new one. */
function abandon(why: string): void {
  clearTimeout(deadline)
  void thread?.terminate()
  thread = undefined
  queue.shift()?.reject(new LogctlError('BODY_INVALID', `the zstd body ${why}`))
  startNext()
}
