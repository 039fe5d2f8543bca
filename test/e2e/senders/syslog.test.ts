// Syslog as real senders speak it: util-linux's logger, rsyslog and nginx, each in the forms that it knows.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { LogRecord } from '#logctl/record/record.js'
import { logctl, type Server, startServer } from '../../house/program.js'

let home: string
let server: Server
let port: number

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'logctl-syslog-'))
  server = await startServer(path.join(home, 'data'), home, ['--syslog-listen', '127.0.0.1:0'])
  port = await syslogPort()
})

afterAll(async () => {
  await server.stop()
  await rm(home, { recursive: true, force: true })
})

async function syslogPort(): Promise<number> {
  const status = (await (await fetch(`${server.url}/api/v1/status`)).json()) as {
    listeners: { kind: string; url: string }[]
  }
  const url = status.listeners.find(({ kind }) => kind === 'syslog')?.url ?? ''
  return Number(url.slice(url.lastIndexOf(':') + 1))
}

const PATIENCE_MS = 90_000

/** Asks again until there is a value. */
async function eventually<Value>(ask: () => Promise<Value | undefined>, what: () => string): Promise<Value> {
  const untilMs = Date.now() + PATIENCE_MS
  for (;;) {
    const value = await ask()
    if (value !== undefined) return value
    if (Date.now() > untilMs) throw new Error(`never came: ${what()}`)
    await sleep(50)
  }
}

/** Waits until so many lines of an app are stored. */
function recordsOf(app: string, count: number): Promise<LogRecord[]> {
  return eventually(
    async () => {
      const args = ['grep', '.', `{source="syslog", app="${app}"}`, '--json', '--server', server.url]
      const { stdout } = await logctl(args, home)
      const records = stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as LogRecord)
      return records.length >= count ? records : undefined
    },
    () => `${count} lines of ${app}`,
  )
}

/** An action of rsyslog's. */
function forward(rest: string): string {
  return `action(type="omfwd" target="127.0.0.1" port="${port}" ${rest})`
}

/** Starts a program in the foreground, for as long as the test takes. */
async function run(command: string, args: readonly string[], isReady: () => Promise<boolean>): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await ended
  })
  await eventually(
    async () => (await isReady()) || undefined,
    () => `${command} ${said}`,
  )
}

test.each([
  ['udp-modern', ['-d', '--rfc5424']],
  ['udp-old', ['-d', '--rfc3164']],
  ['tcp-modern', ['-T', '--rfc5424']],
  ['tcp-old', ['-T', '--rfc3164']],
  ['tcp-counted', ['-T', '--rfc5424', '--octet-count']],
])('logger, %s', async (app, args) => {
  const message = 'words with "quotes" and ü'
  await execa('logger', [
    '-n',
    '127.0.0.1',
    '-P',
    String(port),
    ...args,
    '-t',
    app,
    '-p',
    'local3.warning',
    message,
  ])
  const [record] = await recordsOf(app, 1)
  expect(record).toMatchObject({
    line: message,
    level: 'warn',
    labels: { source: 'syslog', app, host: os.hostname().split('.')[0] },
    fields: { facility: 'local3', severity: 'warning' },
  })
})

test('rsyslog, over TCP in both framings and over UDP', async () => {
  const folder = await mkdtemp(path.join(home, 'rsyslog-'))
  const socket = path.join(folder, 'log')
  await writeFile(
    path.join(folder, 'rsyslog.conf'),
    `global(workDirectory="${folder}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${socket}")
${forward('protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"')}
${forward('protocol="tcp" template="RSYSLOG_ForwardFormat"')}
${forward('protocol="udp" template="RSYSLOG_TraditionalForwardFormat"')}
`,
  )
  await run(
    'rsyslogd',
    ['-n', '-f', path.join(folder, 'rsyslog.conf'), '-i', path.join(folder, 'pid')],
    async () => {
      const { exitCode } = await execa('test', ['-S', socket], { reject: false })
      return exitCode === 0
    },
  )
  await execa('logger', ['-u', socket, '-t', 'through-rsyslog', '-p', 'user.err', 'disk full'])
  const records = await recordsOf('through-rsyslog', 3)
  expect(records.map(({ line, level }) => [line, level])).toEqual(
    ['tcp', 'tcp', 'udp'].map(() => ['disk full', 'error']),
  )
})

test('nginx writes its access log here', async () => {
  const folder = await mkdtemp(path.join(home, 'nginx-'))
  const web = path.join(folder, 'web')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  await writeFile(
    path.join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  log_format js escape=json '{"uri":"$uri","status":$status}';
  access_log syslog:server=127.0.0.1:${port},facility=local7,tag=through_nginx,severity=info js;
  server { listen unix:${web}; return 204; }
}
`,
  )
  await run(
    'nginx',
    ['-c', path.join(folder, 'nginx.conf'), '-e', path.join(folder, 'error.log')],
    async () => {
      const { exitCode } = await execa('curl', ['-fsS', '--unix-socket', web, 'http://web/asked'], {
        reject: false,
      })
      return exitCode === 0
    },
  )
  const [record] = await recordsOf('through_nginx', 1)
  expect(record).toMatchObject({ line: '{"uri":"/asked","status":204}', labels: { app: 'through_nginx' } })
})
