// The law of aggregates: whatever is asked about whatever is stored, an answer is what its definition gives.
import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { AggregateRequest, Measure, NumberSource } from '#logctl/record/aggregate-request.js'
import type { StoredRecord } from '#logctl/record/record.js'
import type { Condition } from '#logctl/record/scan-request.js'
import type { Scanner } from '#logctl/record/scanner.js'
import { type Timestamp, nsOf, timestampOfNs } from '#logctl/record/time.js'
import { condition } from '../record/arbitrary-condition.js'
import { naiveAggregate } from './naive-aggregate.js'

/** A number as far as the order of additions lets it be compared. */
function rounded(value: number): number | string {
  return Number.isFinite(value)
    ? Math.abs(value) < 1e-300
      ? 0
      : Number(value.toPrecision(9))
    : String(value)
}

function inOrder(rows: readonly (readonly [string, number, number])[]): unknown[] {
  return rows
    .toSorted(([a, i], [b, j]) => (a === b ? i - j : a < b ? -1 : 1))
    .map(([labels, window, value]) => [labels, window, rounded(value)])
}

export async function agreeOnAggregate(
  scanner: Pick<Scanner, 'aggregate'>,
  records: readonly StoredRecord[],
  request: AggregateRequest,
): Promise<void> {
  const { series, unreadable } = await scanner.aggregate(request)
  const expected = naiveAggregate(records, request)
  if (expected === 'unreadable')
    return expect({ request, unreadable, series }).toEqual({ request, unreadable: true, series: [] })
  const found = series.flatMap(({ labels, points }) =>
    points.map(([window, value]) => [JSON.stringify(Object.entries(labels)), window, value] as const),
  )

  expect({ request, unreadable, found: inOrder(found) }).toEqual({
    request,
    unreadable: false,
    found: inOrder(expected),
  })
  const keys = series.map(({ labels }) => JSON.stringify(labels))
  expect(keys).toEqual(keys.toSorted())
}

const HOUR = 3_600_000_000_000n

/** Requests about records: names that they have, and windows that begin and end at their moments. */
export function aggregatesAbout(
  records: readonly StoredRecord[],
  conditionAbout: fc.Arbitrary<Condition>,
): fc.Arbitrary<AggregateRequest> {
  const names = [
    ...new Set(records.flatMap(({ labels, fields }) => [...Object.keys(labels), ...Object.keys(fields)])),
    'detected_level',
    'tenant',
    'level',
    'absent',
  ]
  const name = fc.constantFrom(...names)
  const source: fc.Arbitrary<NumberSource> = fc.record({
    name,
    reading: fc.constantFrom('number', 'number', 'duration', 'bytes'),
    unreadable: fc.constantFrom('dropped', 'dropped', 'dropped', 'kept'),
  })
  const measure: fc.Arbitrary<Measure> = fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('count', 'bytes') }) },
    fc.record({
      kind: fc.constantFrom('sum', 'avg', 'min', 'max', 'stddev', 'stdvar', 'first', 'last'),
      of: source,
    }),
    fc.record({
      kind: fc.constant('quantile'),
      q: fc.constantFrom(0, 0.25, 0.5, 0.99, 1, -1, 2),
      of: source,
    }),
  )
  const moment = fc
    .tuple(fc.constantFrom(...records.map(({ timestamp }) => nsOf(timestamp))), fc.constantFrom(-1n, 0n, 1n))
    .map(([ns, off]) => ns + off)
  const length = fc.oneof(
    fc.constantFrom(1n, 2n, 1_000n, 1_000_000n, 60_000_000_000n, HOUR, HOUR * 24n, HOUR * 24n * 365n),
    fc.bigInt({ min: 1n, max: HOUR * 100n }),
  )
  const windows = fc
    .tuple(moment, length, length, fc.integer({ min: 1, max: 12 }), fc.boolean())
    .map(([ns, stepNs, rangeNs, count, wholeHours]) => {
      const first = wholeHours ? ns - (((ns % HOUR) + HOUR) % HOUR) : ns
      const wide = rangeNs / stepNs > 1_000n ? stepNs * 1_000n : rangeNs
      return { first: timestampOfNs(first) as Timestamp, stepNs, rangeNs: wide, count }
    })
  const request = fc.record({
    where: fc.array(fc.oneof(condition, conditionAbout, aboutEntry(records, name)), { maxLength: 2 }),
    tenants: fc.option(fc.subarray(['none', 'web', 'boom', 'absent']), { nil: undefined, freq: 6 }),
    sequenceAbove: fc.option(fc.integer({ min: 0, max: records.length }), { nil: undefined, freq: 8 }),
    sequenceUpTo: fc.option(fc.integer({ min: 0, max: records.length }), { nil: undefined, freq: 8 }),
    measure,
    lines: fc.option(fc.constant('json' as const), { nil: undefined, freq: 3 }),
    windows: fc.option(windows, { nil: undefined }),
    group: fc.oneof(
      fc
        .uniqueArray(fc.record({ view: fc.constantFrom('stream', 'entry', 'label'), name }), {
          maxLength: 2,
          selector: (one) => one.name,
        })
        .map((by) => ({ by })),
      fc.subarray(names).map((without) => ({ without })),
    ),
    maxSeries: fc.constant(1_000),
  })
  return request.chain((asked) => {
    const sent = fc.subarray([...namesIn(asked), ...names.slice(0, 1), 'detected_level'], {
      minLength: 1,
      maxLength: 2,
    })
    return fc.option(sent, { nil: undefined, freq: 1 }).map((some) => Object.assign(asked, { sent: some }))
  })
}

/** What a request looks at is what its records must have. */
function namesIn({ measure, where, group }: AggregateRequest): string[] {
  const compared = where.flatMap((one): readonly Condition[] => (one.kind === 'any' ? one.of : [one]))
  return [
    ...('of' in measure ? [measure.of.name] : []),
    ...compared.flatMap((one) => ('name' in one ? [one.name] : [])),
    ...('by' in group ? group.by.map(({ name }) => name) : []),
  ]
}

/** Conditions on labels, levels and fields as entries have them, with values that are there. */
export function aboutEntry(
  records: readonly StoredRecord[],
  name: fc.Arbitrary<string>,
): fc.Arbitrary<Condition> {
  const value = fc.oneof(
    fc.constantFrom(
      '',
      ...records
        .flatMap(({ fields, labels }) => [...Object.values(fields), ...Object.values(labels)])
        .map(String),
    ),
  )
  const missing = fc.constantFrom(undefined, undefined, 'kept' as const)
  const one = fc.oneof(
    fc.record({ kind: fc.constant('field'), name, op: fc.constantFrom('=', '!='), value, missing }),
    fc.record({
      kind: fc.constant('field'),
      name,
      missing,
      op: fc.constantFrom('=~', '!~'),
      value: value.map((text) => `.*${text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '.')}|[0-9]+`),
    }),
    fc.record({
      kind: fc.constant('number'),
      name,
      reading: fc.constantFrom('number', 'number', 'duration', 'bytes'),
      op: fc.constantFrom('==', '!=', '>', '>=', '<', '<='),
      value: fc.constantFrom(0, 1, 42, 42.5, -1, 500, 1e300),
      unreadable: fc.constantFrom('kept', 'dropped'),
      missing,
    }),
  )
  return fc.oneof(
    { weight: 3, arbitrary: one },
    fc.record({ kind: fc.constant('any'), of: fc.array(one, { minLength: 1, maxLength: 3 }) }),
  )
}
