// The law of stores that outlive their process: closed and opened again, they hold what they held.
import { expect, test } from 'vitest'
import { records } from './corpus.js'
import { collect, textsOf } from './reading.js'
import type { ReopenableStore } from './store.js'

export function reopeningLaw(name: string, open: () => Promise<ReopenableStore>): void {
  test(`${name}: opened again it holds what was appended, and knows the keys`, async () => {
    const opened = await open()
    let { store } = opened
    const answers = [await store.append({ records: records(4), idempotencyKey: 'sealed', rejected: 1 })]
    await store.seal()
    answers.push(await store.append({ records: records(5), idempotencyKey: 'hot' }))
    const before = textsOf(await collect(store))
    store = await opened.reopen()
    expect(textsOf(await collect(store))).toEqual(before)
    for (const [i, idempotencyKey] of ['sealed', 'hot'].entries())
      expect(await store.append({ records: records(9), idempotencyKey })).toEqual({
        ...answers[i],
        repeated: true,
      })
    const { firstSequence } = await store.append({ records: records(1) })
    expect(firstSequence).toBeGreaterThan(9)
    expect(await collect(store)).toHaveLength(10)
    await opened.cleanup()
  })
}
