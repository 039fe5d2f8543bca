// `--dir`: the commands on plain daily files as seed systems have them, with everything odd that lies there.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { type Ended, logctl } from '../../house/program.js'
import { tempFolder } from '../../temp-folder.js'

const event = (time: string, message: string): string =>
  `${JSON.stringify({ '@timestamp': time, source: 'web', message })}\n`
const MORNING = event('2025-01-11T09:30:00Z', 'hello')

function ask(folder: string, ...args: string[]): Promise<Ended> {
  return logctl([...args, '--dir', folder], folder)
}

test('it excludes --data and --server, and is also a setting', async () => {
  const folder = tempFolder({ 'logs/2025-01-11.log': MORNING, 'logctl.yml': 'client: { dir: logs }' })
  for (const other of ['--data=x', '--server=http://127.0.0.1:9'])
    expect(await ask(folder, 'labels', other)).toMatchObject({ status: 2 })
  expect(await logctl(['labels', 'source'], folder)).toEqual({ status: 0, stdout: 'web\n', stderr: '' })
  expect(await logctl(['labels', '--dir', `${folder}/none`], folder)).toMatchObject({ status: 3, stdout: '' })
})

test('a folder of today with logrotate and Vector in it: each line counts once', async () => {
  const folder = tempFolder({
    '2025-01-11.log': '',
    '2025-01-11.log.1': event('2025-01-11T10:00:00Z', 'two'),
    'errors-2025-01-11.log': MORNING,
    '2025-13-45.log': MORNING,
    'notes.txt': MORNING,
  })
  writeFileSync(`${folder}/2025-01-11.log.2.gz`, gzipSync(MORNING))
  // What Vector's file sink does when it is told to compress.
  writeFileSync(
    `${folder}/2025-01-12.log`,
    Buffer.concat([
      gzipSync(event('2025-01-12T00:00:00Z', 'three')),
      gzipSync(event('2025-01-13T00:00:00Z', 'four')),
    ]),
  )
  const { status, stdout } = await ask(folder, 'stats', '2025-01-11', '--json')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    total: 2,
    by: { hour: { '09': 1, '10': 1 } },
    files: [{ path: '2025-01-11.log.1' }, { path: '2025-01-11.log.2.gz' }],
  })
  expect(JSON.parse((await ask(folder, 'stats', '2025-01-12', '--json')).stdout)).toMatchObject({
    total: 2,
    by: { hour: { '00': 2 } },
  })
  expect(await ask(folder, 'stats', '2025-01-13')).toMatchObject({ status: 1 })
  expect((await ask(folder, 'grep', '-c', '.')).stdout).toBe('4\n')
})

test('what is not whole ends with 4 and is named', async () => {
  const folder = tempFolder({ '2025-01-11.log': MORNING })
  writeFileSync(
    `${folder}/2025-01-12.log.gz`,
    gzipSync(event('2025-01-12T09:00:00Z', 'cut').repeat(50)).subarray(0, -9),
  )
  writeFileSync(`${folder}/2025-01-11.log.gz`, gzipSync(MORNING))
  symlinkSync('/etc/passwd', `${folder}/2025-01-13.log`)
  execFileSync('mkfifo', [`${folder}/2025-01-14.log`])
  mkdirSync(`${folder}/2025-01-15.log`)
  const { status, stdout, stderr } = await ask(folder, 'grep', '-c', '.')
  expect([status, stdout]).toEqual([4, '51\n'])
  for (const name of ['2025-01-11.log.gz', '2025-01-12.log.gz', '2025-01-13.log', '2025-01-14.log'])
    expect(stderr).toContain(`warning: ${name} `)
  expect(stderr).not.toContain('2025-01-15')
  expect(await ask(folder, 'stats', '2025-01-12')).toMatchObject({ status: 4 })
  expect(await ask(folder, 'stats', '2025-01-14')).toMatchObject({ status: 3 })
})

test('prune removes all files of a day and nothing that is named otherwise', async () => {
  const today = new Date().toISOString().slice(0, 10)
  const kept = {
    [`${today}.log`]: MORNING,
    '2025-01-11.log.bak': '',
    '2025-13-45.log': '',
    'x-2025-01-11.log': '',
    '2025-01-11.txt': '',
  }
  const gone = {
    '2025-01-11.log': MORNING,
    '2025-01-11.log.1.gz': 'z',
    'errors-2025-01-11.log': MORNING,
    '2025-01-12.gz': 'z',
  }
  const folder = tempFolder({ ...kept, ...gone })
  symlinkSync(`${today}.log`, `${folder}/2025-01-10.log`)
  mkdirSync(`${folder}/2025-01-09.log`)
  expect((await ask(folder, 'prune', '--dry-run')).stdout).toMatch(
    /^2025-01-11 .*\n2025-01-12 .*\nwould drop 2 days, \d+ B\n$/,
  )
  expect(readdirSync(folder)).toHaveLength(11)
  const { stdout } = await ask(folder, 'prune', '--json')
  expect(JSON.parse(stdout)).toMatchObject({
    dropped: [{ day: '2025-01-11' }, { day: '2025-01-12' }],
    dry_run: false,
  })
  expect(readdirSync(folder).sort()).toEqual(
    [...Object.keys(kept), '2025-01-09.log', '2025-01-10.log'].sort(),
  )
  expect((await ask(folder, 'prune', '--verbose', '--older-than', '36500d')).stdout).toContain(
    'nothing to drop',
  )
})

test('prune refuses when the clock is far ahead of what was written last', async () => {
  const folder = tempFolder({ '2025-01-11.log': MORNING })
  const then = new Date('2025-01-11T10:00:00Z')
  utimesSync(`${folder}/2025-01-11.log`, then, then)
  expect(await ask(folder, 'prune')).toMatchObject({ status: 3 })
  expect(await ask(folder, 'prune', '--force')).toMatchObject({ status: 0 })
  expect(readdirSync(folder)).toEqual([])
})
