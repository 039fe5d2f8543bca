// Reading keys.json: whatever is in it, it is read as written or refused with its path.
import { createKey } from '#logctl/server/key-admin.js'
import { readKeyFile, stampOf, writeKeyFile } from '#logctl/server/key-file.js'
import { LogctlError } from '#logctl/errors.js'
import * as fc from 'fast-check'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'

function refusal(folder: string): LogctlError {
  try {
    readKeyFile(folder)
  } catch (error) {
    if (error instanceof LogctlError) return error
    throw error
  }
  throw new Error('the file was taken')
}

test('no file means no keys', () => {
  const folder = tempFolder()
  expect(readKeyFile(folder)).toEqual({ keys: [], stamp: undefined })
  expect(stampOf(folder)).toBeUndefined()
})

test('the stamp tells whether the file changed', async () => {
  const folder = tempFolder()
  await createKey(folder, { name: 'a', now: 0 })
  const { stamp } = readKeyFile(folder)
  expect(stamp).toBe(stampOf(folder))
  await createKey(folder, { name: 'b', now: 0 })
  expect(stampOf(folder)).not.toBe(stamp)
})

test.each([
  ['', 'JSON'],
  ['null', 'keys.json are damaged'],
  ['[]', 'damaged'],
  ['{"format":1}', 'keys: '],
  ['{"format":0,"keys":[]}', 'format: '],
  ['{"format":1,"keys":[{"name":"a"}]}', 'keys.0'],
  [' '.repeat(8 * 2 ** 20 + 1), 'bytes'],
])('%.40s is refused', (text, says) => {
  const { code, message, hints } = refusal(tempFolder({ 'keys.json': text }))
  expect([code, message, hints.length]).toEqual(['CONFIG_INVALID', expect.stringContaining(says), 2])
})

test('a file that is none is refused with its path', () => {
  const folder = tempFolder()
  mkdirSync(join(folder, 'keys.json'))
  expect(refusal(folder)).toMatchObject({ code: 'DATA_UNREADABLE', message: expect.stringContaining(folder) })
})

test('what cannot be written is a failure of the store, and leaves nothing behind', async () => {
  const folder = tempFolder()
  mkdirSync(join(folder, 'keys.json'))
  await expect(writeKeyFile(folder, [])).rejects.toMatchObject({ code: 'STORE_FAILED' })
  expect(readdirSync(folder)).toEqual(['keys.json'])
})

test('cut off anywhere, or with any byte changed, it is read whole or refused', async () => {
  const folder = tempFolder()
  await createKey(folder, { name: 'a', tenant: 't', now: 0 })
  const path = join(folder, 'keys.json')
  const whole = readFileSync(path)
  fc.assert(
    fc.property(fc.nat(whole.length - 2), fc.nat(255), fc.boolean(), (at, byte, cut) => {
      const harmed = cut
        ? whole.subarray(0, at)
        : Buffer.concat([whole.subarray(0, at), Buffer.from([byte]), whole.subarray(at + 1)])
      writeFileSync(path, harmed)
      let read: readonly unknown[]
      try {
        read = readKeyFile(folder).keys
      } catch (error) {
        expect(error).toBeInstanceOf(LogctlError)
        return
      }
      expect(cut).toBe(false)
      expect(read.length).toBeLessThanOrEqual(1)
    }),
  )
  rmSync(path)
})
