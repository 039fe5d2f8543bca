// The thread that writes the hot log. Its writes and syncs block this thread only: through libuv's pool they
// would wait behind running queries. What has queued up meanwhile is written together and synced once.
import {
  chmodSync,
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { errnoOf, messageOf } from '../../errors.js'
import { type Fault, Steps } from './durable.js'
import { FILE_MODE } from './filenames.js'

/** Write these bytes behind what is there; `open` starts a new file first. */
export interface WriteOrder {
  readonly kind: 'write'
  readonly id: number
  readonly bytes: readonly Uint8Array[]
  readonly open?: { readonly path: string; readonly header: Uint8Array }
}

export type HotOrder = WriteOrder | { readonly kind: 'end' }

/** Orders are answered in the order in which they came. */
export type HotAnswer =
  | { readonly kind: 'done'; readonly ids: readonly number[] }
  | {
      readonly kind: 'failed'
      readonly ids: readonly number[]
      readonly code: string
      readonly message: string
    }

interface OpenFile {
  readonly path: string
  readonly fd: number
  readonly headerBytes: number
  /** Everything before this offset is on disk and acknowledged. */
  goodBytes: number
}

/**
 * After so many bytes this thread's garbage is collected. An order is a few small objects that hold on to memory which
 * threads share; V8 counts the objects alone, and let 250 MB of memory wait for them. A collection takes less than a
 * millisecond.
 */
const COLLECT_EVERY_BYTES = 32 << 20

const collectGarbage = newCollector()
let uncollectedBytes = 0

const steps = new Steps((workerData as { faults: readonly Fault[] }).faults)
let file: OpenFile | undefined
/** Why no file is open: what was ordered behind the failure fails with it. */
let failure: unknown

function openFile({ path, header }: NonNullable<WriteOrder['open']>): OpenFile {
  let fd: number | undefined
  try {
    fd = steps.takeSync('hot.create', () => {
      fd = openSync(path, 'wx')
      chmodSync(path, FILE_MODE)
      writeAll(fd, [header], 0)
      return fd
    })
    steps.takeSync('hot.folder', () => syncFolder(dirname(path)))
    return { path, fd, headerBytes: header.length, goodBytes: header.length }
  } catch (error) {
    if (fd !== undefined) discard(path, fd)
    throw error
  }
}

/** A file without a batch goes at once: a full disk would else gather one for every batch that it refuses. */
function discard(path: string, fd: number): void {
  closeSync(fd)
  rmSync(path, { force: true })
}

function syncFolder(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function writeAll(fd: number, chunks: readonly Uint8Array[], position: number): void {
  let at = position
  for (const chunk of chunks) {
    for (let done = 0; done < chunk.length;) {
      const written = writeSync(fd, chunk, done, chunk.length - done, at)
      done += written
      at += written
    }
  }
}

/** Writes orders for one file and syncs them together. */
function writeGroup(target: OpenFile, group: readonly WriteOrder[]): void {
  const chunks = group.flatMap((order) => order.bytes)
  steps.takeSync('hot.write', () => writeAll(target.fd, chunks, target.goodBytes))
  steps.takeSync('hot.sync', () => fdatasyncSync(target.fd))
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  target.goodBytes += bytes
  uncollectedBytes += bytes
}

/** Called when nobody waits for this thread. */
function collectWhereDue(): void {
  if (uncollectedBytes < COLLECT_EVERY_BYTES) return
  uncollectedBytes = 0
  collectGarbage({ type: 'minor' })
}

/** V8's own function, which a context has that is made while the flag is set. */
function newCollector(): (how: { type: 'minor' }) => void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (how: { type: 'minor' }) => void
  setFlagsFromString('--no-expose-gc')
  return collect
}

function finish(target: OpenFile | undefined): void {
  if (target) closeSync(target.fd)
}

/**
 * After a failed write or sync nothing behind the last good byte may stay: it was not acknowledged, and its
 * sender will send it again. The file is not written to any more.
 */
function abandon(target: OpenFile): void {
  try {
    ftruncateSync(target.fd, target.goodBytes)
    fsyncSync(target.fd)
  } catch {
    // The disk refuses even this; start-up finds the same end by the frames.
  }
  if (target.goodBytes === target.headerBytes) discard(target.path, target.fd)
  else closeSync(target.fd)
}

function carryOut(orders: readonly WriteOrder[], port: MessagePort): void {
  const ids = orders.map((order) => order.id)
  try {
    const open = orders[0]?.open
    if (open) {
      finish(file)
      file = undefined
      file = openFile(open)
    }
    if (!file) throw failure
    writeGroup(file, orders)
    port.postMessage({ kind: 'done', ids } satisfies HotAnswer)
  } catch (error) {
    if (file) abandon(file)
    file = undefined
    failure = error
    const answer = { kind: 'failed', ids, code: errnoOf(error) ?? 'EIO', message: messageOf(error) } as const
    port.postMessage(answer satisfies HotAnswer)
  }
}

function run(port: MessagePort): void {
  port.on('message', (first: HotOrder) => {
    let group: WriteOrder[] = []
    let ended = false
    for (let order: HotOrder | undefined = first; order; order = next(port)) {
      if (order.kind === 'end') {
        ended = true
        break
      }
      if (order.open && group.length > 0) {
        carryOut(group, port)
        group = []
      }
      group.push(order)
    }
    if (group.length > 0) carryOut(group, port)
    group = []
    collectWhereDue()
    if (!ended) return
    finish(file)
    port.close()
  })
}

function next(port: MessagePort): HotOrder | undefined {
  return (receiveMessageOnPort(port) as { message: HotOrder } | undefined)?.message
}

if (parentPort) run(parentPort)
