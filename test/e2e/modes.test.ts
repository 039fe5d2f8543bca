// The law of modes: the same commands on the same data print the same bytes through a server, on its folder while
// it runs, and on the folder alone; while the data is hot and after it is sealed; on the mirror that the server wrote
// meanwhile; and on plain daily files into which the same events were written by somebody else.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Server, logctl, startServer } from '../house/program.js'

const COMMANDS: readonly (readonly string[])[] = [
  ['stats', '2025-01-11'],
  ['stats', '2025-01-11', '--json', '--by', 'region'],
  ['stats', '2025-01-12', '--tenant', 'acme'],
  ['stats', '2020-01-01'],
  ['tail', '--no-follow', '-n', '7'],
  ['tail', '--no-follow', '-n', '3', '{source="web"}', '--json'],
  ['tail', '--no-follow', '--level', 'error', '--json'],
  ['grep', 'line 1[0-3]'],
  ['grep', '-F', '"quoted"', '--json'],
  ['grep', '-i', 'CAFÉ', '--json'],
  ['grep', '-v', 'line', '--json'],
  ['grep', '-c', '.'],
  ['grep', '42', '{region=~"eu.*"} |= "line"', '--json'],
  ['grep', 'line 20$', '-C', '2'],
  ['grep', 'line', '--from', '2025-01-11T00:01:00Z', '--to', '2025-01-11T00:02:00Z', '--json'],
  ['grep', 'nothing has this'],
  ['grep', 'line', '--limit', '3', '--tenant', 'acme'],
  ['labels'],
  ['labels', 'region'],
  [
    'tail',
    '--no-follow',
    '-n',
    '4',
    '{source="web"} | logfmt | ok = "false" | line_format "{{.Status}}"',
    '--json',
  ],
  ['grep', '7', '{source="web"} | pattern "line <n>" | n > 100', '--json'],
  ['grep', '-c', 'case', '{} | drop Status'],
  ['query', '{source="web"}', '--since', '2025-01-11'],
  [
    'query',
    '{region=~".+"} | status > 300 | label_format where="{{.region}}"',
    '--date',
    '2025-01-12',
    '--json',
  ],
  ['query', '{}', '--limit', '0', '--direction', 'forward', '--from', '2025-01-01', '--json'],
  ['query', 'sum by (tenant, level) (rate({} [1m]))', '--from', '2025-01-11', '--to', '2025-01-11T00:05:00Z'],
  ['query', 'max(max_over_time({} | unwrap ratio [10m]))', '--now', '2025-01-11T00:03:00Z', '--json'],
  ['query', '{source="nobody"}', '--date', '2025-01-11'],
  ['export', '{region=~".+"} | status > 300', '--format', 'csv'],
]

/** What a day occupies changes when it is sealed. */
const ALL = [...COMMANDS, ['prune', '--dry-run', '--force', '--older-than', '1d']]

const run = promisify(execFile)

