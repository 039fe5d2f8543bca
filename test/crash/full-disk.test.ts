// Fills a real, small disk beneath a store. It needs root for a mount that nobody else sees.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'

const possible = spawnSync('unshare', ['--mount', 'true']).status === 0

test.skipIf(!possible)('a full disk refuses what it cannot keep and keeps what it took', () => {
  const program = path.join(import.meta.dirname, 'full-disk.mjs')
  const disk = tempFolder()
  const { status, stdout, stderr } = spawnSync('unshare', ['--mount', process.execPath, program, disk], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const { acknowledged, refused } = JSON.parse(stdout) as { acknowledged: number; refused: number }
  console.log(`a full disk of 8 MiB: ${acknowledged} batches acknowledged, ${refused} refused`)
  expect(acknowledged).toBeGreaterThan(1_000)
})
