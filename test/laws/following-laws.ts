// Laws of following: without gap or repeat, whatever the store does meanwhile and however slow the reader is.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LogRecord, StoredRecord } from '#logctl/record/record.js'
import type { Condition } from '#logctl/record/scan-request.js'
import { CORPUS } from './corpus.js'
import { fulfils } from './naive-conditions.js'
import { pause, startFollowing, stored, textsOf } from './reading.js'
import type { OpenStore } from './store.js'

export function followingLaws(open: () => Promise<OpenStore>): void {
  let opened: OpenStore

  beforeEach(async () => {
    opened = await open()
  })
  afterEach(() => opened.cleanup())

  /** Appends many batches, sealing now and then; resolves with what was stored. */
  async function write(batches: number): Promise<StoredRecord[]> {
    const all: StoredRecord[] = []
    for (let i = 0; i < batches; i++) {
      const records: LogRecord[] = []
      for (const record of CORPUS.slice((i * 11) % 60, ((i * 11) % 60) + 1 + (i % 7)))
        records.push({ ...record, line: `${record.line} ${i}` })
      const { firstSequence } = await opened.store.append({ records })
      all.push(...stored(records, firstSequence))
      if (i % 10 === 6) await opened.store.seal()
    }
    return all
  }

  test.each([
    ['keeps up', 0],
    ['is slow', 15],
  ])('a follower that %s sees every record once, in the order of arrival', async (_, pauseMs) => {
    const follower = startFollowing(opened.store, {}, pauseMs)
    const all = await write(30)
    await follower.count(all.length)
    await pause(20)
    await follower.stop()
    expect(textsOf(follower.found)).toEqual(textsOf(all))
  })

  test('a follower begins behind the sequence it names, whatever has been sealed', async () => {
    const all = await write(24)
    for (const from of [0, 40, all.length - 2]) {
      const follower = startFollowing(opened.store, { sequenceAbove: (all[from] as StoredRecord).sequence })
      await follower.count(all.length - from - 1)
      await follower.stop()
      expect(textsOf(follower.found)).toEqual(textsOf(all.slice(from + 1)))
    }
  })

  test('a follower sees only what it asks for', async () => {
    const where: Condition[] = [
      { kind: 'line', op: '|=', values: ['cart'] },
      { kind: 'level', anyOf: ['info', 'warn', 'trace', 'debug'] },
    ]
    const request = { where, tenants: ['none', 'shop'] }
    const follower = startFollowing(opened.store, request)
    const expected = (await write(24)).filter((record) => fulfils(record, request))
    expect(expected.length).toBeGreaterThan(3)
    await follower.count(expected.length)
    await follower.stop()
    expect(textsOf(follower.found)).toEqual(textsOf(expected))
  })

  test('a follower that waits ends when its signal aborts, and when the store closes', async () => {
    await write(3)
    const [stopped, left] = [startFollowing(opened.store), startFollowing(opened.store)]
    await stopped.count(6)
    await left.count(6)
    await stopped.stop()
    await opened.store.close()
    await left.ended
  })

  test('a follower with a bad pattern is refused', async () => {
    const follower = startFollowing(opened.store, { where: [{ kind: 'line', op: '|~', values: ['('] }] })
    await expect(follower.ended).rejects.toMatchObject({ code: 'PATTERN_INVALID' })
  })
}
