// The files that keep idempotency keys go when their day is over, while the store runs.
import { readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { tempFolder } from '../../temp-folder.js'
import { decode } from './shaped-lines.js'

test('a file of keys goes a day after it was written', async () => {
  const path = tempFolder()
  const store = await openEmbeddedStore({ path, minFreeBytes: 0 })
  const sealed = async (idempotencyKey: string): Promise<string[]> => {
    await store.append({ records: decode('{"message":"one"}'), idempotencyKey })
    await store.seal()
    return readdirSync(join(path, 'idempotency'))
  }
  const [first = ''] = await sealed('first')
  const yesterday = Date.now() / 1000 - 24 * 3600 - 1
  utimesSync(join(path, 'idempotency', first), yesterday, yesterday)
  const left = await sealed('second')
  expect(left).toHaveLength(1)
  expect(left).not.toContain(first)
  await store.close()
})
