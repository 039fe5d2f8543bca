// Rounds of kill -9 at random moments on one folder, accounted for after each, with a reader beside that follows
// and scans all the time. The suite runs some rounds, scripts/crash.mjs any number.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { startChild, startNode } from './child-process.mjs'
import { account, compareStats, scanAll } from './ledger.mjs'
import { SIZES, batchOf, placeOf } from './scenario.mjs'

const RUN = 'kills'
/** A round's batches have numbers of their own, so that what it left unfinished is told apart. */
const ROUND_BATCHES = 10_000
/** After this many rounds a new folder begins, so that accounting for it stays quick. */
const FOLDER_ROUNDS = 25
/** A child is killed this long after it opened the folder, at most; some die while they open it. Milliseconds. */
const MAX_DELAY_MS = 500

/**
 * Throws at the first record that is lost, doubled, torn or invented.
 * @param {{folder: string, kills: number, seed: number}} order
 * @param {(round: number, records: number) => void} [progress]
 * @returns {Promise<{kills: number, records: number}>}
 */
export async function killRounds({ folder, kills, seed }, progress) {
  const random = randomFrom(seed)
  let records = 0
  for (let done = 0; done < kills; done += FOLDER_ROUNDS) {
    const rounds = Math.min(FOLDER_ROUNDS, kills - done)
    const report = (/** @type {number} */ round, /** @type {number} */ found) =>
      progress?.(done + round, records + found)
    records += await roundsOn(`${folder}/${done}`, { rounds, random, report })
  }
  return { kills, records }
}

/**
 * @param {string} folder
 * @param {{rounds: number, random: () => number, report: (round: number, found: number) => void}} order
 */
async function roundsOn(folder, { rounds, random, report }) {
  await (await openEmbeddedStore({ ...SIZES, path: folder })).close()
  const watcher = startNode('watcher.mjs', [folder])
  /** @type {Set<number>} */
  const acknowledged = new Set()
  let found = 0
  for (let round = 1; round <= rounds; round++) {
    for (const number of await killOne(folder, round, random)) acknowledged.add(number)
    found = await accountFor(folder, acknowledged, random() < 0.3)
    assert.equal(watcher.process.exitCode, null, 'the reader beside has failed')
    report(round, found)
  }
  await endWatcher(watcher, folder)
  return found
}

/** @param {string} folder @param {number} round @param {() => number} random */
async function killOne(folder, round, random) {
  const child = startChild({ mode: 'forever', folder, run: RUN, firstBatch: round * ROUND_BATCHES })
  const whileOpening = random() < 0.2
  if (!whileOpening) await child.said('open')
  await sleep(random() * MAX_DELAY_MS)
  child.process.kill('SIGKILL')
  const { acknowledged, signal, errors } = await child.report
  assert.equal(signal, 'SIGKILL', `the child ended by itself: ${errors}`)
  return acknowledged
}

/**
 * Opens the folder as the kill left it. Now and then what has a key is sent again, and everything is sealed.
 * @param {string} folder @param {Set<number>} acknowledged @param {boolean} thorough
 */
async function accountFor(folder, acknowledged, thorough) {
  const store = await openEmbeddedStore({ ...SIZES, path: folder })
  /** @type {import('./ledger.mjs').Ledger} */
  const ledger = { run: RUN, acknowledged, drop: 'not begun' }
  let found = await scanAll(store, assert.fail)
  account(found, ledger)
  // What was stored but not acknowledged stays stored from here on.
  for (const { line } of found) acknowledged.add(placeOf(line).number)
  if (thorough) {
    for (const number of [...acknowledged].filter((number) => number % 3 === 0).slice(-30))
      assert((await store.append(batchOf(RUN, number))).repeated, `batch ${number} was stored again`)
    await store.seal()
    found = await scanAll(store, assert.fail)
    account(found, ledger)
  }
  await compareStats(store, found)
  await store.close()
  return found.length
}

/** The follower must have seen every record once. @param {ReturnType<typeof startNode>} watcher @param {string} folder */
async function endWatcher(watcher, folder) {
  const store = await openEmbeddedStore({ ...SIZES, path: folder })
  const wanted = (await scanAll(store)).map(({ sequence }) => sequence).sort((a, b) => a - b)
  await store.close()
  // The follower looks every 100 ms at the latest, and reads what came since.
  await sleep(1_000)
  watcher.process.stdin.write('\n')
  const { output, errors, exit } = await watcher.report
  assert.equal(exit, 0, errors)
  const { scans, followed } = /** @type {{scans: number, followed: number[]}} */ (JSON.parse(output))
  assert(scans > 0)
  assert.deepEqual(followed, wanted)
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). @param {number} seed */
export function randomFrom(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
