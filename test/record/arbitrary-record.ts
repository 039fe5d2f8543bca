// Random records, built from few and awkward texts so that conditions meet them often.
import * as fc from 'fast-check'
import { LEVELS } from '#logctl/record/level.js'
import type { LogRecord } from '#logctl/record/record.js'
import { timestampOfMs } from '#logctl/record/time.js'

/** Short texts with what JSON escapes, what regular expressions mean, and what is a number or a boolean. */
export const awkwardText = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'boom',
    'Boom',
    'web',
    'error',
    'true',
    '42',
    '-0.5',
    '1e+21',
    'a"b',
    'a\\b',
    'a\nb',
    'é',
    '😀',
    '\ud83d',
  ),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
)

export const labelName = fc.constantFrom(
  'tenant',
  'level',
  'detected_level',
  'source',
  'app',
  'toString',
  '__proto__x',
  'é',
)

export const record: fc.Arbitrary<LogRecord> = fc.record({
  timestamp: fc.integer({ min: 0, max: 200_000 }).map((ms) => timestampOfMs(1_736_586_000_000 + ms)),
  tenant: fc.constantFrom('none', 'web', 'a"b', 'boom'),
  labels: fc.dictionary(labelName, awkwardText, { maxKeys: 3 }),
  level: fc.constantFrom(...LEVELS),
  line: fc.array(awkwardText, { maxLength: 3 }).map((parts) => parts.join(' ')),
  fields: fc.dictionary(
    awkwardText,
    fc.oneof(
      awkwardText,
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(42, 1e21, -0),
    ),
    { maxKeys: 3 },
  ),
})
