// Kills the store before and after every durable step that it names, and accounts for every record: nothing that
// was acknowledged is lost, nothing is stored twice, nothing is left lying about.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DURABLE_STEPS,
  type DurableStep,
  type Fault,
  openEmbeddedReader,
  openEmbeddedStore,
} from '#logctl/store/embedded/index.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { atMost, startChild } from './child-process.mjs'
import { type DamagedFolder, makeDamagedFolder } from './damaged-folder.js'
import { leftOvers } from './left-overs.js'
import { account, compareStats, followAll, scanAll } from './ledger.mjs'
import { SIZES, batchOf, placeOf } from './scenario.mjs'

type Store = Awaited<ReturnType<typeof openEmbeddedStore>>
type ChildOrder = import('./child-process.mjs').ChildOrder
type ChildReport = import('./child-process.mjs').ChildReport
type Ledger = import('./ledger.mjs').Ledger

const RUN = 'steps'
/** Steps that only a start on a damaged folder takes. */
const RECOVERY: ReadonlySet<DurableStep> = new Set(['recover.cut', 'recover.keep', 'recover.aside'])
/** Steps that such a start takes as well. */
const ALSO_IN_RECOVERY: ReadonlySet<DurableStep> = new Set([
  'manifest.rename',
  'copy.rename',
  'day.rename',
  'retire.segment',
])
/** Steps that are taken often are also stopped at a later time. */
const LATER: Partial<Record<DurableStep, number>> = {
  'hot.create': 3,
  'hot.write': 9,
  'hot.sync': 9,
  'seal.write': 4,
  'seal.rename': 4,
  'keys.rename': 3,
  'merge.rename': 2,
  'day.rename': 8,
  'manifest.write': 4,
  'manifest.rename': 6,
  'copy.rename': 5,
  'retire.segment': 3,
  'retire.part': 3,
  'drop.part': 2,
}

interface CrashPoint {
  readonly fault: Fault
  readonly mode: ChildOrder['mode']
}

const points: CrashPoint[] = []
for (const step of DURABLE_STEPS)
  for (const when of ['before', 'after'] as const) {
    const fault = { step, when, nth: 1, action: 'kill' } as const
    points.push({ fault, mode: RECOVERY.has(step) ? 'recovery' : 'whole' })
    if (ALSO_IN_RECOVERY.has(step)) points.push({ fault, mode: 'recovery' })
    const later = LATER[step]
    if (later !== undefined) points.push({ fault: { ...fault, nth: later }, mode: 'whole' })
  }

const inTurn = atMost(2)
let root = ''
let damaged: DamagedFolder
let stopped = 0
let accounted = 0

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'logctl-steps-'))
  damaged = await makeDamagedFolder(join(root, 'damaged'), RUN)
})

afterAll(async () => {
  console.log(`crash points: ${stopped}; acknowledged records accounted for: ${accounted}`)
  await rm(root, { recursive: true, force: true })
})

describe.concurrent('killed', () => {
  test.for(points)('$fault.when $fault.step, time $fault.nth ($mode)', (point) =>
    inTurn(() => stopAndAccount(point)),
  )
})

async function stopAndAccount({ fault, mode }: CrashPoint): Promise<void> {
  const folder = await mkdtemp(join(root, 'data-'))
  if (mode === 'recovery') await cp(damaged.folder, folder, { recursive: true })
  const firstBatch = mode === 'recovery' ? damaged.nextBatch : 0
  const { report } = startChild({ mode, folder, run: RUN, firstBatch, faults: [fault] })
  const end = await report
  expect(end, `the step was not reached: ${end.errors}`).toMatchObject({ signal: 'SIGKILL', errors: '' })
  stopped++
  await accountFor(folder, ledgerOf(end, mode))
  await rm(folder, { recursive: true })
}

function ledgerOf({ acknowledged, said }: ChildReport, mode: ChildOrder['mode']): Ledger {
  return {
    run: RUN,
    acknowledged: new Set(mode === 'recovery' ? [...damaged.acknowledged, ...acknowledged] : acknowledged),
    drop: said.has('dropped') ? 'done' : said.has('dropping') ? 'begun' : 'not begun',
    ...(mode === 'recovery' && { lost: damaged.lost }),
  }
}

async function accountFor(folder: string, ledger: Ledger): Promise<void> {
  await readBeforeRecovery(folder, ledger)
  const store = await openEmbeddedStore({ ...SIZES, path: folder })
  const retried = await retryBatches(store, ledger)
  await store.seal()
  const sealed = await scanAll(store)
  accounted += account(sealed, retried)
  await compareStats(store, sealed)
  expect(await store.status()).toMatchObject({ state: 'ok', hot_bytes: 0 })
  await store.close()
  const again = await openEmbeddedStore({ ...SIZES, path: folder })
  account(await scanAll(again), retried)
  await again.close()
  expect(await leftOvers(folder)).toEqual([])
}

/** A reader must see everything while the folder is as the crash left it; before the first step there is none. */
async function readBeforeRecovery(folder: string, ledger: Ledger): Promise<void> {
  if (ledger.acknowledged.size === 0) return
  const reader = await openEmbeddedReader(folder)
  const scanned = await scanAll(reader)
  account(scanned, ledger)
  const followed = await followAll(reader)
  expect(followed.map(({ sequence }) => sequence)).toEqual(
    scanned.map(({ sequence }) => sequence).sort((a, b) => a - b),
  )
  if (!ledger.lost) await compareStats(reader, scanned)
  await reader.close()
}

/** Everything is there at once; batches with a key are sent again, as senders do that got no answer. */
async function retryBatches(store: Store, ledger: Ledger): Promise<Ledger> {
  const found = await scanAll(store)
  account(found, ledger)
  await compareStats(store, found)
  const there = new Set(found.map(({ line }) => placeOf(line).number))
  const keyed = [...new Set([...there, ...ledger.acknowledged, 0, 3, 6])].filter((number) => number % 3 === 0)
  for (const number of keyed) {
    const known = there.has(number) || ledger.acknowledged.has(number)
    if (known && isPartlyLost(number, ledger)) continue
    const answer = await store.append(batchOf(RUN, number))
    expect(answer, `retry of batch ${number}`).toMatchObject({ repeated: known })
  }
  const retried = { ...ledger, acknowledged: new Set([...ledger.acknowledged, ...keyed, ...there]) }
  account(await scanAll(store), retried)
  return retried
}

/** The key of a batch that was damaged in the hot log is lost with it. */
function isPartlyLost(number: number, { lost }: Ledger): boolean {
  return batchOf(RUN, number).records.some(({ line }) => lost?.has(line))
}
