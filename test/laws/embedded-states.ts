// Embedded stores in every state that their records can be in: hot, sealed, merged, opened again, and seen by a
// reader beside the writer. Each is a store that brings its records into that state before it is read.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { LogctlError } from '#logctl/errors.js'
import {
  type EmbeddedOptions,
  type FolderReader,
  openEmbeddedReader,
  openEmbeddedStore,
} from '#logctl/store/embedded/index.js'
import type { AppendBatch, Store } from '#logctl/store/store.js'
import type { OpenStore, ReopenableStore } from './store.js'
import { tempFolder } from '../temp-folder.js'

type Options = Partial<EmbeddedOptions>

/** Nothing is sealed or merged by itself, and no free space is asked for. */
export const QUIET: Options = {
  minFreeBytes: 0,
  merge: false,
  segmentIdleMs: 3_600_000,
  maxWaitingSegments: 1e6,
}

/** Segments and parts so small that there are many, and files that go soon after they are replaced. */
const TINY: Options = { ...QUIET, segmentBytes: 4_000, rowGroupRows: 2_048, lingerMs: 30 }

/** What every read waits for; the answers are those of `reading`. */
function prepared(store: Store, before: () => Promise<unknown>, reading: () => Store | FolderReader): Store {
  return {
    append: (batch) => store.append(batch),
    seal: () => store.seal(),
    drop: (days) => store.drop(days),
    close: () => store.close(),
    async *scan(request, options) {
      await before()
      yield* reading().scan(request, options)
    },
    aggregate: (request, options) => before().then(() => reading().aggregate(request, options)),
    async *follow(request, options) {
      await before()
      yield* reading().follow(request, options)
    },
    newestSequence: () => before().then(() => reading().newestSequence()),
    days: () => before().then(() => reading().days()),
    stats: (request) => before().then(() => reading().stats(request)),
    labels: (request) => before().then(() => reading().labels(request)),
    daysOnDisk: () => before().then(() => reading().daysOnDisk()),
    status: () => before().then(() => reading().status()),
  }
}

export async function openHot(options: Options = {}): Promise<ReopenableStore> {
  const path = tempFolder()
  let store = await openEmbeddedStore({ ...QUIET, ...options, path })
  return {
    store,
    reopen: async () => {
      await store.close()
      return (store = await openEmbeddedStore({ ...QUIET, ...options, path }))
    },
    cleanup: () => store.close(),
  }
}

export async function openSealed(options: Options = {}): Promise<ReopenableStore> {
  const { store, ...rest } = await openHot(options)
  return {
    ...rest,
    store: prepared(
      store,
      () => store.seal(),
      () => store,
    ),
  }
}

/** Some sealed, some closed and waiting, some in the open segment. */
export async function openMixed(): Promise<ReopenableStore> {
  const { store, ...rest } = await openHot(TINY)
  let appended = 0
  const append = async (batch: AppendBatch) => {
    const answer = await store.append(batch)
    if (++appended % 3 === 0) await store.seal()
    return answer
  }
  return {
    ...rest,
    store: {
      ...prepared(
        store,
        () => Promise.resolve(),
        () => store,
      ),
      append,
    },
  }
}

/** Each batch becomes parts of its own, which are merged. */
export async function openMerged(): Promise<ReopenableStore> {
  const { store, ...rest } = await openHot({ merge: true, lingerMs: 30 })
  const append = async (batch: AppendBatch) => {
    const answer = await store.append(batch)
    await store.seal()
    return answer
  }
  return {
    ...rest,
    store: {
      ...prepared(
        store,
        () => store.seal(),
        () => store,
      ),
      append,
    },
  }
}

/** Closed and opened before each read of something new. */
export async function openReopened(): Promise<OpenStore> {
  const opened = await openHot(TINY)
  let { store } = opened
  let changed = false
  let turn: Promise<void> = Promise.resolve()
  const openAgain = async (): Promise<void> => {
    if (changed) store = await opened.reopen()
    changed = false
  }
  const before = (): Promise<void> => (turn = turn.then(openAgain))
  return {
    ...opened,
    store: {
      ...prepared(store, before, () => store),
      append: async (batch) => {
        await turn
        changed = true
        return store.append(batch)
      },
      seal: () => turn.then(() => store.seal()),
      drop: (days) => turn.then(() => store.drop(days)),
      close: () => turn.then(() => store.close()),
    },
  }
}

/** Read through the folder, by the process that writes. */
export async function openBesideWriter(): Promise<OpenStore> {
  const path = tempFolder()
  const store = await openEmbeddedStore({ ...TINY, merge: true, path })
  return besideWriter(path, store)
}

/** Read through the folder while another process writes. */
export async function openBesideProcess(): Promise<OpenStore> {
  const path = tempFolder()
  const child = fork(
    join(import.meta.dirname, 'writer-process.mjs'),
    [path, JSON.stringify({ ...TINY, merge: true })],
    {
      serialization: 'advanced',
    },
  )
  await once(child, 'message')
  const call = caller(child)
  const store: Store = {
    append: (batch) => call('append', batch) as ReturnType<Store['append']>,
    seal: () => call('seal') as Promise<void>,
    drop: (days) => call('drop', days) as ReturnType<Store['drop']>,
    close: () => call('close') as Promise<void>,
    scan: unread,
    aggregate: unread,
    follow: unread,
    newestSequence: unread,
    days: unread,
    stats: unread,
    labels: unread,
    daysOnDisk: unread,
    status: unread,
  }
  const opened = await besideWriter(path, store)
  return {
    ...opened,
    cleanup: async () => {
      await opened.cleanup()
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

async function besideWriter(path: string, store: Store): Promise<OpenStore> {
  const reader = await openEmbeddedReader(path)
  const close = async (): Promise<void> => {
    await store.close()
    await reader.close()
  }
  return {
    store: {
      ...prepared(
        store,
        () => Promise.resolve(),
        () => reader,
      ),
      close,
    },
    cleanup: close,
  }
}

function unread(): never {
  throw new Error('the writer is read through its folder')
}

type Answer = {
  readonly id: number
  readonly result?: unknown
  readonly error?: { code: string; message: string }
}

/** Calls a method of the store in the other process. */
function caller(child: ChildProcess): (method: string, ...args: unknown[]) => Promise<unknown> {
  const waiting = new Map<number, (answer: Answer) => void>()
  child.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  let id = 0
  return (method, ...args) =>
    new Promise((resolve, reject) => {
      id++
      waiting.set(id, ({ result, error }) => {
        if (error) reject(new LogctlError(error.code as LogctlError['code'], error.message))
        else resolve(result)
      })
      child.send({ id, method, args })
    })
}
