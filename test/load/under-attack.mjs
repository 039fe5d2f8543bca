// Runs one attack after another against a server while good clients are served, and measures both.
import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ATTACKS } from './attacks.mjs'
import { pause } from './connections.mjs'
import { goodClients } from './good-clients.mjs'

/** How long a server may need to let go of what an attack left. */
const SETTLE_MS = 15_000
const SAMPLE_MS = 100

/** @param {number} pid resident memory, bytes */
export function residentBytes(pid) {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib ?? 0) * 1024
}

/** @param {number} pid open sockets */
export function openFiles(pid) {
  return readdirSync(`/proc/${pid}/fd`).length
}

/**
 * @typedef {object} Row
 * @property {string} attack @property {import('./connections.mjs').Outcome} outcome
 * @property {import('./good-clients.mjs').Served} served
 * @property {number} peakBytes @property {number} filesBefore @property {number} filesAfter
 * @property {string[]} unexpected Answers that this attack should not get.
 */

/**
 * @param {{ url: string, pid: number, ms: number, scale: number, only?: (name: string) => boolean }} order
 * @param {(row: Row) => void} onRow
 * @returns {Promise<number>} the lines that good senders had acknowledged
 */
export async function underAttack({ url, pid, ms, scale, only = () => true }, onRow) {
  const clients = goodClients(url)
  let lines = 0
  await pause(1000)
  lines += clients.take().lines
  for (const attack of ATTACKS.filter(({ name }) => only(name))) {
    const filesBefore = openFiles(pid)
    let peakBytes = 0
    const sampler = setInterval(() => (peakBytes = Math.max(peakBytes, residentBytes(pid))), SAMPLE_MS)
    const argv = [join(import.meta.dirname, 'attacker.mjs'), attack.name, url, String(ms), String(scale)]
    const { stdout } = await promisify(execFile)(process.execPath, argv)
    clearInterval(sampler)
    const served = clients.take()
    lines += served.lines
    const filesAfter = await settledFiles(pid, filesBefore)
    /** @type {import('./connections.mjs').Outcome} */
    const outcome = JSON.parse(stdout)
    const unexpected = Object.keys(outcome.answers).filter(
      (status) => !attack.answers.includes(Number(status)),
    )
    onRow({ attack: attack.name, outcome, served, peakBytes, filesBefore, filesAfter, unexpected })
  }
  await clients.stop()
  return lines + clients.take().lines
}

/** Files that are open when those of the attack are closed. @param {number} pid @param {number} before */
async function settledFiles(pid, before) {
  const untilMs = Date.now() + SETTLE_MS
  while (openFiles(pid) > before + 10 && Date.now() < untilMs) await pause(100)
  return openFiles(pid)
}

/** @param {readonly number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
