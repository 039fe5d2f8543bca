// The fast reader of times is the slow one of record/time with a memory: both must give the same, in any order.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readTime } from '#logctl/decode/event-time.js'
import { timestampOfValue } from '#logctl/record/time.js'

const two = (most: number): fc.Arbitrary<string> => fc.nat(most).map((n) => String(n).padStart(2, '0'))
const written = fc
  .tuple(
    fc.constantFrom('2025-01-11T09:30:', '2025-01-11T09:31:', '2025-12-31T23:59:', '2025-01-11 09:30:'),
    fc.oneof(two(61), fc.constant('5x')),
    fc.oneof(fc.constant(''), fc.constant('.'), fc.stringMatching(/^[.,]\d{1,11}$/), fc.constant('.1a')),
    fc.constantFrom('Z', 'z', '', '+00:00', '-05:00', '+05:30', '+0530', '-23:59', ' Z'),
  )
  .map((parts) => parts.join(''))

it('gives what timestampOfValue gives', () => {
  const value = fc.oneof(
    written,
    written,
    fc.double(),
    fc.integer(),
    fc.nat(2 ** 50),
    fc.string(),
    fc.boolean(),
  )
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
      for (const one of values) expect([one, readTime(one)]).toEqual([one, timestampOfValue(one)])
    }),
    { numRuns: 3000 },
  )
})
