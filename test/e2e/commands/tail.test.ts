// `logctl tail` shows the last logs and then those that arrive, until Ctrl-C.
import { execaNode } from 'execa'
import { expect, test } from 'vitest'
import path from 'node:path'
import { ROOT } from '../../house/files.js'
import { EVENTS, filledServer } from './filled-server.js'

const filled = filledServer()
const RUN = path.join(ROOT, 'bin/run.js')

test('the last are shown oldest first, whenever they were', async () => {
  const { status, stdout } = await filled.ask('tail', '-n', '2', '--no-follow')
  expect(status).toBe(0)
  expect(stdout.split('\n').map((line) => line.slice(0, 23))).toEqual([
    '2025-01-11 10:00:00.000',
    '2025-01-11 10:00:02.500',
    '',
  ])
  expect(await filled.read('tail', '-n', '2', '--no-follow')).toEqual({ status, stdout, stderr: '' })
})

const count = async (...args: string[]): Promise<number> =>
  (await filled.ask('tail', '--no-follow', '--json', ...args)).stdout.split('\n').length - 1

test('a selector, a level, a source and a pattern narrow it', async () => {
  expect(await count()).toBe(EVENTS.length)
  expect(await count('{source="web"}')).toBe(2)
  expect(await count('--source', 'access')).toBe(1)
  expect(await count('--level', 'error,info')).toBe(2)
  expect(await count('--grep', 'GET')).toBe(1)
  expect(await count('-t', 'zed')).toBe(1)
  expect(await count('-n', '0')).toBe(0)
})

test.each(['server', 'folder'])(
  'live from the %s: what arrives is printed, Ctrl-C ends with 130',
  async (from) => {
    const where = from === 'server' ? ['--server', filled.server.url] : ['--data', filled.data]
    const message = `live to the ${from}`
    const tail = execaNode(RUN, ['tail', '-n', '1', '--json', ...where], {
      reject: false,
      nodeOptions: [],
      env: { HOME: filled.home },
    })
    const seen: string[] = []
    for await (const line of tail) {
      seen.push((JSON.parse(line) as { line: string }).line)
      if (seen.length === 1) await filled.send([{ message }])
      if (seen.length === 2) tail.kill('SIGINT')
    }
    const { exitCode, stderr } = await tail
    expect(seen.at(-1)).toBe(message)
    expect(seen).toHaveLength(2)
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: '' })
  },
)