let home: string
let data: string
let server: Server

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'logctl-modes-'))
  data = path.join(home, 'data')
  // Nothing is sealed before the test says so.
  await writeFile(
    path.join(home, 'logctl.yml'),
    'store: { segment_idle: 1h, segment_age: 1h }\nmirror: { path: mirror/%Y-%m-%d.log, errors: mirror/errors-%Y-%m-%d.log }\n',
  )
  server = await startServer(data, home)
  for (const body of bodies()) {
    const answer = await fetch(`${server.url}/api/v1/logs`, { method: 'POST', body })
    expect(answer.status).toBe(200)
  }
  const push = await fetch(`${server.url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-scope-orgid': 'loki' },
    body: JSON.stringify({
      streams: [
        {
          stream: { app: 'api', region: 'us-1' },
          values: [['1736553700000000001', '{"msg":"pushed","n":1}', { trace_id: 'abc' }]],
        },
      ],
    }),
  })
  expect(push.status).toBe(204)
})

afterAll(async () => {
  await server.stop()
  await rm(home, { recursive: true })
})

/** Two days, several tenants, odd fields, equal timestamps, one access line. */
function bodies(): string[] {
  const base = Date.UTC(2025, 0, 11)
  const lines = Array.from({ length: 300 }, (_, i) => ({
    '@timestamp': new Date(base + Math.floor(i / 3) * 2_000 + (i % 50 === 0 ? 86_400_000 : 0)).toISOString(),
    tenant: ['acme', 'globex', 'initech'][i % 3],
    source: i % 2 ? 'web' : 'worker',
    stream: i % 7 ? 'stdout' : 'stderr',
    level: ['info', 'WARN', 'error', 'debug'][i % 4],
    ...(i % 5 === 0 && { region: i % 10 ? 'eu-1' : 'us-1' }),
    message: i % 11 ? `line ${i}` : `café "quoted"\nsecond ${i}\u0001`,
    status: i % 6 ? 200 + i : String(i),
    ratio: i / 8,
    ok: i % 2 === 0,
    Status: 'case',
    _own: i,
    date: 'not the folder',
  }))
  const access = { '@timestamp': '2025-01-11T00:01:30.5-05:00', method: 'GET', uri: '/x?y=42', status: 200 }
  return [
    lines.map((line) => JSON.stringify(line)).join('\n'),
    JSON.stringify([access]),
    'plain ERROR text\n',
  ]
}

async function answers(
  commands: readonly (readonly string[])[],
  where: readonly string[],
): Promise<string[]> {
  const printed: string[] = []
  for (const command of commands) {
    const { status, stdout, stderr } = await logctl([...command, ...where], home)
    printed.push(`$ logctl ${command.join(' ')}\n${stdout}${stderr}exit ${status}\n`)
  }
  return printed
}

describe('server, folder beside the server, and folder alone', () => {
  let hot: string[]

  test('agree while the data is hot', async () => {
    hot = await answers(COMMANDS, ['--server', server.url])
    expect(hot.filter((text) => /exit (?!0|1)/.test(text))).toEqual([])
    expect(await answers(COMMANDS, ['--data', data])).toEqual(hot)
  })

  test('agree after sealing, with each other and with what was said before', async () => {
    const sealed = await fetch(`${server.url}/api/v1/seal`, { method: 'POST' })
    expect(sealed.ok).toBe(true)
    const after = await answers(ALL, ['--server', server.url])
    expect(withoutFiles(after.slice(0, COMMANDS.length))).toEqual(withoutFiles(hot))
    expect(await answers(ALL, ['--data', data])).toEqual(after)
    await server.stop()
    expect(await answers(ALL, ['--data', data])).toEqual(after)
    server = await startServer(data, home)
    expect(await answers(ALL, ['--server', server.url])).toEqual(after)
  })

  test('agree with the mirror', async () => {
    const mirror = path.join(home, 'mirror')
    const mirrored = await answers(COMMANDS, ['--dir', mirror])
    expect(withoutFiles(mirrored)).toEqual(withoutFiles(hot))
    for (const name of await readdir(mirror)) await run('gzip', [path.join(mirror, name)])
    expect(withoutFiles(await answers(COMMANDS, ['--dir', mirror]))).toEqual(withoutFiles(hot))
  })

  test('agree with plain files of the same events', async () => {
    const [events = '', access = ''] = bodies()
    const [own, plain] = [path.join(home, 'own'), path.join(home, 'plain')]
    const other = await startServer(own, home)
    for (const body of [events, access])
      expect((await fetch(`${other.url}/api/v1/logs`, { method: 'POST', body })).status).toBe(200)
    const asked = withoutFiles(await answers(COMMANDS, ['--server', other.url]))
    await other.stop()
    await mkdir(plain)
    const lines = [...events.split('\n'), JSON.stringify((JSON.parse(access) as unknown[])[0])]
    for (const day of ['2025-01-11', '2025-01-12']) {
      const ofDay = lines.filter((line) => line.includes(`{"@timestamp":"${day}`))
      await writeFile(path.join(plain, `${day}.log`), ofDay.map((line) => `${line}\n`).join(''))
    }
    expect(withoutFiles(await answers(COMMANDS, ['--dir', plain]))).toEqual(asked)
  })
})

/** What a day occupies on disk differs between hot and sealed; everything else must not. */
function withoutFiles(printed: readonly string[]): string[] {
  return printed.map((text) => text.replace(/\nfiles\n[\s\S]*?(?=exit)|"files":\[.*?\]/, ''))
}
