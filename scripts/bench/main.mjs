#!/usr/bin/env zx
// `npm run bench`: makes data from a seed, lets the built program take it in and answer, and prints what that cost
// beside the bars and beside other tools. It reports; it never fails because of a figure.
import { rmSync } from 'node:fs'
import { mkdtemp, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { chalk } from 'zx'
import { dataSet, writeDataSet } from './data-sets.mjs'
import { growth } from './growth.mjs'
import { missingTools, timeDuckdb, timeTools } from './peers.mjs'
import { endServers } from './measured-server.mjs'
import { timeStart } from './queries.mjs'
import { growthText, peersText, setText, startText } from './report.mjs'
import { runSet } from './run-set.mjs'

const USAGE = `npm run bench -- [flags]
  --set NAME          navigator (default), kubernetes, kubernetes-loki; may repeat
  --events N          events of each set (2000000)
  --seed N            other events of the same kind (1)
  --runs N            runs of each query (11)
  --only TEXT         only queries whose name holds this
  --connections N     of the sender (6)
  --work DIR          where data lies meanwhile (a new folder under TMPDIR)
  --keep              leave that folder
  --no-peers          without other tools
  --install           install the other tools that are missing (Debian, root)
  --growth            instead: how the cost of queries grows with the work
  --json FILE         every figure
`
const { values } = parseArgs({
  args: process.argv.slice(process.argv.findIndex((arg) => arg.endsWith('main.mjs')) + 1),
  options: {
    set: { type: 'string', multiple: true, default: ['navigator'] },
    events: { type: 'string', default: '2000000' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '11' },
    only: { type: 'string', default: '' },
    connections: { type: 'string', default: '6' },
    work: { type: 'string' },
    keep: { type: 'boolean', default: false },
    'no-peers': { type: 'boolean', default: false },
    install: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const [events, seed, runs, connections] = [values.events, values.seed, values.runs, values.connections].map(
  Number,
)
const machine = {
  cpus: os.cpus().length,
  cpu: os.cpus()[0]?.model,
  node: process.version,
  load: os.loadavg(),
}

if (values.help) process.stdout.write(USAGE)
else await bench()

async function bench() {
  const work = values.work ?? (await mkdtemp(path.join(os.tmpdir(), 'logctl-bench-')))
  await mkdir(work, { recursive: true })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void giveUp(work))
  try {
    say(
      `${machine.cpus} x ${machine.cpu}, Node ${machine.node}, load ${machine.load.map((n) => n.toFixed(1)).join(' ')}`,
    )
    const results = values.growth ? await grow(work) : await measure(work)
    if (values.json !== undefined)
      await writeFile(values.json, `${JSON.stringify({ machine, seed, ...results }, null, 1)}\n`)
  } finally {
    if (values.keep) say(`kept ${work}`)
    else await rm(work, { recursive: true })
  }
}

/** Leaves no server and no data behind. @param {string} work */
async function giveUp(work) {
  await endServers()
  if (!values.keep) rmSync(work, { recursive: true, force: true, maxRetries: 3 })
  process.exit(130)
}

/** @param {string} work */
async function measure(work) {
  const missing = values['no-peers'] ? [] : await missingTools(values.install)
  for (const { name, debian } of missing)
    say(chalk.yellow(`SKIPPED ${name}: Debian's ${debian} is not here (--install gets it)`))
  const start = await timeStart(runs ?? 1)
  process.stdout.write(startText(start))
  const sets = []
  for (const name of values.set) {
    const folder = path.join(work, name)
    const run = await prepared(name, folder)
    const report = await runSet(run)
    process.stdout.write(setText(report))
    const peers = values['no-peers'] ? undefined : await besides(run, report.data, missing)
    if (peers !== undefined) process.stdout.write(peersText(report, peers))
    sets.push({ ...report, peers })
    if (!values.keep) await rm(folder, { recursive: true })
  }
  return { start, sets }
}

/** @param {string} name @param {string} folder */
async function prepared(name, folder) {
  const set = dataSet(name)
  const file = path.join(folder, 'events.ndjson')
  await mkdir(folder, { recursive: true })
  say(`${name}: ${set.about}`)
  await writeDataSet(set, { events: events ?? 0, seed: seed ?? 0, file })
  const { size: fileBytes } = await stat(file)
  return { ...asked(name), set, file, fileBytes, work: folder }
}

/** @param {string} name */
function asked(name) {
  return { name, events: events ?? 0, connections: connections ?? 1, runs: runs ?? 1, only: values.only, say }
}

/**
 * Other tools on the same data; those that read lines have nothing to read in pushes.
 * @param {import('./run-set.mjs').Run} run @param {string} data @param {Awaited<ReturnType<typeof missingTools>>} missing
 */
async function besides(run, data, missing) {
  say(`${run.name}: other tools`)
  const tools = run.set.bodyPerLine ? {} : await timeTools({ ...run, missing })
  return { ...tools, DuckDB: await timeDuckdb({ ...run, data }) }
}

/** @param {string} work */
async function grow(work) {
  const [name = ''] = values.set
  const steps = await growth({ ...asked(name), set: dataSet(name), seed: seed ?? 0, work })
  process.stdout.write(growthText(steps))
  return { growth: steps }
}

/** @param {string} text */
function say(text) {
  process.stderr.write(`${chalk.dim(`${process.uptime().toFixed(0).padStart(4)} s`)} ${text}\n`)
}
