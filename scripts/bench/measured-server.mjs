// A `logctl serve` of the built program over a folder of its own, that can be measured from outside.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openServer } from '#logctl/client/open-server.js'
import { cpuSeconds } from './process-cost.mjs'

export const PROGRAM = path.resolve(import.meta.dirname, '../../bin/run.js')
const START_MS = 15_000
/** Servers that run. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()
/** Merging goes on after sealing, but not for longer than this. */
const QUIET_MS = 60_000

/**
 * @typedef {object} MeasuredServer
 * @property {string} url
 * @property {number} pid
 * @property {string} data The folder.
 * @property {import('#logctl/client/open-server.js').ServerClient} client
 * @property {() => Promise<void>} quiet Waits until nothing is worked on in the background.
 * @property {() => Promise<void>} stop
 */

/**
 * Starts one on a free port.
 * @param {string} folder Its data and log go here. @param {string} [config] YAML. @returns {Promise<MeasuredServer>}
 */
export async function startServer(folder, config = '{}\n') {
  const data = path.join(folder, 'data')
  const log = path.join(folder, 'serve.log')
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'logctl.yml'), config)
  const argv = [PROGRAM, 'serve', '--listen', '127.0.0.1:0', '--data', data]
  const child = spawn(process.execPath, argv, {
    cwd: folder,
    env: quietEnvironment(folder),
    stdio: ['ignore', 'ignore', openSync(log, 'a')],
  })
  running.add(child)
  const ended = once(child, 'exit').finally(() => running.delete(child))
  const pid = child.pid ?? -1
  const url = await listening(child, log)
  const client = openServer({ url })
  return {
    url,
    pid,
    data,
    client,
    quiet: () => untilQuiet(pid),
    stop: async () => {
      await client.close()
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Ends every server at once, when the bench itself is ended. */
export async function endServers() {
  await Promise.all(
    [...running].map((child) => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      return ended
    }),
  )
}

/** @param {import('node:child_process').ChildProcess} child @param {string} log */
async function listening(child, log) {
  for (let waited = 0; waited < START_MS && child.exitCode === null; waited += 50) {
    const url = /listening on (http:\/\/[\d.:]+)/.exec(readFileSync(log, 'utf8'))?.[1]
    if (url !== undefined) return url
    await sleep(50)
  }
  child.kill('SIGKILL')
  throw new Error(`serve does not listen:\n${readFileSync(log, 'utf8')}`)
}

/** @param {number} pid */
async function untilQuiet(pid) {
  for (let waited = 0, calm = 0, before = cpuSeconds(pid); waited < QUIET_MS && calm < 3; waited += 500) {
    await sleep(500)
    const now = cpuSeconds(pid)
    calm = now - before < 0.03 ? calm + 1 : 0
    before = now
  }
}

/** Keeps the configuration of the machine's user out. @param {string} home */
export function quietEnvironment(home) {
  return { PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, TZ: 'UTC' }
}
