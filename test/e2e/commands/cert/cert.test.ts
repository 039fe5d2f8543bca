// `logctl cert`: certificates for senders as curl uses them, against a server that is never restarted.
import { execFile } from 'node:child_process'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { logctl, startServer } from '../../../house/program.js'
import { openssl } from '../../../server/tls/openssl.js'
import { tempFolder } from '../../../temp-folder.js'

/** The HTTP status, or curl's own failure. */
function curl(args: readonly string[], cwd: string): Promise<string> {
  const argv = ['-s', '-S', '-o', '/dev/null', '-w', '%{http_code}', '--max-time', '20', ...args]
  return new Promise((resolve) => {
    execFile('curl', argv, { cwd }, (error, stdout, stderr) => resolve(error ? stderr.trim() : stdout))
  })
}

async function until(ask: () => Promise<boolean>): Promise<void> {
  const untilMs = Date.now() + 60_000
  while (!(await ask())) {
    if (Date.now() > untilMs) throw new Error('it never came')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test('a sender with a certificate of logctl gets in with curl, until it is revoked', async () => {
  const home = tempFolder()
  const data = path.join(home, 'data')
  const server = await startServer(data, home, ['--listen', 'https://127.0.0.1:0'])
  onTestFinished(async () => void (await server.stop()))
  const folder = ['--data', data]
  const announced = readFileSync(path.join(data, 'server.json'), 'utf8')
  const url = /https:\/\/[\d.]+:\d+/.exec(announced)?.[0] ?? ''
  const made = await logctl(
    ['cert', 'client', 'web-1', '--tenant', 'acme', '--output', 'web', ...folder],
    home,
  )
  expect(made).toMatchObject({ status: 0 })
  expect(readdirSync(path.join(home, 'web')).sort()).toEqual(['ca.crt', 'web-1.crt', 'web-1.key'])
  for (const file of ['ca.crt', 'web-1.crt', 'web-1.key'])
    expect(statSync(path.join(home, 'web', file)).mode & 0o777).toBe(0o600)
  const shown = openssl(
    ['x509', '-in', 'web/web-1.crt', '-noout', '-subject', '-ext', 'extendedKeyUsage'],
    home,
  )
  expect(shown).toMatch(/CN ?= ?web-1/)
  expect(shown).toContain('TLS Web Client Authentication')
  expect(openssl(['verify', '-x509_strict', '-CAfile', 'web/ca.crt', 'web/web-1.crt'], home)).toContain('OK')
  const believing = ['--cacert', 'web/ca.crt']
  const proving = [...believing, '--cert', 'web/web-1.crt', '--key', 'web/web-1.key']
  const line = ['--data-binary', '{"message":"hello"}', `${url}/api/v1/logs`]
  // Until the server has seen that senders have certificates, loopback needs none.
  await until(async () => (await curl([...believing, ...line], home)) === '401')
  expect(await curl([...proving, ...line], home)).toBe('200')
  expect(await curl(line, home)).toMatch(/certificate/)
  const found = await logctl(['grep', 'hello', '--json', ...folder], home)
  expect(found.stdout).toContain('"tenant":"acme"')
  expect(await logctl(['cert', 'status', ...folder], home)).toMatchObject({ status: 0 })
  expect(await logctl(['cert', 'revoke', 'web-1', ...folder], home)).toMatchObject({ status: 2 })
  expect(await logctl(['cert', 'revoke', 'web-1', '--yes', ...folder], home)).toMatchObject({ status: 0 })
  await until(async () => (await curl([...proving, ...line], home)) === '401')
  expect((await logctl(['cert', 'list', ...folder], home)).stdout).toContain('revoked')
  expect(await logctl(['cert', 'revoke', 'web-1', '--yes', ...folder], home)).toMatchObject({ status: 1 })
})

test('files that are there are never written over', async () => {
  const home = tempFolder()
  writeFileSync(path.join(home, 'web-1.key'), 'precious')
  const again = await logctl(['cert', 'client', 'web-1', '--data', 'data'], home)
  expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('is there already') })
})

test('status is 1 once a certificate has expired, and where one cannot be read', async () => {
  const home = tempFolder()
  expect(await logctl(['cert', 'status', '--data', 'data'], home)).toMatchObject({ status: 0, stdout: '' })
  await logctl(['cert', 'client', 'short', '--valid-for', '2s', '--data', 'data'], home)
  await until(async () => (await logctl(['cert', 'status', '--data', 'data'], home)).status === 1)
  expect((await logctl(['cert', 'status', '--data', 'data'], home)).stdout).toMatch(/client +short .*expired/)
  writeFileSync(path.join(home, 'server.pem'), 'nothing')
  writeFileSync(path.join(home, 'logctl.yml'), 'tls: { certificate: server.pem, key: server.pem }\n')
  const broken = await logctl(['cert', 'status', '--data', 'other', '--json'], home)
  expect(broken.status).toBe(1)
  expect(JSON.parse(broken.stdout)).toMatchObject({ certificates: [{ kind: 'server', state: 'unreadable' }] })
})
