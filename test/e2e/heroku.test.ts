// A drain as its owner sets it up: curl speaks for Logplex, with a key in the URL or a token that the configuration
// knows; a frame that comes again after the server was killed is stored once.
import { writeFileSync } from 'node:fs'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { logctl, startServer } from '../house/program.js'
import { tempFolder } from '../temp-folder.js'

const DRAIN = 'd.6f5d9c1e-0000-4000-8000-000000000001'

interface Stored {
  readonly tenant: string
  readonly labels: Readonly<Record<string, string>>
  readonly line: string
}

function frames(...lines: readonly string[]): string {
  return lines
    .map((line) => `<190>1 2025-01-11T09:30:00.5+00:00 host app web.1 - ${line}\n`)
    .map((frame) => `${Buffer.byteLength(frame)} ${frame}`)
    .join('')
}

/** The status of the answer. */
async function curl(url: string, body: string, headers: readonly string[]): Promise<string> {
  const all = ['content-type: application/logplex-1', ...headers].flatMap((header) => ['-H', header])
  const { stdout } = await execa(
    'curl',
    ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--data-binary', '@-', ...all, url],
    { input: body },
  )
  return stdout
}

test('drains with a token and with a key in the URL; a frame after a kill is stored once', async () => {
  const home = tempFolder()
  const data = `${home}/data`
  writeFileSync(`${home}/logctl.yml`, `heroku: {drains: [{token: ${DRAIN}, app: shop, tenant: acme}]}\n`, {
    mode: 0o600,
  })
  const made = await logctl(['key', 'create', 'space', '--json', '--data', data], home)
  const { key } = JSON.parse(made.stdout) as { key: string }
  const known = [`logplex-drain-token: ${DRAIN}`, 'logplex-frame-id: 09C557EAFCFB6CF2740EE62F62971098']
  const body = frames('first', 'second\n  and its second line')
  const server = await startServer(data, home)
  expect(await curl(`${server.url}/heroku/drain`, body, known)).toBe('200')
  expect(await curl(`${server.url}/heroku/drain`, body, ['logplex-drain-token: d.other'])).toBe('401')
  process.kill(server.pid, 'SIGKILL')
  const next = await startServer(data, home)
  expect(await curl(`${next.url}/heroku/drain`, body, known)).toBe('200')
  const withKey = next.url.replace('://', `://logs:${key}@`)
  expect(await curl(`${withKey}/?app=blog`, frames('third'), [])).toBe('200')
  expect(await next.stop()).toBe(0)
  const { stdout } = await logctl(['grep', '.', '--json', '--data', data], home)
  const stored = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Stored)
  expect(stored.map(({ tenant, labels, line }) => [tenant, labels['app'], line])).toEqual([
    ['acme', 'shop', 'first'],
    ['acme', 'shop', 'second\n  and its second line'],
    ['none', 'blog', 'third'],
  ])
}, 120_000)
