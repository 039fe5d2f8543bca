// The process that the crash suites kill: it writes to a data folder and says on standard output, at once, what
// the store has acknowledged. It takes: mode, folder, run id, number of its first batch, planned faults as JSON.
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { DROPPED, LATE, SIZES, batchOf } from './scenario.mjs'

/** @typedef {Awaited<ReturnType<typeof openEmbeddedStore>>} Store */

const APPENDERS = 4
const [, , mode = 'whole', path = '', run = 'run', first = '0', faults = '[]'] = process.argv

/** @param {string} text */
function say(text) {
  writeSync(1, `${text}\n`)
}

/** @param {Store} store @param {number} from @param {number} to Several appenders share the batches between. */
async function append(store, from, to) {
  let next = from
  await Promise.all(
    Array.from({ length: APPENDERS }, async () => {
      while (next < to) {
        const number = next++
        await store.append(batchOf(run, number))
        say(`ack ${number}`)
      }
    }),
  )
}

/** Everything that a store does in its life, but for recovery. @param {Store} store @param {number} from */
async function wholeLife(store, from) {
  await append(store, from, from + 24)
  await store.seal()
  await append(store, from + 24, from + 30)
  await store.seal()
  await sleep(4 * SIZES.lingerMs)
  say('dropping')
  await store.drop([DROPPED])
  say('dropped')
  await append(store, LATE + from, LATE + from + 4)
}

/** What follows on a recovery. @param {Store} store @param {number} from */
async function afterRecovery(store, from) {
  await append(store, from, from + 8)
  await store.seal()
  await sleep(4 * SIZES.lingerMs)
}

/** Until killed. @param {Store} store @param {number} from */
async function forever(store, from) {
  for (let at = from; ; at += 8) {
    await append(store, at, at + 8)
    await sleep(20)
  }
}

const store = await openEmbeddedStore({
  ...SIZES,
  ...(mode === 'forever' && { segmentBytes: 4 * SIZES.segmentBytes }),
  path,
  faults: JSON.parse(faults),
})
say('open')
const from = Number(first)
if (mode === 'whole') await wholeLife(store, from)
else if (mode === 'recovery') await afterRecovery(store, from)
else await forever(store, from)
await store.close()
say('closed')
