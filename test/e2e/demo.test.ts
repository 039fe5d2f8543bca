// `npm run demo`, which README opens with, works from a built checkout and leaves no process behind.
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { ROOT } from '../house/files.js'

test('the demo stores and shows real lines, and stops its server', async () => {
  const tmp = await mkdtemp(path.join(os.tmpdir(), 'logctl-demo-test-'))
  const { stdout } = await execa('npm', ['run', '--silent', 'demo'], { cwd: ROOT, env: { TMPDIR: tmp } })
  const stored = Number(/(\d+) lines on disk/.exec(stdout)?.[1])
  expect(stored).toBeGreaterThan(100)
  expect(stdout).toMatch(/› logctl stats \d{4}-\d\d-\d\d/)
  const url = /POST (http:\S+?)\/api/.exec(stdout)?.[1] ?? ''
  await expect(fetch(`${url}/health`)).rejects.toThrow()
  // What the demo says about going on is true: the folder answers without the server.
  const data = /--data (\S+)/.exec(stdout)?.[1] ?? ''
  const { stdout: count } = await execa(path.join(ROOT, 'bin/run.js'), ['grep', '-c', '.', '--data', data])
  expect(Number(count)).toBe(stored)
  await rm(tmp, { recursive: true })
})
