// What this machine, or the container or service it is cut down to, has to give: processors and memory.
import { readFileSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'

export interface Machine {
  /** Whole processors, at least one. */
  readonly cores: number
  readonly memoryBytes: number
  /** Where the memory's size comes from: `total`, or the limit's file. */
  readonly memoryOrigin: string
}

interface MemoryLimit {
  readonly bytes: number
  readonly origin: string
}

/**
 * Reads the limits of cgroup v2 (kernel: admin-guide/cgroup-v2, `memory.max`, `memory.high`, `cpu.max`) and v1
 * (admin-guide/cgroup-v1/memory, scheduler/sched-bwc) that hold for this process; the narrowest counts.
 * Where there are none, such as on macOS, the whole machine. `root` is where /proc and /sys are looked for.
 */
export function readMachine({ root = '/' }: { readonly root?: string } = {}): Machine {
  const groups = cgroupsOf(readText(root, 'proc/self/cgroup') ?? '')
  const total: MemoryLimit = { bytes: totalMemory(root), origin: 'total' }
  const limits = [...memoryLimits(root, groups)].filter(({ bytes }) => bytes > 0)
  const memory = limits.reduce((least, limit) => (limit.bytes < least.bytes ? limit : least), total)
  const cores = Math.min(availableParallelism(), ...cpuLimits(root, groups))
  return { cores: Math.max(1, Math.floor(cores)), memoryBytes: memory.bytes, memoryOrigin: memory.origin }
}

interface Cgroups {
  /** Paths of this process: of v2, and of v1's controllers. */
  readonly unified: string | undefined
  readonly memory: string | undefined
  readonly cpu: string | undefined
}

/** `/proc/self/cgroup`: lines `ID:CONTROLLERS:PATH`, ID 0 without controllers for v2 (cgroups(7)). */
function cgroupsOf(text: string): Cgroups {
  const paths = new Map<string, string>()
  for (const line of text.split('\n')) {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line)
    for (const controller of match?.[1]?.split(',') ?? []) paths.set(controller, match?.[2] ?? '/')
  }
  return { unified: paths.get(''), memory: paths.get('memory'), cpu: paths.get('cpu') }
}

function* memoryLimits(root: string, groups: Cgroups): Generator<MemoryLimit> {
  for (const folder of foldersUp('sys/fs/cgroup', groups.unified)) {
    for (const name of ['memory.max', 'memory.high']) yield* memoryLimit(root, join(folder, name))
  }
  for (const folder of foldersUp('sys/fs/cgroup/memory', groups.memory)) {
    yield* memoryLimit(root, join(folder, 'memory.limit_in_bytes'))
  }
}

function* memoryLimit(root: string, file: string): Generator<MemoryLimit> {
  const text = readText(root, file)?.trim()
  if (text !== undefined && /^\d+$/.test(text)) yield { bytes: Number(text), origin: `/${file}` }
}

/** Processors, as a fraction: quota over period. */
function* cpuLimits(root: string, groups: Cgroups): Generator<number> {
  for (const folder of foldersUp('sys/fs/cgroup', groups.unified)) {
    const [quota, period] = readText(root, join(folder, 'cpu.max'))?.trim().split(' ') ?? []
    yield* cores(quota, period)
  }
  for (const mount of ['sys/fs/cgroup/cpu,cpuacct', 'sys/fs/cgroup/cpu']) {
    for (const folder of foldersUp(mount, groups.cpu)) {
      yield* cores(
        readText(root, join(folder, 'cpu.cfs_quota_us')),
        readText(root, join(folder, 'cpu.cfs_period_us')),
      )
    }
  }
}

/** No limit reads as `max` (v2) or -1 (v1). */
function* cores(quota: string | undefined, period: string | undefined): Generator<number> {
  const value = Number(quota) / Number(period)
  if (value > 0 && Number.isFinite(value)) yield value
}

/**
 * The group's folder and all above it, for every one of them limits. In a container the path may be the
 * host's while the mount shows only the container's own group, as its root: the walk up finds that too.
 */
function* foldersUp(mount: string, path: string | undefined): Generator<string> {
  if (path === undefined) return
  const parts = path.split('/').filter((part) => part !== '' && part !== '..')
  for (let depth = parts.length; depth >= 0; depth--) yield join(mount, ...parts.slice(0, depth))
}

function totalMemory(root: string): number {
  const kib = /^MemTotal:\s+(\d+) kB$/m.exec(readText(root, 'proc/meminfo') ?? '')?.[1]
  return kib === undefined ? totalmem() : Number(kib) * 1024
}

/** Undefined when the file is not there, or not for us. */
function readText(root: string, file: string): string | undefined {
  try {
    return readFileSync(join(root, file), 'utf8')
  } catch {
    return undefined
  }
}
