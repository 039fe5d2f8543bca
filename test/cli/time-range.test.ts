// The stretch of time that flags name.
import { expect, test } from 'vitest'
import { timeRange } from '#logctl/cli/time-range.js'

const NOW = Date.parse('2025-01-11T12:00:00Z')

test.each([
  [{}, {}],
  [{ since: '2h' }, { from: '2025-01-11T10:00:00.000000000Z' }],
  [{ since: '2025-01-10' }, { from: '2025-01-10T00:00:00.000000000Z' }],
  [{ from: '2025-01-11T09:30:00.5+02:00' }, { from: '2025-01-11T07:30:00.500000000Z' }],
  [{ to: 'now' }, { to: '2025-01-11T12:00:00.000000000Z' }],
  [{ date: '2025-01-31' }, { from: '2025-01-31T00:00:00.000000000Z', to: '2025-02-01T00:00:00.000000000Z' }],
])('%j is %j', (flags, range) => expect(timeRange(flags, NOW)).toEqual(range))

test.each([{ since: 'soon' }, { date: '2025-02-29' }, { from: '1h', to: '2h' }, { from: 'now', to: 'now' }])(
  '%j is refused',
  (flags) =>
    expect(() => timeRange(flags, NOW)).toThrow(expect.objectContaining({ code: 'TIME_INVALID', exit: 2 })),
)
