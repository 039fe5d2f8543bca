// Gives a target as many inputs as asked for, and stops at the first that it does not stand. The same seed gives the
// same inputs. Every input is well-formed once and changed many times.
import { LogctlError } from '#logctl/errors.js'
import { changed, randomOf } from './random.mjs'

/**
 * What is fuzzed. `bodies` are good inputs, made from a seed; `words` are pieces of the format. `run` takes an input
 * and throws where it does not stand it; LogctlErrors of the codes in `refusals` are fine.
 * @typedef {object} Target
 * @property {string} name @property {(seed: number) => readonly Buffer[]} bodies
 * @property {readonly string[]} words @property {readonly string[]} refusals
 * @property {(input: Buffer) => unknown} run
 * @property {number} [deadlineMs] The longest that one input may take.
 * @property {() => Promise<void>} [open] @property {() => Promise<void>} [close]
 */

/**
 * @typedef {object} Counts
 * @property {number} inputs @property {number} refused @property {number} slowestMs @property {number} grownBytes
 */

/** An input that was not stood, so that it can be tried again. */
export class Fallen extends Error {
  /** @param {string} why @param {number} round @param {Buffer} input @param {unknown} cause */
  constructor(why, round, input, cause) {
    super(
      `${why}\ninput ${round}, base64: ${input.toString('base64')}\nas text: ${JSON.stringify(input.toString('latin1', 0, 2000))}`,
      { cause },
    )
  }
}

const DEADLINE_MS = 200
/** Inputs that are made from the same good bodies. */
const PER_BODIES = 2000
/** How often memory is looked at, and how far it may grow; garbage included. */
const PER_LOOK = 5000
const MOST_GROWTH_BYTES = 768 * 2 ** 20

/**
 * @param {Target} target @param {{ runs: number, seed: number, onInput?: (round: number, input: Buffer) => void }} order
 * @returns {Promise<Counts>}
 */
export async function fuzzRounds(target, { runs, seed, onInput }) {
  const words = target.words.map((word) => Buffer.from(word, 'latin1'))
  const counts = { inputs: 0, refused: 0, slowestMs: 0, grownBytes: 0 }
  const startBytes = process.memoryUsage.rss()
  /** @type {readonly Buffer[]} */
  let bodies = []
  for (let round = 0; round < runs; round++) {
    if (round % PER_BODIES === 0) bodies = target.bodies((seed + round) | 0)
    const random = randomOf(Math.imul(seed + 1, 0x9e3779b1) ^ round)
    const whole = bodies[round % PER_BODIES]
    const input = whole ?? changed(random, bodies, words)
    onInput?.(round, input)
    await one(target, round, input, counts)
    if (round % PER_LOOK === 0) {
      counts.grownBytes = Math.max(counts.grownBytes, process.memoryUsage.rss() - startBytes)
      if (counts.grownBytes > MOST_GROWTH_BYTES) throw new Fallen('memory grows', round, input, undefined)
    }
  }
  return counts
}

/** @param {Target} target @param {number} round @param {Buffer} input @param {Counts} counts */
async function one(target, round, input, counts) {
  const limitMs = target.deadlineMs ?? DEADLINE_MS
  let tookMs = await timed(target, round, input, counts)
  // Other processes and the garbage collector take time too: what is slow is slow again.
  for (let again = 0; again < 3 && tookMs > limitMs; again++)
    tookMs = await timed(target, round, input, counts)
  if (tookMs > limitMs) throw new Fallen(`took ${Math.round(tookMs)} ms`, round, input, undefined)
  counts.inputs++
  counts.slowestMs = Math.max(counts.slowestMs, tookMs)
}

/** @param {Target} target @param {number} round @param {Buffer} input @param {Counts} counts */
async function timed(target, round, input, counts) {
  const startedMs = performance.now()
  const cpu = process.cpuUsage()
  try {
    const result = target.run(input)
    if (result instanceof Promise) await result
  } catch (thrown) {
    if (!(thrown instanceof LogctlError) || !target.refusals.includes(thrown.code))
      throw new Fallen(thrown instanceof Error ? String(thrown.stack) : String(thrown), round, input, thrown)
    counts.refused++
  }
  // On a busy machine others take most of the time.
  const { user, system } = process.cpuUsage(cpu)
  return Math.min(performance.now() - startedMs, (user + system) / 1000)
}
