// Reading on from run to run gives every record exactly once, whatever arrives late, and wherever a run ends.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { pagedScanner } from '#logctl/query/paged-scanner.js'
import { readOn, type ReadingCursor } from '#logctl/query/passes.js'
import type { StoredRecord } from '#logctl/record/record.js'
import { timestampOfMs } from '#logctl/record/time.js'
import { memoryScanner } from '../laws/memory-scanner.js'

const DAY_MS = 86_400_000

type Step =
  | { readonly kind: 'arrives'; readonly hours: number; readonly count: number }
  | { readonly kind: 'run'; readonly limit: number | undefined; readonly stopAfter: number }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('arrives' as const),
      hours: fc.integer({ min: 0, max: 60 }),
      count: fc.integer({ min: 1, max: 5 }),
    }),
    fc.record({
      kind: fc.constant('run' as const),
      limit: fc.option(fc.integer({ min: 1, max: 7 }), { nil: undefined }),
      stopAfter: fc.integer({ min: 1, max: 4 }),
    }),
  ),
  { maxLength: 25 },
)

test('nothing is lost or repeated', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 4 }), async (all, page) => {
      const memory = memoryScanner(3)
      const scanner = pagedScanner(memory, page)
      let cursor: ReadingCursor = { sequence: 0 }
      let appended = 0
      const read: number[] = []

      const run = async (limit: number | undefined, stopAfter: number): Promise<void> => {
        let pieces = 0
        for await (const piece of readOn(scanner, { where: [], cursor, limit })) {
          read.push(...piece.records.map(({ sequence }) => sequence))
          ;({ cursor } = piece)
          if (++pieces === stopAfter) return
        }
      }

      for (const step of all) {
        if (step.kind === 'run') await run(step.limit, step.stopAfter)
        else
          for (let i = 0; i < step.count; i++, appended++)
            memory.append({
              timestamp: timestampOfMs(step.hours * (DAY_MS / 24)),
              tenant: 'none',
              labels: {},
              level: 'info',
              line: `${appended}`,
              fields: {},
            })
      }
      await run(undefined, Infinity)
      expect(read).toHaveLength(appended)
      expect(new Set(read).size).toBe(appended)
    }),
    { numRuns: 200 },
  )
})

test('a cursor of other logs is refused', async () => {
  const reading = readOn(memoryScanner(3), { where: [], cursor: { sequence: 5 } })
  await expect(reading.next()).rejects.toMatchObject({ code: 'QUERY_INVALID' })
})

test('pages give what one scan gives, in both directions', async () => {
  const memory = memoryScanner(4)
  for (let i = 0; i < 100; i++)
    memory.append({
      timestamp: timestampOfMs((i % 7) * 10_000_000 * 3),
      tenant: 'none',
      labels: {},
      level: 'info',
      line: `${i}`,
      fields: {},
    })
  const from = timestampOfMs(30_000_000)
  for (const direction of ['forward', 'backward'] as const)
    for (const limit of [undefined, 1, 10, 60])
      for (const page of [1, 7, 1000]) {
        const request = { where: [], direction, from, ...(limit === undefined ? {} : { limit }) }
        const all = await flat(memory.scan(request))
        expect(all.length).toBeGreaterThan(0)
        expect(await flat(pagedScanner(memory, page).scan(request))).toEqual(all)
      }
})

async function flat(pieces: AsyncIterable<readonly StoredRecord[]>): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  for await (const piece of pieces) records.push(...piece)
  return records
}
