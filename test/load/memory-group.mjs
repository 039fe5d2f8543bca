// A control group that takes memory from a process as a small container does: cgroup v1 or v2, whichever is there.
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = '/sys/fs/cgroup'

/** @param {string} file @returns {string | undefined} */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Undefined where this user or machine cannot have one.
 * @param {number} limitBytes
 */
export function memoryGroup(limitBytes) {
  const isOld = read(join(ROOT, 'memory', 'memory.limit_in_bytes')) !== undefined
  const folder = join(ROOT, isOld ? 'memory' : '', `logctl-small-${process.pid}`)
  try {
    mkdirSync(folder)
    writeFileSync(join(folder, isOld ? 'memory.limit_in_bytes' : 'memory.max'), String(limitBytes))
  } catch {
    return undefined
  }
  const valueOf = (/** @type {string} */ name, /** @type {string} */ key) =>
    Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(read(join(folder, name)) ?? '')?.[1] ?? 0)
  return {
    procsFile: join(folder, 'cgroup.procs'),
    /** Page cache included: the kernel takes that back before it kills. */
    peakBytes: () => Number(read(join(folder, isOld ? 'memory.max_usage_in_bytes' : 'memory.peak')) ?? 0),
    /** Without page cache. */
    usedBytes: () => valueOf('memory.stat', isOld ? 'total_rss' : 'anon'),
    /** How often the limit was met. */
    limitMet: () =>
      isOld ? Number(read(join(folder, 'memory.failcnt')) ?? 0) : valueOf('memory.events', 'max'),
    kills: () => valueOf(isOld ? 'memory.oom_control' : 'memory.events', 'oom_kill'),
    /** What has just ended may still be counted as in it for a moment. */
    async remove() {
      for (let left = 50; left > 0; left--)
        try {
          return rmdirSync(folder)
        } catch {
          await new Promise((resolve) => void setTimeout(resolve, 100))
        }
    },
  }
}
