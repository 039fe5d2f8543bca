// The rounds of a conservation run: serve, send, prune, fill the disk, kill, account, on one folder after the other.
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { randomFrom } from '../../test/crash/kill-rounds.mjs'
import { harmCopy } from './harm.mjs'
import { newLedger } from './ledger.mjs'
import { sendAgain, sendUntilGone } from './senders.mjs'
import { logctl, startServer } from './server.mjs'

const SENDERS = 4
const DAY_MS = 86_400_000
/** After this many rounds a new folder begins, so that accounting for it stays quick. */
const FOLDER_ROUNDS = 20
/** A server lives this long at most. Milliseconds. */
const MAX_LIFE_MS = 1500
/** How far clocks are moved; prune's guard stops at 48 hours. */
const CLOCKS = ['', '', '', '-2d', '-3h', '+3h']

/**
 * @typedef {object} Counts
 * @property {number} kills @property {number} stops By SIGTERM. @property {number} lines Acknowledged lines that were accounted for.
 * @property {number} pruned Runs of prune. @property {number} filled Times that the disk was full.
 * @property {number} refused Batches that were told to come again. @property {number} moved Servers with a moved clock.
 * @property {number} harmed Copies of the folder that were damaged and read.
 */

/**
 * Runs until `enough` says so; throws at the first line that is lost, doubled, torn or invented.
 * @param {{ folder: string, seed: number, clocks: boolean, fillable: boolean, enough: (counts: Counts) => boolean }} order
 * @param {(counts: Counts) => void} progress
 */
export async function conserve({ folder, seed, clocks, fillable, enough }, progress) {
  const random = randomFrom(seed)
  /** @type {Counts} */
  const counts = { kills: 0, stops: 0, lines: 0, pruned: 0, filled: 0, refused: 0, moved: 0, harmed: 0 }
  for (let part = 0; !enough(counts); part++) {
    const home = path.join(folder, String(part))
    await mkdir(home)
    await folderRounds({ home, random, counts, clocks, fillable, enough }, progress)
    await rm(home, { recursive: true })
  }
  return counts
}

/**
 * @typedef {object} Run
 * @property {string} home @property {() => number} random @property {Counts} counts
 * @property {boolean} clocks @property {boolean} fillable @property {(counts: Counts) => boolean} enough
 */

/** @param {Run} run @param {(counts: Counts) => void} progress */
async function folderRounds(run, progress) {
  const ledger = newLedger(Date.now() - (Date.now() % DAY_MS))
  let before = 0
  for (let round = 0; round < FOLDER_ROUNDS && !run.enough(run.counts); round++) {
    const refusals = ledger.refusals()
    if (await oneLife(run, ledger)) run.counts.kills++
    else run.counts.stops++
    run.counts.refused += ledger.refusals() - refusals
    const lines = await accountFor(run, ledger)
    run.counts.lines += Math.max(0, lines - before)
    before = lines
    progress(run.counts)
  }
}

/** @typedef {ReturnType<typeof newLedger>} Ledger */

/** A server from its start to its end, which is a kill nine times in ten: then true. @param {Run} run @param {Ledger} ledger */
async function oneLife({ home, random, counts, clocks, fillable }, ledger) {
  const clock = clocks ? (CLOCKS[Math.floor(random() * CLOCKS.length)] ?? '') : ''
  if (clock !== '') counts.moved++
  const data = path.join(home, 'data')
  const server = await startServer({ data, home, clock })
  const senders = Array.from({ length: SENDERS }, () => sendUntilGone(server.url, ledger))
  const again = sendAgain(server.url, ledger)
  const events = [
    random() < 0.3 ? prune({ server, home, clock, counts }, ledger) : undefined,
    fillable && random() < 0.2 ? fillDisk(home, counts, random) : undefined,
  ]
  const isKill = random() < 0.9
  await sleep(random() * MAX_LIFE_MS)
  const ended = server.end(isKill ? 'SIGKILL' : 'SIGTERM')
  const status = await ended
  if (!isKill && status !== 0)
    throw new Error(`serve ended with ${status} on SIGTERM:\n${server.said.join('\n')}`)
  await Promise.all([...senders, again, ...events])
  return isKill
}

/**
 * @param {{ server: { url: string }, home: string, clock: string, counts: Counts }} where @param {Ledger} ledger
 */
async function prune({ server, home, clock, counts }, ledger) {
  const ended = ledger.pruning()
  const { status, stdout, stderr } = await logctl(
    ['prune', '--older-than', '30d', '--json', '--server', server.url],
    {
      home,
      clock,
    },
  )
  // 3: the server went, or a clock that was moved forward and back again is taken for a jump.
  if (status !== 0 && status !== 3) throw new Error(`prune ended with ${status}: ${stdout}${stderr}`)
  ended(status === 0)
  counts.pruned++
}

/** Leaves next to nothing of the disk for a while. @param {string} home @param {Counts} counts @param {() => number} random */
async function fillDisk(home, counts, random) {
  const ballast = path.join(home, 'ballast')
  const { bavail, bsize } = await statfs(home)
  await sleep(random() * 300)
  await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - Math.floor(random() * 100_000)))).catch(
    (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code !== 'ENOSPC') throw error
    },
  )
  counts.filled++
  await sleep(200 + random() * 500)
  await rm(ballast)
}

/** Reads everything as a user does, from the folder that the server left. @param {Run} run @param {Ledger} ledger */
async function accountFor({ home, random, counts }, ledger) {
  const data = path.join(home, 'data')
  const { status, stdout, stderr } = await logctl(['grep', '', '--json', '--data', data], { home })
  if ((status !== 0 && status !== 1) || stderr !== '') throw new Error(`grep ended with ${status}: ${stderr}`)
  const lines = stdout
    .split('\n')
    .filter((text) => text.startsWith('{"timestamp"'))
    .map((text) => JSON.parse(text).line)
  const acknowledged = ledger.account(lines)
  if (random() < 0.3 && lines.length > 0) {
    const copy = path.join(home, 'copy')
    await harmCopy({ data, copy, home, random, lines: new Set(lines), sound: lines.length })
    counts.harmed++
  }
  return acknowledged
}
