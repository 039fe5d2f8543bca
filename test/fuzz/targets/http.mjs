// The same bodies through the real server: whatever comes in, it answers, never with a 5xx but 503, and lives.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compress } from 'snappyjs'
import { numberBelow, pick, randomOf } from '../random.mjs'
import { encodings } from './encodings.mjs'
import { elasticsearchBulk, splunkEvents } from './flat-doors.mjs'
import { herokuDrain } from './heroku-drain.mjs'
import { jsonDoor } from './json-door.mjs'
import { lokiJson } from './loki-json.mjs'
import { lokiProtobuf } from './loki-protobuf.mjs'

const RUN = join(import.meta.dirname, '..', '..', '..', 'bin', 'run.js')
const PATHS = [
  '/api/v1/logs',
  '/',
  '/loki/api/v1/push',
  '/api/prom/push',
  '/api/v1/scan',
  '/heroku/drain',
  '/_bulk',
  '/logs/_bulk',
  '/services/collector',
  '/services/collector/raw',
]
const TYPES = [
  'application/json',
  'application/x-protobuf',
  'text/plain',
  'application/x-ndjson',
  'application/logplex-1',
  '',
]
const ENCODINGS = ['identity', 'gzip', 'deflate', 'zstd', 'snappy', 'br', 'gzip, gzip', '']

const agent = new Agent({ keepAlive: true, maxSockets: 4 })
let folder = ''
let url = ''
/** @type {import('node:child_process').ChildProcess | undefined} */
let server

async function open() {
  folder = mkdtempSync(join(tmpdir(), 'logctl-fuzz-'))
  server = spawn(
    process.execPath,
    [RUN, 'serve', '--listen', '127.0.0.1:0', '--data', join(folder, 'data')],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let said = ''
  server.stderr?.setEncoding('utf8').on('data', (text) => (said += said.length < 1e6 ? text : ''))
  for (const untilMs = Date.now() + 30_000; url === '' && Date.now() < untilMs;) {
    await new Promise((resolve) => void setTimeout(resolve, 20))
    url = /listening on (http:\/\/[\d.:]+)/.exec(said)?.[1] ?? ''
  }
  assert.ok(url !== '', `serve does not listen: ${said}`)
}

async function close() {
  agent.destroy()
  server?.kill('SIGTERM')
  const [status] = server?.exitCode === null ? await once(server, 'exit') : [server?.exitCode]
  rmSync(folder, { recursive: true, force: true })
  assert.equal(status, 0, 'serve ends well')
}

/** @param {string} path @param {Record<string, string>} headers @param {Buffer} body @returns {Promise<number>} */
function post(path, headers, body) {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { method: 'POST', agent, headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0))
    })
    sent.once('error', reject).end(body)
  })
}

/** @type {import('../rounds.mjs').Target} */
export const HTTP = {
  name: 'http',
  bodies: (seed) => [
    ...[jsonDoor, lokiJson, herokuDrain, elasticsearchBulk, splunkEvents, ...encodings].flatMap((target) =>
      target.bodies(seed).slice(0, 60),
    ),
    ...lokiProtobuf
      .bodies(seed)
      .slice(0, 60)
      .map((message) => Buffer.from(compress(message))),
  ],
  words: [...jsonDoor.words, ...lokiProtobuf.words],
  refusals: [],
  deadlineMs: 10_000,
  open,
  close,
  async run(input) {
    const random = randomOf(input.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 7))
    const scope = numberBelow(random, 20) === 0 ? { 'x-scope-orgid': `t${numberBelow(random, 3)}|` } : {}
    const headers = {
      'content-type': pick(random, TYPES),
      'content-encoding': pick(random, ENCODINGS),
      ...scope,
    }
    const status = await post(pick(random, PATHS), headers, input)
    assert.ok(status < 500 || status === 503, `answered ${status} to ${JSON.stringify(headers)}`)
    assert.equal(server?.exitCode, null, 'the server lives')
  },
}
