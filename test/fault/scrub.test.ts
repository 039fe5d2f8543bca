// A part that nobody reads is still looked at: damage is told in the log and in the status.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { tempFolder } from '../temp-folder.js'
import { decode } from '../store/embedded/shaped-lines.js'

test('a flipped bit is found in the background, and forgotten when the file is good again', async () => {
  const path = tempFolder()
  const told: object[] = []
  const warn = (message: string, detail?: object): void => void told.push({ message, ...detail })
  const store = await openEmbeddedStore({ path, minFreeBytes: 0, scrubMs: 1, warn })
  await store.append({ records: decode('{"time":"2025-01-11T09:30:00Z","message":"one"}') })
  await store.seal()
  const folder = join(path, 'date=2025-01-11')
  const name = readdirSync(folder).find((file) => file.endsWith('.parquet')) ?? ''
  const good = readFileSync(join(folder, name))
  const bad = Buffer.from(good)
  bad[100] = (bad[100] ?? 0) ^ 4
  writeFileSync(join(folder, name), bad)
  const file = `date=2025-01-11/${name}`
  await expect.poll(async () => (await store.status()).damaged, { timeout: 5_000 }).toEqual([file])
  expect(told[0]).toEqual({ message: 'a stored file does not match its checksum', file, records: 1 })
  writeFileSync(join(folder, name), good)
  await expect.poll(async () => (await store.status()).damaged, { timeout: 5_000 }).toEqual([])
  await store.close()
})
