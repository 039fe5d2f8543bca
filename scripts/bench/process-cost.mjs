// What a process and its children cost on Linux, read from /proc: processor time and memory.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Ticks of /proc's times a second; 100 on every Linux that Node runs on. */
const TICKS = 100

/** @typedef {{ parent: number, ticks: number }} Stat */

/** Undefined when the process has ended. @param {number} pid @returns {Stat | undefined} */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything; fields are counted from behind it, from 3 (proc(5)).
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number)
    return { parent: Number(fields[1]), ticks: (utime ?? 0) + (stime ?? 0) + (cutime ?? 0) + (cstime ?? 0) }
  } catch {
    return undefined
  }
}

/** Seconds of processor time of a process, its threads, and its children, ended or not. @param {number} pid */
export function cpuSeconds(pid) {
  const stats = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), statOf(Number(name))]),
  )
  const isOurs = (/** @type {number} */ one) => {
    for (let at = one; at > 1; at = stats.get(at)?.parent ?? 0) if (at === pid) return true
    return false
  }
  let ticks = 0
  for (const [one, stat] of stats) if (isOurs(one)) ticks += stat?.ticks ?? 0
  return ticks / TICKS
}

/** Resident memory of a process: now, and at most since its start or the last reset. @param {number} pid */
export function memoryBytes(pid) {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  const of = (/** @type {string} */ name) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? Number.NaN) * 1024
  return { now: of('VmRSS'), peak: of('VmHWM') }
}

/** From here on the peak counts anew. @param {number} pid */
export function resetPeak(pid) {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
