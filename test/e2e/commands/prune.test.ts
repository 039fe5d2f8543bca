// `logctl prune` drops old days through the server that holds the folder, or in the folder itself.
import { expect, test } from 'vitest'
import { logctl } from '../../house/program.js'
import { DAY, filledServer } from './filled-server.js'

const filled = filledServer()

test('an age that is none is not understood', async () => {
  expect(await filled.ask('prune', '--older-than', 'old')).toMatchObject({ status: 2, stdout: '' })
})

test('a folder that is none is not made into one', async () => {
  expect(await logctl(['prune', '--data', `${filled.home}/none`], filled.home)).toMatchObject({
    status: 3,
    stdout: '',
  })
  expect(await logctl(['prune', '--dry-run', '--data', `${filled.home}/none`], filled.home)).toMatchObject({
    status: 3,
  })
})

test('a rehearsal shows what would go; the real thing is quiet in a pipe; then nothing is left to go', async () => {
  await filled.send([{ message: 'of today' }])
  const rehearsed = await filled.read('prune', '--dry-run', '--json')
  const plan = JSON.parse(rehearsed.stdout) as object
  expect(plan).toEqual({
    cutoff: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/),
    dropped: [
      { day: DAY, records: 4, bytes: expect.any(Number), why: expect.stringMatching(/^ended \d+ days ago$/) },
    ],
    bytes: expect.any(Number),
    dry_run: true,
  })
  expect((await filled.ask('prune', '--dry-run')).stdout).toMatch(
    /^2025-01-11 {2}4 .*\nwould drop 1 day, 4 records, /,
  )
  expect(await filled.ask('stats', DAY)).toMatchObject({ status: 0 })
  expect(await filled.read('prune')).toEqual({ status: 0, stdout: '', stderr: '' })
  expect(await filled.ask('stats', DAY)).toMatchObject({ status: 1 })
  expect((await filled.ask('prune', '--json')).stdout).toContain('"dropped":[],"bytes":0,"dry_run":false')
})

test('without a server the folder is pruned itself', async () => {
  await filled.send([{ '@timestamp': `${DAY}T00:00:00Z`, message: 'late' }])
  expect(await filled.server.stop()).toBe(0)
  const { status, stdout } = await filled.read('prune', '--older-than', '7d', '--verbose')
  expect(status).toBe(0)
  expect(stdout).toContain('dropped 1 day, 1 record, ')
  expect(await filled.read('stats', DAY)).toMatchObject({ status: 1 })
})
