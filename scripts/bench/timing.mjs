// Times a piece of work: a warm-up, some runs, and what the runs say together.

/** @typedef {{ medianMs: number, p95Ms: number, runs: number }} Timed */

/** Work that is slow is not repeated for longer than this. */
const BUDGET_MS = 5000

/** @param {() => Promise<unknown>} work @param {{ runs: number }} how @returns {Promise<Timed>} */
export async function timed(work, { runs }) {
  const started = performance.now()
  await work()
  /** @type {number[]} */
  const took = []
  while (took.length < runs && (took.length === 0 || performance.now() - started < BUDGET_MS)) {
    const start = performance.now()
    await work()
    took.push(performance.now() - start)
  }
  return summed(took)
}

/** @param {readonly number[]} took Milliseconds of each run. @returns {Timed} */
export function summed(took) {
  return { medianMs: quantile(took, 0.5), p95Ms: quantile(took, 0.95), runs: took.length }
}

/** NaN for no values. @param {readonly number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
