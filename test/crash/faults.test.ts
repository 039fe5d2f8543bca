// Makes every durable step of a running store fail, with a full disk and with a broken one: what was refused is
// nowhere, what was acknowledged stays readable throughout, and all is well again once the fault is over.
import { cp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LogctlError } from '#logctl/errors.js'
import {
  DURABLE_STEPS,
  type DurableStep,
  type Fault,
  openEmbeddedReader,
  openEmbeddedStore,
} from '#logctl/store/embedded/index.js'
import { describe, expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'
import { leftOvers } from './left-overs.js'
import { account, compareStats, scanAll } from './ledger.mjs'
import { DROPPED, SIZES, batchOf } from './scenario.mjs'

type Store = Awaited<ReturnType<typeof openEmbeddedStore>>
type Drop = import('./ledger.mjs').Ledger['drop']

const RUN = 'faults'
const ACTIONS = { ENOSPC: 'DISK_FULL', EIO: 'STORE_FAILED' } as const
const WHENS = ['before', 'after'] as const

const stepsOf = (...families: string[]): DurableStep[] =>
  DURABLE_STEPS.filter((step) => families.includes(step.split('.')[0] as string))

async function check(
  store: Store,
  acknowledged: ReadonlySet<number>,
  drop: Drop = 'not begun',
): Promise<void> {
  const records = await scanAll(store, expect.unreachable)
  account(records, { run: RUN, acknowledged, drop })
  await compareStats(store, records)
}

/** Without faults, everything is there, can be sealed, and nothing is left over. */
async function checkReopened(path: string, acknowledged: ReadonlySet<number>, drop?: Drop): Promise<void> {
  const store = await openEmbeddedStore({ ...SIZES, path })
  await check(store, acknowledged, drop)
  await store.seal()
  await check(store, acknowledged, drop)
  await store.close()
  await (await openEmbeddedStore({ ...SIZES, path })).close()
  expect(await leftOvers(path)).toEqual([])
}

/** The codes with which the batches were refused; those that were not are acknowledged. */
async function appendTogether(
  store: Store,
  numbers: readonly number[],
  acknowledged: Set<number>,
): Promise<unknown[]> {
  const ends = await Promise.allSettled(numbers.map((number) => store.append(batchOf(RUN, number))))
  const refusals: unknown[] = []
  for (const [i, end] of ends.entries())
    if (end.status === 'fulfilled') acknowledged.add(numbers[i] as number)
    else refusals.push(end.reason instanceof LogctlError ? end.reason.code : end.reason)
  return refusals
}

const hotFaults = stepsOf('hot').flatMap((step) =>
  WHENS.flatMap((when) =>
    (['ENOSPC', 'EIO'] as const).flatMap((action) => [1, 3].map((times) => ({ step, when, action, times }))),
  ),
)

describe('the hot log', () => {
  test.for(hotFaults)('$action $when $step, $times in a row', async ({ step, when, action, times }) => {
    const path = tempFolder()
    const first = step === 'hot.write' || step === 'hot.sync' ? 3 : 1
    const faults = Array.from({ length: times }, (_, i): Fault => ({ step, when, nth: first + i, action }))
    const store = await openEmbeddedStore({ ...SIZES, path, faults })
    const acknowledged = new Set<number>()
    const refusals: unknown[] = []
    for (let number = 0; number < 24; number += 3) {
      const wanted = [number, number + 1, number + 2]
      refusals.push(...(await appendTogether(store, wanted, acknowledged)))
      await check(store, acknowledged)
    }
    expect(refusals.length).toBeGreaterThanOrEqual(times)
    expect(new Set(refusals)).toEqual(new Set([ACTIONS[action]]))
    expect(acknowledged.size).toBe(24 - refusals.length)
    const again = Array.from({ length: 24 }, (_, number) => number).filter((n) => !acknowledged.has(n))
    expect(await appendTogether(store, again, acknowledged)).toEqual([])
    await check(store, acknowledged)
    await store.close()
    await checkReopened(path, acknowledged)
  })

  test.for(stepsOf('hot'))('as long as %s fails every batch is refused and no file is left', async (step) => {
    const path = tempFolder()
    const fault = { step, when: 'before', nth: 1, action: 'ENOSPC', lasting: true } as const
    const store = await openEmbeddedStore({ ...SIZES, path, faults: [fault] })
    for (let number = 0; number < 30; number += 3)
      expect(await appendTogether(store, [number, number + 1], new Set())).toEqual(['DISK_FULL', 'DISK_FULL'])
    expect(await scanAll(store)).toEqual([])
    expect(await readdir(join(path, 'hot'))).toEqual([])
    await store.close()
    const later = await openEmbeddedStore({ ...SIZES, path })
    const acknowledged = new Set<number>()
    expect(await appendTogether(later, [0, 1, 2], acknowledged)).toEqual([])
    await later.close()
    await checkReopened(path, acknowledged)
  })
})

/** After a step is before the next one, so only the first of each family needs both. */
const sealFaults = stepsOf('seal', 'keys', 'day', 'manifest', 'copy', 'merge').flatMap((step) => {
  const after = { step, when: 'after', action: 'EIO' } as const
  return step.endsWith('.write') ? [{ step, when: 'before', action: 'ENOSPC' } as const, after] : [after]
})

describe('sealing and merging', () => {
  test.for(sealFaults)('$action $when $step', async ({ step, when, action }) => {
    const path = tempFolder()
    const acknowledged = new Set<number>()
    // The second seal fails, so that there is something to lose; merging begins with the fourth.
    const nth = step.startsWith('merge') ? 1 : step.startsWith('day') ? 5 : 2
    const faults: Fault[] = [{ step, when, nth, action, lasting: true }]
    const store = await openEmbeddedStore({ ...SIZES, segmentBytes: 2 ** 30, path, faults })
    const failures = await sealUntilFailed(store, acknowledged)
    expect(failures).toBe('STORE_FAILED')
    expect(await store.status()).toMatchObject({ state: 'failed' })
    await check(store, acknowledged)
    await checkFromOutside(path, acknowledged)
    await expect(store.seal()).rejects.toMatchObject({ code: 'STORE_FAILED' })
    await check(store, acknowledged)
    await checkCopy(path, acknowledged)
    faults.length = 0
    expect(await appendTogether(store, [100, 101], acknowledged)).toEqual([])
    await store.seal()
    expect(await store.status()).toMatchObject({ state: 'ok', segments: 0 })
    await check(store, acknowledged)
    await store.close()
    await checkReopened(path, acknowledged)
  })

  test.for(sealFaults.filter(({ step }) => /rename|folder/.test(step)))(
    'once only: $action $when $step is made good at once',
    async ({ step, when, action }) => {
      const path = tempFolder()
      const acknowledged = new Set<number>()
      const faults: Fault[] = [{ step, when, nth: 1, action }]
      const store = await openEmbeddedStore({ ...SIZES, segmentBytes: 2 ** 30, path, faults })
      await sealUntilFailed(store, acknowledged)
      await store.seal()
      expect(await store.status()).toMatchObject({ state: 'ok', segments: 0 })
      await store.close()
      await checkReopened(path, acknowledged)
    },
  )
})

/** Appends and seals in turn; the code of the first failure. */
async function sealUntilFailed(store: Store, acknowledged: Set<number>): Promise<unknown> {
  for (let number = 0; number < 20; number += 4) {
    const wanted = [number, number + 1, number + 2, number + 3]
    expect(await appendTogether(store, wanted, acknowledged)).toEqual([])
    const failure: unknown = await store.seal().then(
      () => undefined,
      (error: unknown) => error,
    )
    if (failure !== undefined) return failure instanceof LogctlError ? failure.code : failure
  }
  return undefined
}

async function checkFromOutside(path: string, acknowledged: ReadonlySet<number>): Promise<void> {
  const reader = await openEmbeddedReader(path)
  account(await scanAll(reader, expect.unreachable), { run: RUN, acknowledged, drop: 'not begun' })
  await reader.close()
}

/** What would be found if the process died now. */
async function checkCopy(path: string, acknowledged: ReadonlySet<number>, drop?: Drop): Promise<void> {
  const copy = tempFolder()
  await cp(path, copy, { recursive: true })
  await checkReopened(copy, acknowledged, drop)
}

const dropFaults = stepsOf('drop', 'manifest', 'copy').flatMap((step) =>
  WHENS.map((when) => ({ step, when })),
)

describe('removing', () => {
  test.for(dropFaults)('a day is there or gone, EIO $when $step', async ({ step, when }) => {
    const path = tempFolder()
    const acknowledged = new Set<number>()
    const store = await openEmbeddedStore({ ...SIZES, merge: false, path })
    expect(await appendTogether(store, [0, 1, 2, 3, 4, 5], acknowledged)).toEqual([])
    await store.seal()
    await store.close()
    const fault = { step, when, nth: 1, action: 'EIO' } as const
    const later = await openEmbeddedStore({ ...SIZES, path, faults: [fault] })
    await expect(later.drop([DROPPED])).rejects.toMatchObject({ code: 'STORE_FAILED' })
    await check(later, acknowledged, 'begun')
    await checkCopy(path, acknowledged, 'begun')
    await later.seal()
    await later.drop([DROPPED])
    await check(later, acknowledged, 'done')
    expect((await readdir(path)).filter((name) => name.includes(DROPPED))).toEqual([])
    await later.close()
    await checkReopened(path, acknowledged, 'done')
  })

  test.for(WHENS)('files that were replaced may stay, EIO %s each removal', async (when) => {
    const path = tempFolder()
    const acknowledged = new Set<number>()
    const faults = stepsOf('retire').map((step): Fault => ({
      step,
      when,
      nth: 1,
      action: 'EIO',
      lasting: true,
    }))
    const options = { ...SIZES, lingerMs: 1, path, faults }
    const store = await openEmbeddedStore({ ...options, segmentBytes: 2 ** 30 })
    expect(await sealUntilFailed(store, acknowledged)).toBeUndefined()
    await sleep(20)
    await check(store, acknowledged)
    await store.close()
    const again = await openEmbeddedStore(options)
    await check(again, acknowledged)
    await again.close()
    await checkReopened(path, acknowledged)
  })
})
