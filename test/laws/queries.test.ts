// Queries answer alike whatever holds the records: random ones, over the memory scanner and embedded stores in every
// state, against the judge of queries.
import * as fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { LogRecord } from '#logctl/record/record.js'
import { canonicalLabels } from '#logctl/record/labels.js'
import type { Scanner } from '#logctl/record/scanner.js'
import { completeRecords, logQuery, metricQuery, queriedRecords, when } from '../query/arbitrary-query.js'
import { judgeLog, judgeMetric } from '../query/judge-queries.js'
import { openHot, openMixed, openSealed } from './embedded-states.js'
import { memoryScanner } from './memory-scanner.js'
import { collect } from './reading.js'
import type { OpenStore } from './store.js'

/** As a door gives them. */
const records = fc
  .oneof(queriedRecords, completeRecords)
  .map((some) => some.map((record): LogRecord => ({ ...record, labels: canonicalLabels(record.labels) })))
const direction = fc.constantFrom('forward' as const, 'backward' as const)
const limit = fc.constantFrom(1, 5, 1000)

/** Leaves every aggregation to the pipeline. */
const refusing: Scanner['aggregate'] = () => Promise.resolve({ series: [], unreadable: true })

test('over the memory scanner, aggregated there and by the pipeline', async () => {
  const seen = { answered: 0, empty: 0, refused: 0, unseen: 0 }
  await fc.assert(
    fc.asyncProperty(records, metricQuery, when, async (some, query, when) => {
      const scanner = memoryScanner(7)
      const stored = scanner.append(...some)
      seen[await judgeMetric(scanner, stored, { query, when })]++
      await judgeMetric({ ...scanner, aggregate: refusing }, stored, { query, when })
    }),
    { numRuns: 1000 },
  )
  expect(seen.answered).toBeGreaterThan(100)
  expect(seen.refused).toBeGreaterThan(5)
  expect(seen.unseen).toBeGreaterThan(0)
})

const STATES = { hot: openHot, sealed: openSealed, 'hot and sealed': openMixed } as const

describe.each(Object.entries(STATES))('over a store that is %s', (_, open) => {
  const opened: OpenStore[] = []
  afterAll(async () => {
    for (const { cleanup } of opened) await cleanup()
  })

  /** Opening costs more than asking: each store answers many queries. */
  test('many queries of each store', async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.array(fc.record({ query: metricQuery, when }), { minLength: 40, maxLength: 40 }),
        fc.array(fc.record({ query: logQuery, direction, limit }), { minLength: 10, maxLength: 10 }),
        async (some, metrics, logs) => {
          const one = await open()
          opened.push(one)
          const third = Math.ceil(some.length / 3)
          for (let at = 0; at < some.length; at += third)
            await one.store.append({ records: some.slice(at, at + third) })
          const stored = await collect(one.store)
          for (const asked of metrics) await judgeMetric(one.store, stored, asked)
          for (const { query, ...request } of logs) await judgeLog(one.store, stored, { query, request })
        },
      ),
      { numRuns: 8, endOnFailure: true },
    )
  })
})
