// The bench runs whole on a tiny day: figures in its table and its JSON, right answers, nothing left behind.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { ROOT } from '../house/files.js'

test('a bench of 1,000 events and one query', async () => {
  const tmp = await mkdtemp(path.join(os.tmpdir(), 'logctl-bench-test-'))
  const json = path.join(tmp, 'bench.json')
  const flags = [
    '--events',
    '1000',
    '--only',
    'rare word, count',
    '--no-peers',
    '--runs',
    '1',
    '--json',
    json,
  ]
  const { stdout } = await execa('npm', ['run', '--silent', 'bench', '--', ...flags], {
    cwd: ROOT,
    env: { TMPDIR: tmp },
  })
  expect(stdout).toMatch(/lines per CPU-second, all work included +[\d.]+/)
  expect(stdout).toMatch(/rare word, count +[\d.]+/)
  expect(stdout).not.toContain('WRONG ANSWER')
  const { sets } = JSON.parse(await readFile(json, 'utf8')) as {
    sets: { ingest: { bodies: number; refused: number }; busy: { sealing: { failed: number } } }[]
  }
  expect(sets).toMatchObject([{ ingest: { bodies: 1, refused: 0 }, busy: { sealing: { failed: 0 } } }])
  expect(await readdir(tmp)).toEqual(['bench.json'])
  await rm(tmp, { recursive: true })
})
