// Laws over random data: whatever is stored and whatever is asked, a store answers as the plain scanner does.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogRecord, StoredRecord } from '#logctl/record/record.js'
import type { Condition, ScanRequest } from '#logctl/record/scan-request.js'
import type { Scanner } from '#logctl/record/scanner.js'
import { type Timestamp, dayOf, nsOf, startOfDay, timestampOfNs } from '#logctl/record/time.js'
import type { Store } from '#logctl/store/store.js'
import { condition } from '../record/arbitrary-condition.js'
import { aboutEntry, aggregatesAbout, agreeOnAggregate } from './aggregate-laws.js'
import { labelsOf, select, statsOf } from './memory-scanner.js'
import { collect, stored, textsOf } from './reading.js'
import { storable } from './storable-record.js'
import type { OpenStore } from './store.js'

/** `runs` sets of records, each asked `requests` questions. */
export function randomLaws(open: () => Promise<OpenStore>, { runs = 3, requests = 25 } = {}): void {
  const seeds = Array.from({ length: runs }, (_, i) => i + 1)
  test.each(seeds)('random questions about random records, set %i', async (seed) => {
    const { store, cleanup } = await open()
    try {
      const records = await append(store, seed)
      expect(textsOf(await collect(store))).toEqual(
        textsOf(select(records, { direction: 'forward', where: [] })),
      )
      for (const request of fc.sample(requestsAbout(records), { seed, numRuns: requests })) {
        const found = textsOf(await collect(store, request))
        expect({ request, found }).toEqual({ request, found: textsOf(select(records, request)) })
      }
      const aggregates = aggregatesAbout(records, conditionAbout(records))
      for (const request of fc.sample(aggregates, { seed, numRuns: requests }))
        await agreeOnAggregate(store, records, request)
      await compareCounts(store, records, fc.sample(condition, { seed, numRuns: requests }))
    } finally {
      await cleanup()
    }
  })
}

async function append(store: Store, seed: number): Promise<StoredRecord[]> {
  const [records = []] = fc.sample(fc.array(storable, { minLength: 1, maxLength: 60 }), { seed, numRuns: 1 })
  const all: StoredRecord[] = []
  const cuts = [0, 7, 8, 20, 25, 40, records.length]
  for (const [i, from] of cuts.entries()) {
    const batch: readonly LogRecord[] = records.slice(from, cuts[i + 1] ?? records.length)
    if (batch.length > 0) all.push(...stored(batch, (await store.append({ records: batch })).firstSequence))
  }
  return all
}

function requestsAbout(records: readonly StoredRecord[]): fc.Arbitrary<ScanRequest> {
  const moments = records.flatMap(({ timestamp }) =>
    [-1n, 0n, 1n].map((ns) => timestampOfNs(nsOf(timestamp) + ns) as Timestamp),
  )
  const sequence = fc.option(fc.integer({ min: 0, max: records.length + 1 }), { nil: undefined, freq: 6 })
  const names = records.flatMap(({ labels, fields }) => [...Object.keys(labels), ...Object.keys(fields)])
  const entry = aboutEntry(records, fc.constantFrom('detected_level', 'absent', ...names))
  return fc
    .record({
      direction: fc.constantFrom('forward', 'backward'),
      where: fc.array(fc.oneof(condition, conditionAbout(records), entry), { maxLength: 2 }),
      bounds: fc.tuple(fc.option(fc.constantFrom(...moments)), fc.option(fc.constantFrom(...moments))),
      limit: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined, freq: 3 }),
      tenants: fc.option(fc.subarray(['none', 'web', 'boom', 'absent']), { nil: undefined, freq: 4 }),
      sequenceAbove: sequence,
      sequenceUpTo: sequence,
    })
    .map(({ bounds: [one, other], ...rest }) => {
      const swapped = one && other && one > other
      return Object.assign(rest, {
        from: (swapped ? other : one) ?? undefined,
        to: (swapped ? one : other) ?? undefined,
      })
    })
}

/** A search for a piece of a text that is there, as text or as a pattern. */
function conditionAbout(records: readonly StoredRecord[]): fc.Arbitrary<Condition> {
  const texts = records.flatMap(({ line, fields }) => [line, ...Object.values(fields).map(String)])
  const piece = fc
    .tuple(fc.constantFrom(...texts), fc.nat(), fc.integer({ min: 1, max: 12 }))
    .map(([text, at, length]) => text.slice(at % (text.length + 1), (at % (text.length + 1)) + length))
  return fc
    .tuple(
      piece,
      fc.constantFrom('|=', '!=', '|~', '!~'),
      fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
    )
    .map(([found, op, [ofLine, literal, ignoreCase, invert]]) => {
      const quoted = found.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`)
      if (ofLine) return { kind: 'line', op, values: [op.endsWith('~') ? quoted : found] }
      return { kind: 'text', pattern: literal ? found : quoted, literal, ignoreCase, invert }
    })
}

async function compareCounts(
  scanner: Scanner,
  records: readonly StoredRecord[],
  conditions: readonly ScanRequest['where'][number][],
): Promise<void> {
  const days = [...new Set(records.map(({ timestamp }) => dayOf(timestamp)))].toSorted()
  expect(await scanner.days()).toEqual(days)
  for (const day of days)
    for (const asked of [
      { day },
      { day, tenants: ['none', 'web'] },
      { day, by: 'app' },
      { day, by: '__proto__x' },
    ]) {
      const found = await scanner.stats(asked)
      expect(found && { ...found, files: [] }).toEqual(statsOf(records, asked))
    }
  const from = days[Math.floor(days.length / 2)]
  for (const one of conditions.filter(({ kind }) => kind === 'label'))
    for (const asked of [{ where: [one] }, { where: [one], from: from && startOfDay(from) }])
      expect({ asked, found: await scanner.labels(asked) }).toEqual({
        asked,
        found: labelsOf(records, asked),
      })
}
