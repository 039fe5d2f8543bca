// What a query costs as the work grows: more events in a day, and the same number over thirty days.
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { writeDataSet } from './data-sets.mjs'
import { startServer } from './measured-server.mjs'
import { timeQueries } from './queries.mjs'
import { ingestAll } from './run-set.mjs'

/** @typedef {import('./data-sets.mjs').DataSet} DataSet */

const STEPS = [
  { share: 0.25, days: 1 },
  { share: 1, days: 1 },
  { share: 4, days: 1 },
  { share: 1, days: 30 },
]

/**
 * @param {Omit<import('./run-set.mjs').Run, 'file' | 'fileBytes'> & { seed: number }} run `events` is the middle size.
 * @returns {Promise<Parameters<typeof import('./report.mjs').growthText>[0]>}
 */
export async function growth(run) {
  const steps = []
  for (const { share, days } of STEPS) {
    const events = Math.round(run.events * share)
    const name = `${events / 1e6} M, ${days} d`
    const set = { ...run.set, days }
    const work = path.join(run.work, `growth-${events}-${days}`)
    const server = await startServer(work)
    try {
      const file = path.join(work, 'events.ndjson')
      run.say(`growth: ${name}`)
      await writeDataSet(set, { events, seed: run.seed, days, file })
      const ingest = await ingestAll(server, { ...run, set, events, file, fileBytes: 0 })
      const sealed = await timeQueries({ ...run, server, set, events, processes: false })
      steps.push({ name, report: { ingest, queries: { sealed, hot: {} } } })
    } finally {
      await server.stop()
    }
    await rm(work, { recursive: true })
  }
  return steps
}
