// The same work by what a fresh Debian machine has, over the gzip'ed NDJSON, and by plain DuckDB over the Parquet
// files of the data folder. One that is slower than a minute does a tenth, and its time is scaled and marked.
import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGzip } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { which } from 'zx'
import { installPackages } from '../packages.mjs'
import { timed } from './timing.mjs'

const run = promisify(execFile)
const SLOW_MS = 60_000
const TENTH = 10

/** @typedef {import('./data-sets.mjs').DataSet} DataSet */
/** @typedef {{ medianMs: number, runs: number, scaled: boolean }} PeerTime */
/** @typedef {Record<string, Record<string, PeerTime>>} PeerTimes By tool, then by work. */

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} command What must be on the path.
 * @property {string} debian The package that brings it.
 * @property {Record<string, (file: string, set: DataSet) => string>} work Shell text by the peer names of work.mjs.
 */

/** @type {readonly Tool[]} */
export const TOOLS = [
  {
    name: 'zcat | jq',
    command: 'jq',
    debian: 'jq',
    work: {
      count: (file) => `zcat ${file} | jq -r .source | sort | uniq -c | sort -rn | head -20`,
      hours: (file) => `zcat ${file} | jq -r '.["@timestamp"]' | cut -dT -f2 | cut -d: -f1 | sort | uniq -c`,
    },
  },
  {
    name: 'zgrep',
    command: 'zgrep',
    debian: 'gzip',
    work: {
      rare: (file, { rare }) => `zgrep -c -F ${rare.word} ${file}`,
      phrase: (file, { phrase }) => `zgrep -c -F '${phrase}' ${file}`,
      absent: (file, { absent }) => `zgrep -c -F ${absent} ${file}`,
      value: (file, { value }) => `zgrep -c -F ${value} ${file}`,
      last: (file, { one }) => `zgrep -F '${one.text}' ${file} | tail -n 100`,
    },
  },
  {
    name: 'rg -z',
    command: 'rg',
    debian: 'ripgrep',
    work: {
      rare: (file, { rare }) => `rg -z -c -F ${rare.word} ${file}`,
      phrase: (file, { phrase }) => `rg -z -c -F '${phrase}' ${file}`,
      absent: (file, { absent }) => `rg -z -c -F ${absent} ${file}`,
      value: (file, { value }) => `rg -z -c -F ${value} ${file}`,
      last: (file, { one }) => `rg -z -F '${one.text}' ${file} | tail -n 100`,
    },
  },
  {
    name: 'lnav',
    command: 'lnav',
    debian: 'lnav',
    work: {
      rare: (file, { rare }) => `lnav -n -c ':filter-in ${rare.word}' ${file} | wc -l`,
    },
  },
]

/** SQL by the peer names of work.mjs. @type {Record<string, (set: DataSet) => string>} */
const SQL = {
  count: ({ date }) => `select _tenant, count(*) from logs where date = '${date}' group by all`,
  hours: ({ date }) => `select host, hour(_time), count(*) from logs where date = '${date}' group by all`,
  levels: ({ date }) => `select _level, hour(_time), count(*) from logs where date = '${date}' group by all`,
  failed: ({ date }) =>
    `select _tenant, count(*) from logs where date = '${date}' and status >= 500 group by all`,
  p99: ({ date }) =>
    `select _tenant, quantile_cont(duration, 0.99) from logs where date = '${date}' group by all`,
  rare: ({ rare }) => `select count(*) from logs where contains(_line, '${rare.word}')`,
  phrase: ({ phrase }) => `select count(*) from logs where contains(_line, '${phrase}')`,
  absent: ({ absent }) => `select count(*) from logs where contains(_line, '${absent}')`,
  last: ({ one }) => `select _time, _line from logs where ${one.sql} order by _time desc limit 100`,
}

/** Tools that are not on the path, after installing them where that was asked. @param {boolean} install */
export async function missingTools(install) {
  const found = await Promise.all(TOOLS.map(({ command }) => which(command, { nothrow: true })))
  const missing = TOOLS.filter((_, index) => !found[index])
  if (!install || missing.length === 0) return missing
  await installPackages(missing.map(({ debian }) => debian))
  return []
}

/**
 * @param {{ file: string, set: DataSet, work: string, runs: number, missing: readonly Tool[],
 *   say: (text: string) => void }} asked `file` is NDJSON.
 * @returns {Promise<PeerTimes>}
 */
export async function timeTools({ file, set, work, runs, missing, say }) {
  /** @type {PeerTimes} */
  const times = {}
  say('  gzip, as the input of other tools')
  const whole = path.join(work, 'events.ndjson.gz')
  const tenth = path.join(work, 'tenth.ndjson.gz')
  await pipeline(createReadStream(file), createGzip(), createWriteStream(whole))
  await run('sh', ['-c', `head -n $(($(wc -l < ${file}) / ${TENTH})) ${file} | gzip > ${tenth}`])
  for (const tool of TOOLS) {
    if (missing.includes(tool)) continue
    times[tool.name] = {}
    for (const [name, text] of Object.entries(tool.work)) {
      say(`  ${tool.name}: ${name}`)
      const time = await timeShell((input) => text(input, set), { whole, tenth, runs, home: work })
      Object.assign(times[tool.name] ?? {}, { [name]: time })
    }
  }
  return times
}

/**
 * @param {(file: string) => string} text
 * @param {{ whole: string, tenth: string, runs: number, home: string }} how @returns {Promise<PeerTime>}
 */
async function timeShell(text, { whole, tenth, runs, home }) {
  const once = async (/** @type {string} */ file) => {
    const start = performance.now()
    // The group is ended as one: a shell's children outlive it.
    const limit = ['-k', '1', String(SLOW_MS / 1000), 'sh', '-c', text(file)]
    const options = { env: { ...process.env, HOME: home, LC_ALL: 'C.UTF-8' }, maxBuffer: 2 ** 30 }
    const status = await run('timeout', limit, options).then(
      () => 0,
      (error) => Number(error.code),
    )
    return { ms: performance.now() - start, slow: status === 124 || status === 137 }
  }
  const first = await once(whole)
  if (first.slow) return { medianMs: (await once(tenth)).ms * TENTH, runs: 1, scaled: true }
  const again = first.ms < 2000 ? await timed(() => once(whole), { runs: Math.min(runs, 3) }) : undefined
  return { medianMs: again?.medianMs ?? first.ms, runs: again?.runs ?? 1, scaled: false }
}

/**
 * Plain DuckDB over the Parquet files of a data folder, warm, as its own users would ask.
 * @param {{ data: string, set: DataSet, runs: number, say: (text: string) => void }} asked
 * @returns {Promise<Record<string, PeerTime>>}
 */
export async function timeDuckdb({ data, set, runs, say }) {
  say('  DuckDB on the same Parquet')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(
    `create view logs as from read_parquet('${data}/date=*/*.parquet', union_by_name = true, hive_partitioning = true)`,
  )
  /** @type {Record<string, PeerTime>} */
  const times = {}
  for (const [name, sql] of Object.entries(SQL)) {
    const time = await timed(() => connection.runAndReadAll(sql(set)), { runs })
    times[name] = { ...time, scaled: false }
  }
  connection.closeSync()
  instance.closeSync()
  return times
}
