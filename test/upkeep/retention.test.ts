// Which days an age sends away, to the millisecond.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, type Day } from '#logctl/record/time.js'
import { planPrune } from '#logctl/upkeep/retention.js'

const DAY_MS = 86_400_000
const on = (day: string): { day: Day; records: number; bytes: number } => ({
  day: day as Day,
  records: 1,
  bytes: 10,
})
const midnight = Date.parse('2025-02-10T00:00:00Z')

test('a day goes when its next midnight is as old as the age, and not a millisecond before', () => {
  const days = [on('2025-01-09'), on('2025-01-10'), on('2025-01-11')]
  const dropped = (nowMs: number): string[] =>
    planPrune(days, { olderThanMs: 30 * DAY_MS, nowMs }).drop.map(({ day }) => day)
  expect(dropped(midnight)).toEqual(['2025-01-09', '2025-01-10'])
  expect(dropped(midnight - 1)).toEqual(['2025-01-09'])
  expect(dropped(midnight + DAY_MS - 1)).toEqual(['2025-01-09', '2025-01-10'])
})

test('an age of nothing drops all that ended, never today', () => {
  const plan = planPrune([on('2025-02-09'), on('2025-02-10')], { olderThanMs: 0, nowMs: midnight + 1 })
  expect(plan.drop.map(({ day }) => day)).toEqual(['2025-02-09'])
  expect(plan.keep.map(({ day }) => day)).toEqual(['2025-02-10'])
  expect(plan.cutoff).toBe('2025-02-10T00:00:00.001000000Z')
})

test('an age beyond all time drops nothing', () => {
  const plan = planPrune([on('1999-01-01')], { olderThanMs: 1e18, nowMs: midnight })
  expect(plan.drop).toEqual([])
})

test('why says how long ago the day ended', () => {
  const plan = planPrune([on('2025-01-01'), on('2025-02-09')], {
    olderThanMs: 0,
    nowMs: midnight + 3_600_000,
  })
  expect(plan.drop.map(({ why }) => why)).toEqual(['ended 39 days ago', 'ended 1 h ago'])
})

test('every day is dropped or kept, and no record younger than the age is dropped', () => {
  const days = fc.uniqueArray(
    fc.integer({ min: 0, max: 400 }).map((n) => on(addDays('2025-01-01' as Day, n))),
    {
      selector: ({ day }) => day,
    },
  )
  const age = fc.integer({ min: 0, max: 500 * DAY_MS })
  const now = fc.integer({ min: Date.parse('2025-01-01'), max: Date.parse('2026-06-01') })
  fc.assert(
    fc.property(days, age, now, (given, olderThanMs, nowMs) => {
      const { drop, keep } = planPrune(given, { olderThanMs, nowMs })
      expect([...drop, ...keep].map(({ day }) => day).sort()).toEqual(given.map(({ day }) => day).sort())
      for (const { day } of drop)
        expect(nowMs - Date.parse(`${day}T23:59:59.999Z`)).toBeGreaterThan(olderThanMs)
      for (const { day } of keep)
        expect(nowMs - Date.parse(`${day}T23:59:59.999Z`)).toBeLessThanOrEqual(olderThanMs)
    }),
  )
})
