// Pruning drops what the plan says, and nothing when the clock looks wrong.
import { expect, test } from 'vitest'
import type { Day } from '#logctl/record/time.js'
import type { DayOnDisk, StoreStatus } from '#logctl/record/store-status.js'
import { type Prunable, prune, rehearsePrune } from '#logctl/upkeep/prune.js'

const NOW = Date.parse('2025-02-10T12:00:00Z')
const REQUEST = { olderThanMs: 30 * 86_400_000, nowMs: NOW, force: false }

/** A store of two days whose drops are noted. */
function storeOf(newestArrival: string | undefined): { store: Prunable; calls: string[] } {
  const calls: string[] = []
  let days: DayOnDisk[] = [
    { day: '2025-01-01' as Day, records: 5, bytes: 500 },
    { day: '2025-02-10' as Day, records: 7, bytes: 700 },
  ]
  return {
    calls,
    store: {
      async daysOnDisk() {
        return days
      },
      async drop(dropped) {
        calls.push(`drop ${dropped.join(' ')}`)
        const gone = days.filter(({ day }) => dropped.includes(day))
        days = days.filter((day) => !gone.includes(day))
        return gone
      },
      async status() {
        return { newest_arrival: newestArrival } as StoreStatus
      },
    },
  }
}

test('what is old goes', async () => {
  const { store, calls } = storeOf('2025-02-10T11:00:00Z')
  expect(await prune(store, REQUEST)).toEqual({
    cutoff: '2025-01-11T12:00:00.000000000Z',
    dropped: [{ day: '2025-01-01', records: 5, bytes: 500, why: 'ended 39 days ago' }],
    bytes: 500,
    dry_run: false,
  })
  expect(calls).toEqual(['drop 2025-01-01'])
  expect((await prune(store, REQUEST)).dropped).toEqual([])
})

test('a rehearsal says the same and touches nothing', async () => {
  const { store, calls } = storeOf('2025-02-10T11:00:00Z')
  const rehearsed = await rehearsePrune(store, REQUEST)
  expect(calls).toEqual([])
  expect(rehearsed).toEqual({ ...(await prune(store, REQUEST)), dry_run: true })
})

test('a clock more than 48 hours ahead of the newest log stops it, unless forced', async () => {
  const { store, calls } = storeOf('2025-02-08T11:59:59.999Z')
  await expect(prune(store, REQUEST)).rejects.toMatchObject({ code: 'CLOCK_JUMPED', exit: 3 })
  await expect(rehearsePrune(store, REQUEST)).rejects.toMatchObject({ code: 'CLOCK_JUMPED' })
  expect(calls.filter((call) => call.startsWith('drop'))).toEqual([])
  expect((await prune(store, { ...REQUEST, force: true })).dropped).toHaveLength(1)
})

test('48 hours to the millisecond are taken, and so is a store where nothing is to go', async () => {
  const { store } = storeOf('2025-02-08T12:00:00Z')
  expect((await prune(store, REQUEST)).dropped).toHaveLength(1)
  const silent = storeOf('2024-01-01T00:00:00Z')
  expect((await prune(silent.store, { ...REQUEST, olderThanMs: 1e12 })).dropped).toEqual([])
})
