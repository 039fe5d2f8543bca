// Fuzzes the readers of bytes from outside for as long as one likes: npx zx scripts/fuzz.mjs --target json-door --runs
// 1000000 --seed 1. Without --target all of them, one after another. What is not stood is printed with its input; the
// exit status is 1 then. A target runs in a thread, so that an input that never ends is found too.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { argv, echo } from 'zx'
import { fuzzRounds } from '../test/fuzz/rounds.mjs'
import { HTTP } from '../test/fuzz/targets/http.mjs'
import { TARGETS } from '../test/fuzz/targets/index.mjs'

/** An input that takes longer will never end. */
const HANG_MS = 20_000
const WATCH_MS = 1000
const MOST_BYTES = 64 * 1024

const ALL = [...TARGETS, HTTP]

/** What the watcher shares with the thread: how many inputs it has begun, the length of this one, and its bytes. */
/** @param {SharedArrayBuffer} shared */
function window(shared) {
  return { counters: new Int32Array(shared, 0, 2), bytes: Buffer.from(shared, 8) }
}

/** @param {{ target: string, runs: number, seed: number, shared: SharedArrayBuffer }} order */
async function runTarget({ target: name, runs, seed, shared }) {
  const { counters, bytes } = window(shared)
  const target = ALL.find((one) => one.name === name)
  if (!target) throw new Error(`no target ${name}; there are ${ALL.map((one) => one.name).join(', ')}`)
  await target.open?.()
  try {
    return await fuzzRounds(target, {
      runs,
      seed,
      onInput: (round, input) => {
        Atomics.store(counters, 0, round)
        Atomics.store(counters, 1, input.copy(bytes))
      },
    })
  } finally {
    await target.close?.()
  }
}

/** @param {string} target @param {number} runs @param {number} seed @returns {Promise<boolean>} whether all was stood */
async function watchTarget(target, runs, seed) {
  const shared = new SharedArrayBuffer(8 + MOST_BYTES)
  const { counters, bytes } = window(shared)
  const startedMs = performance.now()
  const worker = new Worker(import.meta.filename, { workerData: { target, runs, seed, shared } })
  let last = -1
  let sinceMs = startedMs
  return new Promise((resolve) => {
    const end = (/** @type {boolean} */ isGood, /** @type {string} */ says) => {
      clearInterval(watch)
      echo(`${target.padEnd(14)} ${says}`)
      void worker.terminate().then(() => resolve(isGood))
    }
    const watch = setInterval(() => {
      const round = Atomics.load(counters, 0)
      const nowMs = performance.now()
      if (round !== last) [last, sinceMs] = [round, nowMs]
      else if (nowMs - sinceMs > HANG_MS)
        end(
          false,
          `HANGS at input ${round}, base64: ${Buffer.from(bytes.subarray(0, counters[1])).toString('base64')}`,
        )
    }, WATCH_MS)
    worker.once('message', (/** @type {import('../test/fuzz/rounds.mjs').Counts} */ counts) => {
      const seconds = (performance.now() - startedMs) / 1000
      const { inputs, refused, slowestMs, grownBytes } = counts
      end(
        true,
        `${inputs} inputs, ${refused} refused, ${Math.round(inputs / seconds)} a second, slowest ${slowestMs.toFixed(1)} ms, memory +${Math.round(grownBytes / 2 ** 20)} MiB`,
      )
    })
    worker.once('error', (/** @type {Error} */ error) => end(false, `FELL: ${error.message}`))
  })
}

if (isMainThread) {
  const runs = Number(argv['runs'] ?? 100_000)
  const seed = Number(argv['seed'] ?? Date.now() % 2 ** 31)
  const names = argv['target'] === undefined ? ALL.map(({ name }) => name) : String(argv['target']).split(',')
  echo(`seed ${seed}, ${runs} inputs each`)
  let fell = 0
  for (const name of names) if (!(await watchTarget(name, runs, seed))) fell++
  process.exitCode = fell === 0 ? 0 : 1
} else parentPort?.postMessage(await runTarget(workerData))
