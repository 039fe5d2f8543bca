// Kills a writing store any number of times and accounts for every record: node scripts/crash.mjs --kills 1000.
// With --seed the moments are the same again, as far as the machine lets them be.
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { argv, echo } from 'zx'
import { killRounds } from '../test/crash/kill-rounds.mjs'

const kills = Number(argv['kills'] ?? 100)
const seed = Number(argv['seed'] ?? Date.now() % 2 ** 31)
const folder = await mkdtemp(path.join(os.tmpdir(), 'logctl-crash-'))
echo(`seed ${seed}, data in ${folder}, which stays there when something is wrong`)
const result = await killRounds({ folder, kills, seed }, (round, records) => {
  if (round % 25 === 0) echo(`${round} kills, ${records} records accounted for`)
})
await rm(folder, { recursive: true })
echo(`${result.kills} kills, ${result.records} records: none lost, none doubled, none torn`)
