// The lock around keys.json: one at a time, and whoever lost it knows.
import { withKeyLock } from '#logctl/server/key-lock.js'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'

test('work under the lock never overlaps, and every work is done', async () => {
  const folder = tempFolder()
  let inside = 0
  const most: number[] = []
  const work = async (): Promise<void> => {
    most.push(++inside)
    await delay(2)
    inside--
  }
  await Promise.all(Array.from({ length: 20 }, () => withKeyLock(folder, work)))
  expect(most).toEqual(Array.from({ length: 20 }, () => 1))
  expect(readdirSync(folder)).toEqual([])
})

test('work that fails gives the lock back', async () => {
  const folder = tempFolder()
  await expect(withKeyLock(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await withKeyLock(folder, () => Promise.resolve('done'))).toBe('done')
})

test('a holder that was taken for dead sees it, and leaves the other’s lock alone', async () => {
  const folder = tempFolder()
  const lock = join(folder, 'keys.json.lock')
  const held = await withKeyLock(folder, async (stillHeld) => {
    const before = await stillHeld()
    writeFileSync(lock, 'of another')
    return [before, await stillHeld()]
  })
  expect(held).toEqual([true, false])
  expect(readFileSync(lock, 'utf8')).toBe('of another')
})

test('a folder that cannot be written is a failure of the store', async () => {
  const folder = tempFolder({ file: '' })
  await expect(withKeyLock(join(folder, 'file'), () => Promise.resolve())).rejects.toMatchObject({
    code: 'STORE_FAILED',
  })
  expect(existsSync(join(folder, 'file', 'keys.json.lock'))).toBe(false)
})
