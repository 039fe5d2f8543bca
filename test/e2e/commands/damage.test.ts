// An answer that is not whole never looks whole: damaged data gives the rest, a line on stderr, and exit 4.
import { closeSync, fstatSync, openSync, readdirSync, writeSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { DAY, filledServer } from './filled-server.js'

const filled = filledServer()

function damage(file: string): void {
  const handle = openSync(file, 'r+')
  const { size } = fstatSync(handle)
  writeSync(handle, Buffer.alloc(2000, 255), 0, 2000, Math.floor(size / 3))
  closeSync(handle)
}

test('from the server and from the folder', async () => {
  const old = Array.from({ length: 20_000 }, (_, n) => ({
    '@timestamp': `${DAY}T08:00:00Z`,
    message: `number ${n}`,
  }))
  await filled.send(old)
  await fetch(`${filled.server.url}/api/v1/seal`, { method: 'POST' })
  await filled.send([{ message: 'still here' }])
  const folder = path.join(filled.data, `date=${DAY}`)
  const parts = readdirSync(folder).filter((name) => name.endsWith('.parquet'))
  expect(parts).toHaveLength(1)
  for (const part of parts) damage(path.join(folder, part))
  for (const ask of [filled.ask, filled.read]) {
    const found = await ask('grep', '', '--json')
    expect(found).toMatchObject({ status: 4 })
    expect(found.stdout.split('\n')).toHaveLength(2)
    expect(found.stdout).toContain('still here')
    expect(found.stderr).toMatch(/^warning: .*parquet/)
    expect(await ask('grep', 'hello', '--quiet')).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('warning: '),
    })
  }
})
