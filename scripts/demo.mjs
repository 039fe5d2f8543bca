#!/usr/bin/env zx
// `npm run demo`: a server over a fresh folder takes the logs that lie on this machine and answers about them.
// `--keep` leaves the server running. Nothing leaves the machine.
import { spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { $, chalk, sleep } from 'zx'
import { machineLogs } from './machine-logs.mjs'
import { sampleEvents } from './sample-events.mjs'

const RUN = 'bin/run.js'
const BATCH = 1000
const FEW = 100

/** Columns where there is no terminal. */
const WIDTH = 120
const START_MS = 15_000
const keep = process.argv.includes('--keep')

const folder = await mkdtemp(path.join(os.tmpdir(), 'logctl-demo-'))
const data = path.join(folder, 'data')
const server = await startServer()
try {
  const { lines, busiest } = await ship()
  if (lines > 0) await show(busiest)
} catch (error) {
  await server.stop()
  throw error
}
if (keep) server.child.unref()
else await server.stop()
goOn()

/** Starts `serve` on a free port of loopback; what it says goes to a file, so that it can outlive this script. */
async function startServer() {
  say(`logctl serve --listen 127.0.0.1:0 --data ${data}`)
  const log = path.join(folder, 'serve.log')
  const argv = [RUN, 'serve', '--listen', '127.0.0.1:0', '--data', data]
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'ignore', openSync(log, 'a')],
    detached: keep,
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  for (let waited = 0; waited < START_MS && child.exitCode === null; waited += 50) {
    const url = /listening on (http:\/\/[\d.:]+)/.exec(readFileSync(log, 'utf8'))?.[1]
    if (url) return { url, child, stop }
    await sleep(50)
  }
  await stop()
  throw new Error(`serve does not listen:\n${readFileSync(log, 'utf8')}`)
}

/** Sends everything in batches and returns how many lines were taken and the day with most of them. */
async function ship() {
  say(`POST ${server.url}/api/v1/logs`)
  const start = performance.now()
  const [bySource, byDay] = [new Map(), new Map()]
  let lines = 0
  const send = async (/** @type {import('./machine-logs.mjs').Event[]} */ events) => {
    for (let at = 0; at < events.length; at += BATCH) lines += await post(events.slice(at, at + BATCH))
    for (const { time, source } of events) {
      byDay.set(time.slice(0, 10), (byDay.get(time.slice(0, 10)) ?? 0) + 1)
      bySource.set(source, (bySource.get(source) ?? 0) + 1)
    }
  }
  for await (const events of machineLogs()) await send(events)
  if (lines < FEW) await send(sampleEvents(Date.now()))
  const seconds = (performance.now() - start) / 1000
  for (const [source, count] of bySource) console.log(`${String(count).padStart(8)} lines of ${source}`)
  console.log(`${String(lines).padStart(8)} lines on disk after ${seconds.toFixed(2)} s`)
  const [busiest = ''] = [...byDay].sort(([, a], [, b]) => b - a).map(([day]) => day)
  return { lines, busiest }
}

/** @param {import('./machine-logs.mjs').Event[]} events */
async function post(events) {
  const body = events.map((event) => JSON.stringify(event)).join('\n')
  const response = await fetch(`${server.url}/api/v1/logs`, { method: 'POST', body })
  const answer = /** @type {{ accepted?: number }} */ (await response.json())
  if (!response.ok) throw new Error(`the server answered ${response.status}: ${JSON.stringify(answer)}`)
  return answer.accepted ?? 0
}

/** The busiest day's counts, and a few lines of the first word that is found. @param {string} day */
async function show(day) {
  await logctl('stats', day, '--top', '5')
  for (const word of ['error', 'warn', 'install']) {
    const { exitCode } = await logctl('grep', '-i', String.raw`\b${word}`, '--limit', '3')
    if (exitCode === 0) break
  }
}

/** Runs a command in the open, long lines cut. Its "no" (status 1) is an answer. @param {string[]} args */
async function logctl(...args) {
  say(`logctl ${args.map((arg) => (/[^\w./:-]/.test(arg) ? `'${arg}'` : arg)).join(' ')}`)
  const done = await $({ nothrow: true })`${[process.execPath, RUN, ...args, '--server', server.url]}`
  for (const line of done.stdout.trimEnd().split('\n'))
    console.log(line.slice(0, process.stdout.columns ?? WIDTH))
  if ((done.exitCode ?? 70) > 1)
    throw new Error(`logctl ${args[0]} ended with ${done.exitCode}: ${done.stderr}`)
  return done
}

function goOn() {
  const where = keep ? `--server ${server.url}` : `--data ${data}`
  say('and now')
  if (keep)
    console.log(`  node ${RUN} tail ${where}          follow; then send something from another terminal`)
  console.log(`  node ${RUN} grep PATTERN ${where}`)
  if (keep) console.log(`  kill ${server.child.pid}          stop the server`)
  else console.log('  npm run demo -- --keep          the same, with the server left running')
  console.log(`  rm -r ${folder}          forget it all`)
}

/** @param {string} text */
function say(text) {
  console.log(chalk.bold(`\n› ${text}`))
}
