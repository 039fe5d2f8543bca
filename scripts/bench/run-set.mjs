// One data set through the whole bench: ingest, queries while hot, while sealing and sealed, acks under queries.
import path from 'node:path'
import { folderSize } from './folder-size.mjs'
import { send, withReaders } from './load.mjs'
import { startServer } from './measured-server.mjs'
import { cpuSeconds, memoryBytes, resetPeak } from './process-cost.mjs'
import { timeQueries } from './queries.mjs'

/** @typedef {import('./data-sets.mjs').DataSet} DataSet */
/** @typedef {import('./measured-server.mjs').MeasuredServer} MeasuredServer */

/**
 * @typedef {object} Run
 * @property {string} name Of the data set.
 * @property {DataSet} set
 * @property {number} events
 * @property {string} file The events as NDJSON (or one push a line).
 * @property {number} fileBytes
 * @property {string} work A folder for servers.
 * @property {number} connections
 * @property {number} runs
 * @property {string} only Part of the names of the pieces of work that are asked; empty for all.
 * @property {(text: string) => void} say
 */

/** @typedef {Awaited<ReturnType<typeof runSet>>} SetReport */

/** Fits into one open segment of the default size. */
const HOT_BYTES = 12_000_000
const HOT_CONFIG = 'store: { segment_idle: 1h, segment_age: 1h, segment_bytes: 16MiB }\n'
const READERS = 10
/** A team's steady load: ten thousand lines a second in bodies of about a hundred. */
const STEADY = { bodyBytes: 35_000, perSecond: 100, seconds: 10 }

/** @param {Run} run */
export async function runSet(run) {
  const server = await startServer(path.join(run.work, 'whole'))
  try {
    const idleBytes = memoryBytes(server.pid).now
    run.say(`${run.name}: ingest of ${run.events} events`)
    const ingest = await ingestAll(server, run)
    run.say(`${run.name}: queries, sealed`)
    resetPeak(server.pid)
    const sealed = await timeQueries({ ...run, server, processes: true })
    const { peak: queryPeakBytes, now: afterBytes } = memoryBytes(server.pid)
    const hot = await whileHot(run)
    const busy = await underReaders(run)
    const memory = { idleBytes, afterBytes, queryPeakBytes, ingestPeakBytes: ingest.peakBytes }
    const { name, events, fileBytes } = run
    return { name, events, fileBytes, ingest, memory, queries: { sealed, hot }, busy, data: server.data }
  } finally {
    await server.stop()
  }
}

/** @param {MeasuredServer} server @param {Run} run */
export async function ingestAll(server, run) {
  const before = cpuSeconds(server.pid)
  const sent = await send(server, run.set, run)
  const ackedCpuS = cpuSeconds(server.pid) - before
  const start = performance.now()
  await server.client.seal()
  const sealMs = performance.now() - start
  await server.quiet()
  const cpuS = cpuSeconds(server.pid) - before
  return {
    ...sent,
    ackedCpuS,
    cpuS,
    sealMs,
    linesPerCpuS: run.events / cpuS,
    linesPerS: run.events / (sent.wallMs / 1000),
    linesPerSSealed: run.events / ((sent.wallMs + sealMs) / 1000),
    peakBytes: memoryBytes(server.pid).peak,
    disk: await folderSize(server.data),
  }
}

/** Queries on what one open segment holds. @param {Run} run */
async function whileHot(run) {
  run.say(`${run.name}: queries, hot`)
  const server = await startServer(path.join(run.work, 'hot'), HOT_CONFIG)
  try {
    await send(server, run.set, { ...run, mostBytes: HOT_BYTES })
    const asked = { ...run, set: { ...run.set, days: Number.POSITIVE_INFINITY } }
    const found = await timeQueries({ ...asked, server, processes: false })
    // A part of the data has a part of the answers.
    for (const answered of Object.values(found)) delete answered.wrong
    return found
  } finally {
    await server.stop()
  }
}

/** Acks while ten readers ask, at full and at steady load; and queries one at a time while it ingests and seals. */
async function underReaders(/** @type {Run} */ run) {
  const server = await startServer(path.join(run.work, 'busy'))
  const part = Math.max(run.fileBytes / 4, Math.min(run.fileBytes, 2_000_000))
  try {
    run.say(`${run.name}: queries while it ingests and seals`)
    const one = await withReaders(server, { set: run.name, only: run.only, loops: 1 }, async () => {
      await send(server, run.set, { ...run, mostBytes: part })
      await server.client.seal()
    })
    run.say(`${run.name}: acks while ${READERS} readers ask`)
    const ten = { set: run.name, only: run.only, loops: READERS }
    const full = await withReaders(server, ten, () => send(server, run.set, { ...run, mostBytes: part }))
    const { bodyBytes, perSecond, seconds } = STEADY
    const mostBytes = Math.min(part, bodyBytes * perSecond * seconds)
    // A push of the file is large: three a second are as many lines.
    const pace = run.set.bodyPerLine ? 3 : perSecond
    const steady = await withReaders(server, ten, () =>
      send(server, run.set, { ...run, bodyBytes, perSecond: pace, mostBytes }),
    )
    return { sealing: one.load, full, steady }
  } finally {
    await server.stop()
  }
}
