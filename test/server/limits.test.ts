// The limits that need no HTTP to be judged: buckets, byte budget, streams, and work in turn.
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { byteBudget } from '#logctl/server/byte-budget.js'
import { gate } from '#logctl/server/gate.js'
import { createStreamLimit } from '#logctl/server/ingest/stream-limit.js'
import type { LogRecord } from '#logctl/record/record.js'
import { createRateLimit } from '#logctl/server/rate-limit.js'
import { keyNamed } from './running-server.js'

const caller = (id: string) => ({ key: keyNamed(id), peer: '', local: false })
const limits = {
  enabled: true,
  default_rps: 10,
  burst: 20,
  bytes_per_second: undefined,
  events_per_second: undefined,
}

describe('rate', () => {
  test('never more than burst + rate × time pass, and after a pause always one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 300 }), (pauses) => {
        const limit = createRateLimit()
        let nowMs = 1_000_000
        let passed = 0
        for (const pause of pauses) {
          nowMs += pause
          try {
            limit.takeRequest(caller('k'), limits, nowMs)
            passed += 1
          } catch (error) {
            expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterS: 1 })
          }
        }
        expect(passed).toBeLessThanOrEqual(20 + ((nowMs - 1_000_000) / 1000) * 10 + 1e-6)
        limit.takeRequest(caller('k'), limits, nowMs + 1000)
      }),
    )
  })

  test('a clock set back neither frees nor blocks for ever', () => {
    const limit = createRateLimit()
    for (let n = 0; n < 20; n += 1) limit.takeRequest(caller('k'), limits, 5000)
    expect(() => limit.takeRequest(caller('k'), limits, 1000)).toThrow()
    limit.takeRequest(caller('k'), limits, 1200)
  })

  test('a request larger than a second’s share passes once, the next waits for the debt', () => {
    const limit = createRateLimit()
    const perSecond = { ...limits, bytes_per_second: 100 }
    limit.takeContent(caller('k'), { bytes: 250, events: 1 }, perSecond, 0)
    expect(() => limit.takeContent(caller('k'), { bytes: 1, events: 1 }, perSecond, 1000)).toThrow(/bytes/)
    limit.takeContent(caller('k'), { bytes: 1, events: 1 }, perSecond, 2000)
  })

  test('off means off', () => {
    const limit = createRateLimit()
    for (let n = 0; n < 100; n += 1) limit.takeRequest(caller('k'), { ...limits, enabled: false }, 0)
  })
})

test('the byte budget is what is taken, and a single request always fits', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), fc.integer({ min: 1, max: 60 }), fc.boolean())), (steps) => {
      const budget = byteBudget(100)
      const leases = Array.from({ length: 5 }, () => ({ lease: budget.lease(), taken: 0 }))
      for (const [which, bytes, release] of steps) {
        const mine = leases[which]
        if (!mine) continue
        if (release) {
          mine.lease.release()
          mine.taken = 0
          continue
        }
        const others = leases.reduce((sum, { taken }) => sum + taken, 0) - mine.taken
        const fits = others + mine.taken + bytes <= 100 || others === 0
        if (!fits) expect(() => mine.lease.take(bytes)).toThrow(/in flight/)
        else {
          mine.lease.take(bytes)
          mine.taken += bytes
        }
        expect(budget.inUse()).toBe(leases.reduce((sum, { taken }) => sum + taken, 0))
      }
    }),
  )
})

function recordOf(tenant: string, day: number, stream: number): LogRecord {
  const timestamp = `2025-01-${String(day).padStart(2, '0')}T00:00:00.000000000Z` as LogRecord['timestamp']
  return {
    timestamp,
    tenant,
    labels: { app: `a${stream}`, service_name: 's' },
    level: 'info',
    line: 'x',
    fields: { app: 'own' },
  }
}

test('a tenant’s day has at most so many streams, and those it has stay', () => {
  const limit = createStreamLimit()
  const first = limit.apply(
    [1, 2, 3].map((n) => recordOf('t', 1, n)),
    2,
  )
  expect(first.stripped).toBe(1)
  expect(first.records[2]).toMatchObject({ labels: { service_name: 's' }, fields: { app: 'own' } })
  expect(limit.apply([recordOf('t', 1, 2), recordOf('u', 1, 3), recordOf('t', 2, 3)], 2).stripped).toBe(0)
  expect(limit.apply([recordOf('t', 1, 4)], 2).stripped).toBe(1)
  expect(limit.apply([recordOf('t', 1, 4)], 3).stripped).toBe(0)
})

test('a gate lets so many in, in order, also past failures', async () => {
  const enter = gate(2)
  let inside = 0
  const order: number[] = []
  const work = (n: number) =>
    enter(async () => {
      inside += 1
      expect(inside).toBeLessThanOrEqual(2)
      order.push(n)
      await new Promise((resolve) => void setTimeout(resolve, 5))
      inside -= 1
      if (n === 1) throw new Error('one')
    }).catch(() => {})
  await Promise.all([0, 1, 2, 3, 4].map(work))
  expect(order).toEqual([0, 1, 2, 3, 4])
})
