// `logctl serve` listens, is found by other commands, follows signals, and refuses what is not safe.
import { execaNode } from 'execa'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { ROOT } from '../../house/files.js'
import { logctl } from '../../house/program.js'
import { tempFolder } from '../../temp-folder.js'

const RUN = path.join(ROOT, 'bin/run.js')
const started: { kill(signal?: NodeJS.Signals): boolean }[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** Starts `serve` on a free port in a home folder, and waits until it listens. */
async function serve(home: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const child = execaNode(RUN, ['serve', '--listen', '127.0.0.1:0', ...args], {
    reject: false,
    cwd: home,
    env: { HOME: home, XDG_DATA_HOME: '', ...env },
    extendEnv: false,
  })
  started.push(child)
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const heard = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(said)
      if (found) return found[1] ?? found[0]
      if (child.exitCode !== null) throw new Error(`serve ended: ${said}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return { child, heard, url: await heard(/^listening on (http:\S+)$/m) }
}

const send = (url: string, line: string): Promise<Response> =>
  fetch(`${url}/api/v1/logs`, { method: 'POST', body: JSON.stringify({ message: line }) })

// As root the default folder is the machine's own.
const data = (home: string): string[] => ['--data', path.join(home, 'data')]

test('it says where it listens, takes logs, and ends with 0 on SIGTERM and Ctrl-C', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const home = tempFolder()
    const { child, url, heard } = await serve(home, [...data(home), '--metrics-listen', '127.0.0.1:0'])
    const metrics = await heard(/^listening on http:\S+\nlistening on (http:\S+)$/m)
    expect((await fetch(`${metrics}/metrics`)).status).toBe(200)
    expect((await send(url, 'kept')).status).toBe(200)
    child.kill(signal)
    expect(await child).toMatchObject({ exitCode: 0, stdout: '' })
    expect(existsSync(path.join(home, 'data/server.json'))).toBe(false)
    expect((await logctl(['grep', '-c', 'kept', ...data(home)], home)).stdout).toBe('1\n')
  }
})

test('--echo prints what was accepted', async () => {
  const home = tempFolder()
  const { child, url } = await serve(home, [...data(home), '--echo'])
  await send(url, 'echoed')
  child.kill()
  expect(JSON.parse(String((await child).stdout))).toMatchObject({ line: 'echoed' })
})

test('its own log is JSON lines in a pipe', async () => {
  const home = tempFolder()
  const { child } = await serve(home, data(home))
  child.kill()
  const lines = String((await child).stderr).split('\n')
  const stopping = lines.find((line) => line.includes('stopping'))
  expect(JSON.parse(stopping ?? '')).toMatchObject({ level: 'info', message: 'stopping', signal: 'SIGTERM' })
})

test('commands find it by the data folder of the configuration, and prune goes through it', async () => {
  const home = tempFolder()
  writeFileSync(path.join(home, 'logctl.yml'), 'store: { data: ./data }\n')
  const { url } = await serve(home)
  await send(url, 'found')
  const found = await logctl(['grep', 'found', '--verbose'], home)
  expect(found).toMatchObject({ status: 0, stderr: expect.stringContaining('control.sock') })
  expect(await logctl(['prune', '--dry-run'], home)).toMatchObject({ status: 0 })
})

test('a second one on the folder, or on the port, is refused with 3', async () => {
  const home = tempFolder()
  const { url } = await serve(home, data(home))
  const again = await logctl(['serve', '--listen', '127.0.0.1:0', ...data(home)], home)
  expect(again).toMatchObject({ status: 3, stderr: expect.stringContaining('error:') })
  const address = url.replace('http://', '')
  const other = await logctl(['serve', '--listen', address, '--data', path.join(home, 'other')], home)
  expect(other).toMatchObject({ status: 3, stderr: expect.stringContaining(address) })
})

test('beyond loopback it wants a key first', async () => {
  const home = tempFolder()
  const open = await logctl(['serve', '--listen', '0.0.0.0:0', ...data(home)], home)
  expect(open).toMatchObject({ status: 2, stderr: expect.stringContaining('logctl key create') })
})

test('keys of the environment are asked for, and read with', async () => {
  const home = tempFolder()
  const { url } = await serve(home, data(home), { LOGCTL_API_KEYS: 'k-all,k-acme:acme' })
  expect((await send(url, 'no key')).status).toBe(401)
  expect(await logctl(['stats', '--server', url], home)).toMatchObject({ status: 3, stdout: '' })
  const sent = await fetch(`${url}/api/v1/logs`, {
    method: 'POST',
    headers: { authorization: 'Bearer k-acme' },
    body: '{"message":"mine"}',
  })
  expect(sent.status).toBe(200)
  expect(
    (await logctl(['grep', 'mine', '--json', '--server', url, '--key', 'k-acme'], home)).stdout,
  ).toContain('"tenant":"acme"')
})

test('SIGHUP takes over what may change, names what may not, and shrugs at a broken file', async () => {
  const home = tempFolder()
  const file = path.join(home, 'logctl.yml')
  writeFileSync(file, 'retention: { age: 30d }\n')
  const { child, heard, url } = await serve(home, data(home))
  writeFileSync(
    file,
    'retention: { age: 7d }\nserver: { echo: true }\nkeys: [{ name: a, value: some-new-key-1 }]\n',
  )
  child.kill('SIGHUP')
  expect(await heard(/"message":"read the configuration again"/)).toBeTruthy()
  expect(await heard(/these changes count from the next start: (server\.echo)/)).toBe('server.echo')
  expect((await send(url, 'no key')).status).toBe(401)
  writeFileSync(file, 'retention: [\n')
  child.kill('SIGHUP')
  expect(await heard(/the configuration was not understood; nothing changed/)).toBeTruthy()
  expect((await send(url, 'no key')).status).toBe(401)
})
