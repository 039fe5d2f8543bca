// Random queries over random records answer what the judge answers; the long run of the same stands among the laws.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Scanner } from '#logctl/record/scanner.js'
import { memoryScanner } from '../laws/memory-scanner.js'
import { logQuery, metricQuery, queriedRecords, when } from './arbitrary-query.js'
import { judgeLog, judgeMetric } from './judge-queries.js'

/** A scanner that leaves every aggregation to the pipeline. */
const refusing: Scanner['aggregate'] = () => Promise.resolve({ series: [], unreadable: true })

const records = queriedRecords

test('metric queries', async () => {
  const seen = { answered: 0, empty: 0, refused: 0, unseen: 0 }
  await fc.assert(
    fc.asyncProperty(records, metricQuery, when, async (some, query, when) => {
      const scanner = memoryScanner(4)
      const stored = scanner.append(...some)
      seen[await judgeMetric(scanner, stored, { query, when })]++
      await judgeMetric({ ...scanner, aggregate: refusing }, stored, { query, when })
    }),
    { numRuns: 40 },
  )
  expect(seen.answered).toBeGreaterThan(0)
})

test('log queries', async () => {
  const direction = fc.constantFrom('forward' as const, 'backward' as const)
  const limit = fc.constantFrom(1, 3, 100)
  await fc.assert(
    fc.asyncProperty(records, logQuery, direction, limit, async (some, query, direction, limit) => {
      const scanner = memoryScanner(4)
      const stored = scanner.append(...some)
      await judgeLog(scanner, stored, { query, request: { direction, limit } })
    }),
    { numRuns: 40 },
  )
})
