// Pruning by itself goes on turn after turn, only while it is wanted, and through failures.
import { expect, test } from 'vitest'
import type { StoreStatus } from '#logctl/record/store-status.js'
import { startAutoPrune } from '#logctl/upkeep/auto-prune.js'
import type { Prunable } from '#logctl/upkeep/prune.js'

const DAY = { day: '2025-01-01', records: 1, bytes: 1 } as unknown as Awaited<
  ReturnType<Prunable['drop']>
>[number]

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 1))
}

test('off, failing, then pruning, until it is stopped', async () => {
  let ageMs: number | undefined
  let isBroken = true
  let turns = 0
  const told: string[] = []
  const store: Prunable = {
    daysOnDisk: async () => {
      turns += 1
      return isBroken ? Promise.reject(new Error('no disk')) : [DAY]
    },
    drop: async () => [DAY],
    status: async () => ({}) as StoreStatus,
  }
  const stop = startAutoPrune({
    store,
    ageMs: () => ageMs,
    nowMs: () => Date.parse('2025-03-01'),
    everyMs: 1,
    pruned: ({ dropped }) => told.push(`pruned ${dropped.length}`),
    failed: (message) => told.push(message),
  })
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(turns).toBe(0)
  ageMs = 1
  await until(() => told.includes('no disk'))
  isBroken = false
  await until(() => told.includes('pruned 1'))
  await stop()
  const after = turns
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(turns).toBe(after)
})
