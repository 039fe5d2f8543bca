// Where nothing is said, numbers are of the last hour at whole moments that a person can read.
import { expect, test } from 'vitest'
import { metricTime, momentsOf } from '#logctl/cli/metric-time.js'

const NOW_MS = Date.UTC(2025, 0, 11, 12, 0, 0) - 300

test('the last hour, a minute apart, with the second that is not over', () => {
  const request = metricTime({}, NOW_MS)
  expect(request).toEqual({
    from: '2025-01-11T11:00:00.000000000Z',
    to: '2025-01-11T12:00:00.000000000Z',
    stepNs: 60_000_000_000n,
  })
  expect(momentsOf(request)).toHaveLength(61)
})

test.each([
  [{ since: '6h' }, 600],
  [{ since: '24h' }, 1800],
  [{ since: '90d' }, 2 * 86_400],
  [{ since: '10s' }, 1],
  [{ date: '2025-01-11' }, 1800],
  [{ since: '1h', step: '90s' }, 90],
])('%j is stepped by %d s', (flags, seconds) => {
  expect(metricTime(flags, NOW_MS)).toMatchObject({ stepNs: BigInt(seconds) * 1_000_000_000n })
})

test('--to alone ends an hour; --now is one moment', () => {
  expect(metricTime({ to: '2025-01-02' }, NOW_MS)).toMatchObject({ from: '2025-01-01T23:00:00.000000000Z' })
  expect(metricTime({ now: '1h' }, NOW_MS)).toEqual({ at: '2025-01-11T11:00:00.000000000Z' })
})

test('a step that is none', () => {
  expect(() => metricTime({ step: 'often' }, NOW_MS)).toThrow('"often" is not a duration')
})
