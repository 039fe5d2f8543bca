// The mirror of a real server: after kills under load it holds every record of the store, once; where it cannot be
// written, ingestion goes on and says so.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { logctl, startServer } from '../house/program.js'
import { tempFolder } from '../temp-folder.js'

const CONFIG = 'mirror: { path: mirror/%Y-%m-%d.log, errors: mirror/errors-%Y-%m-%d.log }\n'
const ROUNDS = 4

function bodyOf(round: number, batch: number): string {
  const lines = Array.from({ length: 100 }, (_, i) => ({
    '@timestamp': new Date(Date.UTC(2025, 0, 11) + ((batch * 100 + i) % 172_800) * 1000).toISOString(),
    level: i % 9 ? 'info' : 'error',
    message: `${round} ${batch} ${i}`,
  }))
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

const texts = (stdout: string): string[] => stdout.trimEnd().split('\n').sort()

const isError = (text: string): boolean => text.includes('"level":"error"')

test('killed under load again and again, the mirror is what the store is', async () => {
  const home = tempFolder({ 'logctl.yml': CONFIG })
  const data = `${home}/data`
  for (let round = 0; round < ROUNDS; round++) {
    const server = await startServer(data, home)
    const sender = async (number: number): Promise<void> => {
      for (let batch = number; ; batch += 3) {
        const answer = await fetch(`${server.url}/api/v1/logs`, {
          method: 'POST',
          body: bodyOf(round, batch),
        }).catch(() => undefined)
        if (answer === undefined) return
      }
    }
    const senders = [0, 1, 2].map(sender)
    await sleep(400 + round * 450)
    process.kill(server.pid, 'SIGKILL')
    await Promise.all(senders)
  }
  const last = await startServer(data, home)
  expect(await last.stop()).toBe(0)
  const stored = await logctl(['grep', '.', '--json', '--data', data], home)
  const mirrored = await logctl(['grep', '.', '--json', '--dir', `${home}/mirror`], home)
  expect(mirrored.stderr).toBe('')
  expect(texts(stored.stdout).length).toBeGreaterThan(1000)
  expect(texts(mirrored.stdout)).toEqual(texts(stored.stdout))
  const errors = readdirSync(`${home}/mirror`).filter((name) => name.startsWith('errors-'))
  const errorLines = errors.flatMap((name) =>
    readFileSync(`${home}/mirror/${name}`, 'utf8').trimEnd().split('\n'),
  )
  expect(errorLines.length).toBe(texts(stored.stdout).filter(isError).length)
}, 120_000)

test('a path that cannot be written is told of, ingestion goes on, and it catches up', async () => {
  const home = tempFolder({ 'logctl.yml': CONFIG, mirror: 'a file where the folder should be' })
  const server = await startServer(`${home}/data`, home)
  const send = (message: string): Promise<Response> =>
    fetch(`${server.url}/api/v1/logs`, {
      method: 'POST',
      body: JSON.stringify({ time: '2025-01-11', message }),
    })
  const status = async (): Promise<unknown> =>
    ((await (await fetch(`${server.url}/api/v1/status`)).json()) as { mirror: unknown }).mirror
  expect((await send('one')).status).toBe(200)
  await expect.poll(status, { timeout: 10_000 }).toMatchObject({ state: 'failed', behind: 1 })
  expect(await (await fetch(`${server.url}/health`)).json()).toMatchObject({ status: 'degraded' })
  expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('logctl_mirror_failed 1')
  expect((await send('two')).status).toBe(200)
  rmSync(`${home}/mirror`)
  await expect.poll(status, { timeout: 20_000 }).toMatchObject({ state: 'ok', behind: 0 })
  expect(await server.stop()).toBe(0)
  const { stdout } = await logctl(['grep', '-c', '.', '--dir', `${home}/mirror`], home)
  expect(stdout).toBe('2\n')
}, 60_000)

test('days that are pruned go from the mirror, through the server and without it', async () => {
  const home = tempFolder({ 'logctl.yml': CONFIG })
  const data = `${home}/data`
  for (const through of ['server', 'folder']) {
    const server = await startServer(data, home)
    const body = '{"time":"2025-01-11T00:00:00Z","message":"old","level":"error"}\n{"message":"new"}'
    expect((await fetch(`${server.url}/api/v1/logs`, { method: 'POST', body })).status).toBe(200)
    await expect.poll(() => readdirSync(`${home}/mirror`).length, { timeout: 10_000 }).toBe(3)
    if (through === 'server')
      expect(await logctl(['prune', '--server', server.url], home)).toMatchObject({ status: 0 })
    expect(await server.stop()).toBe(0)
    if (through === 'folder')
      expect(await logctl(['prune', '--data', data], home)).toMatchObject({ status: 0 })
    expect(readdirSync(`${home}/mirror`)).toHaveLength(1)
    if (through === 'server') rmSync(`${home}/mirror`, { recursive: true })
  }
  mkdirSync(`${home}/empty`)
  writeFileSync(`${home}/logctl.yml`, 'mirror: { path: /x/%Y.log }\n')
  expect(await logctl(['config', 'check'], home)).toMatchObject({ status: 2 })
}, 60_000)
