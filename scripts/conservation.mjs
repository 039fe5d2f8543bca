#!/usr/bin/env zx
// Serves, sends, kills, fills the disk, moves the clock, prunes and damages copies for as long as asked, and accounts
// for every acknowledged line: node scripts/conservation.mjs --kills 1000, or --minutes 30; --seed repeats a run.
// As root the folder lies on a small disk of its own; clocks are moved where faketime is installed.
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { argv, echo } from 'zx'
import { conserve } from './conservation/rounds.mjs'
import { FAKETIME } from './conservation/server.mjs'

const DISK_MIB = 64
const { kills, minutes, seed = Date.now() % 2 ** 31, disk } = argv

if (disk === undefined && spawnSync('unshare', ['--mount', 'true']).status === 0) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'logctl-conservation-'))
  const given = argv['seed'] === undefined ? ['--seed', String(seed)] : []
  const again = ['--mount', process.execPath, ...process.argv.slice(1), ...given, '--disk', folder]
  process.exitCode = spawnSync('unshare', again, { stdio: 'inherit' }).status ?? 1
  await rm(folder, { recursive: true })
} else await main()

async function main() {
  const folder = disk ?? (await mkdtemp(path.join(os.tmpdir(), 'logctl-conservation-')))
  if (disk !== undefined) mount(disk)
  if (FAKETIME === undefined) echo('no clock is moved: faketime is not installed')
  if (disk === undefined) echo('no disk is filled: that takes root')
  echo(`seed ${seed}`)
  const endMs = minutes === undefined ? Infinity : Date.now() + Number(minutes) * 60_000
  const most = kills === undefined && minutes !== undefined ? Infinity : Number(kills ?? 50)
  const enough = (/** @type {{ kills: number }} */ counts) => counts.kills >= most || Date.now() >= endMs
  const counts = await conserve(
    { folder, seed: Number(seed), clocks: FAKETIME !== undefined, fillable: disk !== undefined, enough },
    (now) => echo(JSON.stringify(now)),
  )
  echo(`${JSON.stringify(counts)}: none lost, none doubled, none torn, none invented`)
}

/** @param {string} folder */
function mount(folder) {
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'none', folder], {
    stdio: 'inherit',
  })
  if (mounted.status !== 0) throw new Error(`no disk could be mounted on ${folder}`)
}
