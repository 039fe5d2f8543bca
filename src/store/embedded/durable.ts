// The durable steps of the embedded store, each with a name, so that tests can stop the process before and
// after every one of them and make any of them fail.
import { type FileHandle, chmod, mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { FILE_MODE, FOLDER_MODE } from './filenames.js'

export const DURABLE_STEPS = [
  'format.write',
  'format.sync',
  'format.rename',
  'format.folder',
  'hot.create',
  'hot.folder',
  'hot.write',
  'hot.sync',
  'recover.cut',
  'recover.keep',
  'recover.aside',
  'seal.write',
  'seal.sync',
  'seal.rename',
  'seal.folder',
  'keys.write',
  'keys.sync',
  'keys.rename',
  'keys.folder',
  'merge.write',
  'merge.sync',
  'merge.rename',
  'merge.folder',
  'day.write',
  'day.sync',
  'day.rename',
  'day.folder',
  'manifest.write',
  'manifest.sync',
  'manifest.rename',
  'manifest.folder',
  'copy.write',
  'copy.sync',
  'copy.rename',
  'copy.folder',
  'retire.segment',
  'retire.part',
  'drop.part',
] as const
export type DurableStep = (typeof DURABLE_STEPS)[number]

/** The steps that `writeDurably` takes, for the files it is used for. */
type WrittenFile = 'format' | 'keys' | 'day' | 'manifest' | 'copy'

/** A planned failure, for tests: at the nth time a step is reached, die or fail with an error number. */
export interface Fault {
  readonly step: DurableStep
  readonly when: 'before' | 'after'
  /** 1-based. */
  readonly nth: number
  /** `kill` is SIGKILL to the own process; else the name of an error, such as `ENOSPC` or `EIO`. */
  readonly action: 'kill' | 'ENOSPC' | 'EIO'
  /** Fail every time from the nth on. */
  readonly lasting?: boolean
}

/** Counts the steps taken and brings planned faults about; without faults it costs a function call. */
export class Steps {
  readonly #faults: readonly Fault[]
  readonly #reached = new Map<string, number>()

  constructor(faults: readonly Fault[] = []) {
    this.#faults = faults
  }

  reach(step: DurableStep, when: Fault['when']): void {
    if (this.#faults.length === 0) return
    const key = `${when} ${step}`
    const times = (this.#reached.get(key) ?? 0) + 1
    this.#reached.set(key, times)
    for (const fault of this.#faults) {
      if (fault.step !== step || fault.when !== when) continue
      if (fault.nth === times || (fault.lasting && fault.nth < times)) bringAbout(fault)
    }
  }

  async take<T>(step: DurableStep, act: () => Promise<T>): Promise<T> {
    this.reach(step, 'before')
    const result = await act()
    this.reach(step, 'after')
    return result
  }

  takeSync<T>(step: DurableStep, act: () => T): T {
    this.reach(step, 'before')
    const result = act()
    this.reach(step, 'after')
    return result
  }
}

function bringAbout(fault: Fault): void {
  if (fault.action === 'kill') {
    process.kill(process.pid, 'SIGKILL')
    // The signal ends every thread, but this one must not take another step until it does.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  }
  throw Object.assign(new Error(`${fault.action}: planned fault at ${fault.step}`), { code: fault.action })
}

/** Makes a folder that readers of the group may enter, whatever the umask; its name is on disk when it resolves. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: FOLDER_MODE })
  if (first === undefined) return
  await chmod(path, FOLDER_MODE)
  for (let made = resolve(path); ; made = dirname(made)) {
    await syncFolder(dirname(made))
    if (made === resolve(first) || made === dirname(made)) return
  }
}

/** Makes a file's name durable: a rename or a new file is only on disk once its folder is. */
export async function syncFolder(path: string): Promise<void> {
  await withHandle(path, 'r', (handle) => handle.sync())
}

export async function syncFile(path: string): Promise<void> {
  await withHandle(path, 'r+', (handle) => handle.datasync())
}

/** Replaces a file whole: beside it, synced, renamed over it, its folder synced. */
export async function writeDurably(
  steps: Steps,
  file: WrittenFile,
  path: string,
  content: Buffer,
): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.tmp`)
  try {
    await steps.take(`${file}.write`, () => writeNew(beside, content))
    await steps.take(`${file}.sync`, () => syncFile(beside))
    await steps.take(`${file}.rename`, () => rename(beside, path))
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  await steps.take(`${file}.folder`, () => syncFolder(dirname(path)))
}

/** Writes a file that is not there yet or is left over; not durable by itself. */
export async function writeNew(path: string, content: Buffer): Promise<void> {
  await withHandle(path, 'w', async (handle) => {
    await handle.chmod(FILE_MODE)
    await handle.writeFile(content)
  })
}

async function withHandle<T>(
  path: string,
  flags: string,
  act: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const handle = await open(path, flags)
  try {
    return await act(handle)
  } finally {
    await handle.close()
  }
}
