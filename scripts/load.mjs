// Attacks a server of one's own while good senders and a reader use it, and prints what they got: npx zx
// scripts/load.mjs [--seconds 15] [--scale 1] [--only 'slow headers']. It exits 1 where an acknowledged line is
// missing, an answer is not of its kind, or files stay open.
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { argv, echo } from 'zx'
import { serve, goodLinesStored } from '../test/load/server.mjs'
import { quantile, residentBytes, underAttack } from '../test/load/under-attack.mjs'

const MIB = 2 ** 20
const FILES_SPARE = 16

const ms = Number(argv['seconds'] ?? 15) * 1000
const scale = Number(argv['scale'] ?? 1)
const only = argv['only'] === undefined ? undefined : String(argv['only']).split(',')
const folder = await mkdtemp(path.join(os.tmpdir(), 'logctl-load-'))
const server = await serve(folder)
const widths = [18, 30, 6, 8, 8, 9, 7, 7, 9, 9, 10]
/** @param {readonly (string | number)[]} cells */
const row = (cells) => echo(cells.map((cell, i) => String(cell).padEnd(widths[i] ?? 0)).join(' '))
row([
  'attack',
  'answers (cut)',
  'acks',
  'p50 ms',
  'p99 ms',
  'longest',
  'again',
  'reads',
  'p99 ms',
  'RSS MiB',
  'files',
])
/** @param {readonly number[]} values @param {number} share */
const of = (values, share) => quantile(values, share).toFixed(1)
let wrong = 0
const { pid, url } = server
const lines = await underAttack(
  { url, pid, ms, scale, only: (name) => only?.includes(name) ?? true },
  (done) => {
    const { attack, outcome, served, peakBytes, filesBefore, filesAfter, unexpected } = done
    const { acksMs, readsMs, refused, failed } = served
    const answers = Object.entries(outcome.answers).map(([status, count]) => `${status}×${count}`)
    const shown = [...answers, `(${outcome.cut})`].join(' ')
    row([
      attack,
      shown,
      acksMs.length,
      of(acksMs, 0.5),
      of(acksMs, 0.99),
      of(acksMs, 1),
      refused + failed,
      readsMs.length,
      of(readsMs, 0.99),
      Math.round(peakBytes / MIB),
      `${filesBefore}→${filesAfter}`,
    ])
    if (unexpected.length > 0) echo(`  not expected: ${unexpected.join(', ')}`)
    if (unexpected.length > 0 || filesAfter > filesBefore + FILES_SPARE || acksMs.length === 0) wrong++
  },
)
const restMiB = Math.round(residentBytes(pid) / MIB)
const stored = await goodLinesStored(url)
echo(
  `${lines} good lines acknowledged, ${stored} stored; RSS ${restMiB} MiB at the end; serve ended with ${await server.stop()}`,
)
await rm(folder, { recursive: true })
process.exitCode = wrong === 0 && stored === lines ? 0 : 1
