// Laws of reading: scans, counts and labels of a filled store, compared with the plain scanner over the same records.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StoredRecord } from '#logctl/record/record.js'
import type { ScanRequest } from '#logctl/record/scan-request.js'
import { type Day, type Timestamp, dayOf, nsOf, timestampOfNs } from '#logctl/record/time.js'
import { CONDITIONS, CORPUS, MOMENTS } from './corpus.js'
import { labelsOf, select, statsOf } from './memory-scanner.js'
import { collect, stored, textsOf } from './reading.js'
import type { OpenStore } from './store.js'

const DIRECTIONS = ['forward', 'backward'] as const

export function readingLaws(open: () => Promise<OpenStore>): void {
  let opened: OpenStore
  const records: StoredRecord[] = []

  beforeAll(async () => {
    opened = await open()
    for (let at = 0; at < CORPUS.length; at += 9) {
      const batch = CORPUS.slice(at, at + 9)
      const { firstSequence } = await opened.store.append({ records: batch })
      records.push(...stored(batch, firstSequence))
    }
  })
  afterAll(() => opened.cleanup())

  async function agree(request: Partial<ScanRequest>): Promise<number> {
    const whole = { direction: 'forward', where: [], ...request } as const
    const found = textsOf(await collect(opened.store, whole))
    expect({ request, found }).toEqual({ request, found: textsOf(select(records, whole)) })
    return found.length
  }

  test('a scan gives what was appended, in order, and backward the exact reverse', async () => {
    expect(await agree({})).toBe(CORPUS.length)
    const forward = await collect(opened.store)
    const backward = await collect(opened.store, { direction: 'backward' })
    expect(textsOf(backward.toReversed())).toEqual(textsOf(forward))
    // Identical lines at the same moment are all there.
    expect(new Set(forward.map(({ sequence }) => sequence)).size).toBe(CORPUS.length)
  })

  test('records come with their fields in the order of their names', async () => {
    for (const { fields } of await collect(opened.store))
      expect(Object.keys(fields)).toEqual(Object.keys(fields).toSorted())
  })

  test.each([0, 1, 2, 7, CORPUS.length - 1, CORPUS.length, 10_000])('at most %i records', async (limit) => {
    for (const direction of DIRECTIONS) await agree({ limit, direction })
  })

  test('from is inclusive and to exclusive, to the nanosecond', async () => {
    for (const moment of MOMENTS) {
      const [before, after] = [-1n, 1n].map((ns) => timestampOfNs(nsOf(moment) + ns) as Timestamp)
      for (const border of [before, moment, after]) {
        await agree({ from: border })
        await agree({ to: border, direction: 'backward' })
      }
      await agree({ from: moment, to: moment })
      expect(await agree({ from: moment, to: after })).toBe(5)
    }
    await agree({ from: MOMENTS[5], to: MOMENTS[8], limit: 3, direction: 'backward' })
  })

  test('sequenceAbove is exclusive and sequenceUpTo inclusive', async () => {
    const [first, middle, last] = [0, 30, 69].map((i) => (records[i] as StoredRecord).sequence)
    for (const sequenceAbove of [undefined, 0, first, middle, last])
      for (const sequenceUpTo of [undefined, 0, first, middle, last])
        await agree({ sequenceAbove, sequenceUpTo })
  })

  test.each([[['shop']], [['none', 'a|b']], [['nobody']], [[]]])('only tenants %j', async (tenants) => {
    for (const direction of DIRECTIONS) await agree({ tenants, direction })
  })

  test.each(CONDITIONS)('%j', async (...where) => {
    await agree({ where })
    await agree({ where, direction: 'backward', limit: 3, tenants: ['shop', 'none'] })
    await agree({ where, from: MOMENTS[2], to: MOMENTS[10], sequenceAbove: 5, sequenceUpTo: 60 })
  })

  test('what cannot be answered is refused before the first record', async () => {
    expect(
      await thrownBy(opened.store, { where: [{ kind: 'line', op: '|~', values: ['('] }] }),
    ).toMatchObject({
      code: 'PATTERN_INVALID',
    })
    expect(await thrownBy(opened.store, { from: MOMENTS[3], to: MOMENTS[2] })).toMatchObject({
      code: 'QUERY_INVALID',
    })
    for (const limit of [-1, 0.5, Number.NaN])
      expect(await thrownBy(opened.store, { limit })).toMatchObject({ code: 'QUERY_INVALID' })
  })

  test('a scan whose signal has aborted ends with the signal’s reason', async () => {
    const reason = new Error('enough')
    const scan = collect(opened.store, {}, { signal: AbortSignal.abort(reason) })
    await expect(scan).rejects.toBe(reason)
    const stopping = new AbortController()
    const pieces = opened.store.scan({ direction: 'forward', where: [] }, { signal: stopping.signal })
    await expect(
      (async () => {
        for await (const piece of pieces) if (piece.length > 0) stopping.abort(reason)
      })(),
    ).rejects.toBe(reason)
  })

  test('the newest sequence and the days are those of the records', async () => {
    expect(await opened.store.newestSequence()).toBe(records.at(-1)?.sequence)
    expect(await opened.store.days()).toEqual(
      [...new Set(records.map(({ timestamp }) => dayOf(timestamp)))].toSorted(),
    )
  })

  describe('counts', () => {
    const days = [...new Set(MOMENTS.map(dayOf)), '2001-01-01' as Day]
    test.each(days)('of %s', async (day) => {
      for (const tenants of [undefined, ['shop'], ['none', 'a|b'], ['nobody'], []])
        for (const by of [
          undefined,
          'source',
          'app',
          'level',
          'env',
          'constructor',
          'toString',
          '__proto__',
        ]) {
          const found = await opened.store.stats({ day, tenants, by })
          const expected = statsOf(records, { day, tenants, by })
          expect(found && { ...found, files: [] }).toEqual(expected)
          if (tenants === undefined && found) {
            expect(found.files.length).toBeGreaterThan(0)
            expect(found.files.every(({ path, bytes }) => path !== '' && bytes > 0)).toBe(true)
          }
        }
    })
  })

  test('labels and their values, in order', async () => {
    const selectors = CONDITIONS.filter((where) => where.every(({ kind }) => kind === 'label'))
    const hours = [
      undefined,
      ...MOMENTS.map((moment) => `${moment.slice(0, 13)}:00:00.000000000Z` as Timestamp),
    ]
    for (const where of selectors)
      for (const tenants of [undefined, ['shop']]) {
        const found = await opened.store.labels({ where, tenants })
        expect(Object.entries(found)).toEqual(Object.entries(labelsOf(records, { where, tenants })))
      }
    for (const from of hours)
      for (const to of hours) {
        if (from !== undefined && to !== undefined && from > to) continue
        const found = await opened.store.labels({ where: [], from, to })
        expect({ from, to, found }).toEqual({ from, to, found: labelsOf(records, { where: [], from, to }) })
      }
    await expect(
      (async () => opened.store.labels({ where: [{ kind: 'level', anyOf: ['info'] }] }))(),
    ).rejects.toMatchObject({ code: 'QUERY_INVALID' })
  })

  test('the status says what is stored', async () => {
    expect(await opened.store.status()).toMatchObject({
      state: 'ok',
      newest_sequence: records.at(-1)?.sequence,
      newest_arrival: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      damaged: [],
    })
  })
}

function thrownBy(store: OpenStore['store'], request: Partial<ScanRequest>): Promise<unknown> {
  return collect(store, request).catch((error: unknown) => error)
}
