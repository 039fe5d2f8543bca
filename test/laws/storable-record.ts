// Random records as a door gives them to a store: well-formed texts, canonical labels; with everything awkward that
// may still be in them.
import * as fc from 'fast-check'
import { canonicalLabels } from '#logctl/record/labels.js'
import type { LogRecord, Scalar } from '#logctl/record/record.js'
import { timestampOfNs } from '#logctl/record/time.js'
import { awkwardText, record } from '../record/arbitrary-record.js'

/** Names that meet our own columns, differ in case, or mean something in SQL, JSON or JavaScript. */
const AWKWARD_NAMES = [
  '_time', '_line', '_more', '_x', 'date', 'Date', 'status', 'Status', 'STATUS', 'constructor', '__proto__', '',
  'a.b', 'a b', 'a"b', "a'b", 'a\\b', 'größe', '😀', 'select', 'timestamp', 'stream', 'tenant', 'labels', 'x'.repeat(300),
] // prettier-ignore

const AWKWARD_VALUES: readonly Scalar[] = [
  '', 'true', 'false', 'null', '123', '-0', '"quoted"', '{"a":1}', 'line\u2028break', 'tab\there', 'nul-like\u0001',
  '👩‍💻', "it's", '\\', '%', 'ENUM(', 0, -1, 2 ** 53 - 1, -(2 ** 53 - 1), 1e300, 5e-324, 0.1, 1.5, true, false,
] // prettier-ignore

/** Whole milliseconds, microseconds, nanoseconds; hours' first moments; before 1970 and after 2100. */
const timestamp = fc
  .oneof(
    fc.integer({ min: 0, max: 20 }).map((i) => BigInt(i) * 1_800_000_000_000n),
    fc.bigInt({ min: 0n, max: 86_400_000n }).map((ms) => ms * 1_000_000n),
    fc.bigInt({ min: 0n, max: 10n }).map((us) => us * 1_000n),
    fc.bigInt({ min: -5n, max: 5n }),
    fc.constantFrom(-1_736_553_600_000_000_000n * 2n, 86_400_000_000_000n * 30_000n),
  )
  .map((offset) => 1_736_553_600_000_000_000n + offset)

const fields = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom(...AWKWARD_NAMES), fc.constantFrom('n', 'm', 'path'), awkwardText),
      fc.oneof(
        fc.constantFrom(...AWKWARD_VALUES),
        awkwardText,
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      ),
    ),
    { maxLength: 6 },
  )
  .map(dictionaryOf)

export const storable: fc.Arbitrary<LogRecord> = fc
  .tuple(record, timestamp, fields, fc.boolean())
  .map(([base, ns, otherFields, own]) => {
    const labels = Object.entries(base.labels).map(([name, value]) => [clean(name), clean(value)] as const)
    return {
      timestamp: timestampOfNs(ns) ?? base.timestamp,
      tenant: clean(base.tenant) || 'none',
      labels: canonicalLabels(dictionaryOf(labels)),
      level: base.level,
      line: own ? JSON.stringify(otherFields) : clean(base.line),
      fields: otherFields,
    }
  })

function dictionaryOf<T extends Scalar>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const dictionary = Object.create(null) as Record<string, T>
  for (const [name, value] of entries)
    dictionary[clean(name)] = (
      typeof value === 'string' ? clean(value) : Object.is(value, -0) ? 0 : value
    ) as T
  return dictionary
}

/** What the doors leave of a text. */
function clean(text: string): string {
  return Buffer.from(text).toString().replaceAll('\0', '\ufffd')
}
