// Runs the built program as its users do: single commands, and a server on a free loopback port.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { ROOT } from './files.js'

const RUN = path.join(ROOT, 'bin/run.js')
const COMMAND_LIMIT_MS = 30_000

export interface Ended {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command to its end. `home` keeps the configuration and data of the machine's user out. */
export function logctl(args: readonly string[], home: string, stdin: string | Buffer = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { env: environment(home), cwd: home, timeout: COMMAND_LIMIT_MS, maxBuffer: 64 * 2 ** 20 }
    const child = execFile(process.execPath, [RUN, ...args], options, (error, stdout, stderr) => {
      if (child.exitCode === null) reject(new Error(`logctl ${args.join(' ')}: ${error?.message}\n${stderr}`))
      else resolve({ status: child.exitCode, stdout, stderr })
    })
    // A command that does not read may be gone before all is written.
    child.stdin?.on('error', () => {}).end(stdin)
  })
}

export interface Server {
  readonly url: string
  readonly pid: number
  stop(): Promise<number>
}

/** Starts `serve` over a data folder and resolves when it listens. */
export async function startServer(data: string, home: string, args: readonly string[] = []): Promise<Server> {
  const argv = [RUN, 'serve', '--listen', '127.0.0.1:0', '--data', data, ...args]
  const child = spawn(process.execPath, argv, {
    env: environment(home),
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit').then(([status]) => Number(status ?? -1))
  const said: string[] = []
  const lines = createInterface({ input: child.stderr })
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line)
      const found = /listening on (http:\/\/[\d.:]+)/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    const complain = (why: string) => reject(new Error(`serve ${why}\n${said.join('\n')}`))
    void ended.then((status) => complain(`ended with ${status}`))
    setTimeout(() => complain('does not listen'), COMMAND_LIMIT_MS).unref()
  }).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return {
    url,
    pid: child.pid ?? -1,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

function environment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, TZ: 'UTC' }
}
