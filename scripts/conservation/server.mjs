// The real server of a conservation run, started with its own clock and killed; and the commands that ask it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'

const RUN = path.resolve(import.meta.dirname, '../../bin/run.js')
const START_LIMIT_MS = 20_000
const COMMAND_LIMIT_MS = 60_000

/**
 * What moves the clock of a program, where it is installed. Its command would stand between a signal and the server,
 * so the library is loaded without it.
 */
export const FAKETIME = ['x86_64', 'aarch64']
  .map((arch) => `/usr/lib/${arch}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((file) => existsSync(file))

/** @param {string} clock @returns {Record<string, string>} */
function movedClock(clock) {
  return clock === ''
    ? {}
    : { LD_PRELOAD: FAKETIME ?? '', FAKETIME: clock, FAKETIME_DONT_FAKE_MONOTONIC: '1' }
}

/** Small sizes, so that a second of work seals and merges; files that are replaced stay for 4 s. */
const SETTINGS = {
  LOGCTL_STORE_SEGMENT_BYTES: '1MiB',
  LOGCTL_STORE_SEGMENT_IDLE: '100ms',
  LOGCTL_STORE_SEGMENT_AGE: '1s',
  LOGCTL_STORE_MIN_FREE_BYTES: '64KiB',
  LOGCTL_STORE_MAX_WAITING_SEGMENTS: '8',
  LOGCTL_QUERY_TIMEOUT: '2s',
  LOGCTL_RATELIMIT_ENABLED: 'false',
}

/** @param {string} data @param {string} home */
function environment(data, home) {
  return {
    ...SETTINGS,
    PATH: process.env['PATH'],
    HOME: home,
    XDG_CONFIG_HOME: home,
    LOGCTL_STORE_DATA: data,
  }
}

/**
 * Resolves when it listens. `clock` is how far its clock is moved, as libfaketime writes it; empty for not at all.
 * @param {{ data: string, home: string, clock: string }} where
 */
export async function startServer({ data, home, clock }) {
  const argv = [RUN, 'serve', '--listen', '127.0.0.1:0', '--data', data]
  const child = spawn(process.execPath, argv, {
    env: { ...environment(data, home), ...movedClock(clock) },
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once('exit', resolve))
  /** @type {string[]} */
  const said = []
  /** @type {string} */
  const url = await new Promise((resolve, reject) => {
    const complain = (/** @type {string} */ why) => reject(new Error(`serve ${why}:\n${said.join('\n')}`))
    const timer = setTimeout(() => complain('does not listen'), START_LIMIT_MS)
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line)
      const found = /listening on (http:\/\/[\d.:]+)/.exec(line)?.[1]
      if (found === undefined) return
      clearTimeout(timer)
      resolve(found)
    })
    void ended.then((status) => complain(`ended with ${status}`))
  })
  return {
    url,
    said,
    /** @param {NodeJS.Signals} signal */
    end: (signal) => {
      child.kill(signal)
      return ended
    },
  }
}

/**
 * Runs one command of the program to its end.
 * @param {readonly string[]} args @param {{ home: string, clock?: string }} where
 * @returns {Promise<{ status: number | null, stdout: string, stderr: string }>}
 */
export async function logctl(args, { home, clock = '' }) {
  const child = spawn(process.execPath, [RUN, ...args], {
    env: { ...movedClock(clock), PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home },
    cwd: home,
    timeout: COMMAND_LIMIT_MS,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, stdout, stderr })))
}
