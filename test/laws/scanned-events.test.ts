// The scanner is JavaScript's equal: whatever a body holds, both answer, store and count the same.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CONTEXTS, bodies, expectEqual } from './scanned-events.js'

test('thousands of bodies, several to a segment', () => {
  let taken = 0
  const given = fc.array(fc.record({ body: bodies, context: fc.constantFrom(...CONTEXTS) }), {
    minLength: 1,
    maxLength: 4,
  })
  fc.assert(
    fc.property(given, (requests) => {
      taken += expectEqual(requests)
    }),
    { numRuns: 4_000 },
  )
  // Most lines are odd on purpose; if the scanner took none, nothing would be tested.
  expect(taken).toBeGreaterThan(5_000)
}, 600_000)
