// Random conditions that random records meet often.
import * as fc from 'fast-check'
import { LEVELS } from '#logctl/record/level.js'
import type { Condition } from '#logctl/record/scan-request.js'
import { arbitraryPattern, isValid } from './arbitrary-pattern.js'
import { awkwardText, labelName } from './arbitrary-record.js'

const pattern = fc.oneof(
  awkwardText.map((text) => text.replace(/[\\.+*?()|[\]{}^$\ud83d]/g, '.')),
  arbitraryPattern.filter(isValid),
  fc.constantFrom('bo+m', '(?i)boom', 'a.b', 'true|42', '^b(oo)m$', 'o{2}'),
)
export const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('label' as const),
    name: labelName,
    op: fc.constantFrom('=', '!='),
    value: awkwardText,
  }),
  fc.record({
    kind: fc.constant('label' as const),
    name: labelName,
    op: fc.constantFrom('=~', '!~'),
    value: pattern,
  }),
  fc.record({
    kind: fc.constant('line' as const),
    op: fc.constantFrom('|=', '!='),
    values: fc.array(awkwardText, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('line' as const),
    op: fc.constantFrom('|~', '!~'),
    values: fc.array(pattern, { minLength: 1, maxLength: 2 }),
  }),
  fc.boolean().chain((literal) =>
    fc.record({
      kind: fc.constant('text' as const),
      literal: fc.constant(literal),
      pattern: literal ? awkwardText : pattern,
      ignoreCase: fc.boolean(),
      invert: fc.boolean(),
    }),
  ),
  fc.record({ kind: fc.constant('level' as const), anyOf: fc.subarray([...LEVELS]) }),
)
