// Every reader of bytes from outside, with inputs that are good, damaged and hostile; always the same ones. `npx zx
// scripts/fuzz.mjs` takes any number of others.
import { test } from 'vitest'
import { fuzzRounds } from './rounds.mjs'
import { TARGETS } from './targets/index.mjs'

/** Of a fast target; the slow ones take a tenth. */
const RUNS = 6000
const SLOW = new Set(['config', 'regex', 'zstd', 'side-file'])

test.each(TARGETS.map((target) => [target.name, target] as const))('%s', async (name, target) => {
  await target.open?.()
  try {
    await fuzzRounds(target, { runs: SLOW.has(name) ? RUNS / 10 : RUNS, seed: 1 })
  } finally {
    await target.close?.()
  }
})
