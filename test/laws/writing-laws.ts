// Laws of writing: what append, idempotency keys, sealing, dropping and closing promise.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Day, dayOf } from '#logctl/record/time.js'
import type { Store } from '#logctl/store/store.js'
import { CORPUS, records } from './corpus.js'
import { select, statsOf } from './memory-scanner.js'
import { EVERYTHING, collect, stored, textsOf } from './reading.js'
import type { OpenStore } from './store.js'

export function writingLaws(open: () => Promise<OpenStore>): void {
  let opened: OpenStore
  let store: Store

  beforeEach(async () => {
    opened = await open()
    store = opened.store
  })
  afterEach(() => opened.cleanup())

  test('an empty store answers that it is empty', async () => {
    expect(await collect(store)).toEqual([])
    expect(await store.newestSequence()).toBe(0)
    expect(await store.days()).toEqual([])
    expect(await store.stats({ day: '2025-01-11' as Day })).toBeUndefined()
    expect(await store.labels({ where: [] })).toEqual({})
    expect(await store.daysOnDisk()).toEqual([])
    await store.seal()
    expect((await store.status()).newest_arrival).toBeUndefined()
  })

  test('sequences rise without gap within a batch, and from batch to batch', async () => {
    const answers = [
      await store.append({ records: records(3), rejected: 2 }),
      await store.append({ records: records(2) }),
    ]
    expect(answers[0]).toEqual({ firstSequence: 1, accepted: 3, rejected: 2, repeated: false })
    expect(answers[1]).toMatchObject({ accepted: 2, rejected: 0, repeated: false })
    expect(answers[1]?.firstSequence).toBeGreaterThan(3)
    expect(await collect(store)).toHaveLength(5)
  })

  test('a batch without records stores nothing and harms nothing', async () => {
    expect(await store.append({ records: [], rejected: 4 })).toMatchObject({ accepted: 0, rejected: 4 })
    await store.seal()
    await store.append({ records: records(1) })
    await store.append({ records: [] })
    await store.seal()
    await store.append({ records: records(1) })
    expect(await collect(store)).toHaveLength(2)
  })

  test('batches that come at once are all stored, each in one piece', async () => {
    const batches = Array.from({ length: 40 }, (_, i) => records(1 + (i % 7), { line: `batch ${i}` }))
    const answers = await Promise.all(batches.map((batch) => store.append({ records: batch })))
    const expected = answers.flatMap(({ firstSequence }, i) => stored(batches[i] ?? [], firstSequence))
    expect(textsOf(await collect(store))).toEqual(textsOf(select(expected, EVERYTHING)))
  })

  test('a batch with a known key is answered alike and stored once', async () => {
    const batch = { records: records(3), idempotencyKey: 'k"1', rejected: 2 }
    const first = await store.append(batch)
    expect(await store.append(batch)).toEqual({ ...first, repeated: true })
    const [one, other] = await Promise.all([
      store.append({ records: records(2), idempotencyKey: 'at once' }),
      store.append({ records: records(2), idempotencyKey: 'at once' }),
    ])
    expect([one.repeated, other.repeated].toSorted()).toEqual([false, true])
    expect(one.firstSequence).toBe(other.firstSequence)
    await store.append({ records: records(1), idempotencyKey: 'another' })
    expect(await collect(store)).toHaveLength(6)
    await store.seal()
    expect(await store.append(batch)).toEqual({ ...first, repeated: true })
    expect(await collect(store)).toHaveLength(6)
  })

  test('days that are dropped are gone from every answer, and their place is free', async () => {
    const { firstSequence } = await store.append({ records: CORPUS })
    const all = stored(CORPUS, firstSequence)
    const day = '2025-01-11' as Day
    const before = await store.daysOnDisk()
    expect(before.map(({ day, records }) => [day, records])).toEqual(
      (await store.days()).map((day) => [day, statsOf(all, { day })?.total]),
    )
    expect(before.every(({ bytes }) => bytes > 0)).toBe(true)
    expect(await store.drop([day, '1999-01-01' as Day])).toMatchObject([{ day, records: 30 }])
    const left = all.filter(({ timestamp }) => dayOf(timestamp) !== day)
    expect(textsOf(await collect(store))).toEqual(textsOf(select(left, EVERYTHING)))
    expect(await store.stats({ day })).toBeUndefined()
    expect(await store.days()).toEqual(before.map((one) => one.day).filter((one) => one !== day))
    expect((await store.daysOnDisk()).map((one) => one.day)).not.toContain(day)
    expect(await store.drop([day])).toEqual([])
    // Late records of that day begin it anew.
    await store.append({ records: CORPUS.filter(({ timestamp }) => dayOf(timestamp) === day).slice(0, 2) })
    expect((await store.stats({ day }))?.total).toBe(2)
  })

  test('after closing nothing is taken any more', async () => {
    await store.append({ records: records(1) })
    await store.close()
    await expect((async () => store.append({ records: records(1) }))()).rejects.toMatchObject({
      code: 'STOPPING',
    })
    await store.close()
  })
}
