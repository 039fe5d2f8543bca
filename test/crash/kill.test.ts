// Kills a writing store at random moments, again and again on the same folder, while a reader looks on.
import { expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'
import { killRounds } from './kill-rounds.mjs'

const KILLS = 20
const SEED = 20_250_111

test(`after each of ${KILLS} kills everything acknowledged is there once, and no reader saw otherwise`, async () => {
  const { records } = await killRounds({ folder: tempFolder(), kills: KILLS, seed: SEED })
  console.log(`kills: ${KILLS}; records accounted for: ${records}`)
  expect(records).toBeGreaterThan(KILLS * 10)
})
