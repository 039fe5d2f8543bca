// A short, fixed run of scripts/conservation.mjs: the real server, killed on a full disk, with a moved clock, while
// it prunes and merges.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { ROOT } from '../house/files.js'

test('every acknowledged line is accounted for over six kills', async () => {
  const script = path.join(ROOT, 'scripts/conservation.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--kills', '6', '--seed', '11'])
  console.log(stdout.trim().split('\n').at(-1))
  expect(stdout).toMatch(/none lost, none doubled, none torn, none invented\n$/)
  expect(stdout).not.toMatch(/not installed|takes root/)
})
