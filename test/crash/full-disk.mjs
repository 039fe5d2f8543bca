// Fills a small disk of its own to the last byte beneath a store: what is refused is refused, what was acknowledged
// is there, and appends go on when there is space again. It takes the folder to mount the disk on, as root in a
// mount namespace of its own.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LogctlError } from '#logctl/errors.js'
import { openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { account, compareStats, scanAll } from './ledger.mjs'
import { SIZES, batchOf } from './scenario.mjs'

const RUN = 'full'
const [, , disk = ''] = process.argv
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', disk])
const path = join(disk, 'data')
const ballast = join(disk, 'ballast')

/** @type {Set<number>} */
const acknowledged = new Set()
let number = 0
let refused = 0

/** @param {Awaited<ReturnType<typeof openEmbeddedStore>>} store @param {number} refusals */
async function appendUntilRefused(store, refusals) {
  for (const until = refused + refusals; refused < until; number++) {
    try {
      await store.append(batchOf(RUN, number))
      acknowledged.add(number)
    } catch (error) {
      assert(error instanceof LogctlError)
      // Where sealing fails as well, segments wait until no more may.
      assert.equal(error.code, 'DISK_FULL', error.message)
      refused++
    }
  }
}

/** @param {Awaited<ReturnType<typeof openEmbeddedStore>>} store */
async function check(store) {
  const records = await scanAll(store, assert.fail)
  account(records, { run: RUN, acknowledged, drop: 'not begun' })
  await compareStats(store, records)
}

const options = { ...SIZES, segmentBytes: 256 * 1024, path }
const store = await openEmbeddedStore(options)
writeFileSync(ballast, Buffer.alloc(4 * 2 ** 20))
await appendUntilRefused(store, 20)
await check(store)
const files = await readdir(join(path, 'hot'))
await appendUntilRefused(store, 20)
assert((await readdir(join(path, 'hot'))).length <= files.length + 1, 'refused batches leave files behind')
await assert.rejects(store.seal(), { code: 'STORE_FAILED' })
assert.equal((await store.status()).state, 'failed')
await check(store)

rmSync(ballast)
for (const end = number + 40; number < end; number++) {
  await store.append(batchOf(RUN, number))
  acknowledged.add(number)
}
await store.seal()
assert.equal((await store.status()).state, 'ok')
await check(store)
await store.close()

const again = await openEmbeddedStore(options)
await check(again)
await again.close()
process.stdout.write(JSON.stringify({ acknowledged: acknowledged.size, refused }))
