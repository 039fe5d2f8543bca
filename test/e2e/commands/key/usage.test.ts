// `logctl key list` and `logctl status` say what keys were used for, and the folder remembers when.
import { expect, test } from 'vitest'
import { logctl, startServer } from '../../../house/program.js'
import { tempFolder } from '../../../temp-folder.js'

interface Listed {
  readonly name: string
  readonly last_seen?: string
  readonly doors?: readonly object[]
}

test('what a key sent is shown while the server runs; when it was seen, also afterwards', async () => {
  const home = tempFolder()
  const data = `${home}/data`
  const run = (...args: string[]) => logctl([...args, '--data', data], home)
  const keys = async (): Promise<Listed[]> => {
    const { stdout } = await run('key', 'list', '--json')
    return (JSON.parse(stdout) as { keys: Listed[] }).keys
  }
  const { key } = JSON.parse((await run('key', 'create', 'web', '--json')).stdout) as { key: string }
  await run('key', 'create', 'idle')
  const server = await startServer(data, home)
  const sent = await fetch(`${server.url}/api/v1/logs`, {
    method: 'POST',
    body: '{"message":"one"}\n{broken\n',
    headers: { authorization: `Bearer ${key}` },
  })
  expect(sent.status).toBe(200)
  const [web, idle] = await keys()
  expect(web).toMatchObject({
    name: 'web',
    doors: [{ door: 'json', lines: 1, bytes: 26, refused: { not_json: 1 } }],
  })
  expect(idle).not.toHaveProperty('last_seen')
  expect((await run('key', 'list')).stdout).toContain('json 1 line, 26 B, 1 refused (not_json)')
  expect((await run('status')).stdout).toMatch(/web +\S+ ago +json 1 line/)
  expect(await server.stop()).toBe(0)
  expect((await keys())[0]?.last_seen).toBe(web?.last_seen)
}, 120_000)
