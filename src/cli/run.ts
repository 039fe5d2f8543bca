// From the words of a command line to an exit status: finds the command, lets it run, tells what went wrong.
// This is the one place that sets the process's status and hears its signals.
import path from 'node:path'
import { dispatch } from './dispatch.js'
import { reportFailure } from './failure-text.js'
import { paintFor } from './paint.js'
import { hasFlag, type World } from './world.js'
import { ReaderGone, writeOut } from './write-out.js'

/** What `bin/run.js` found. */
export interface Invocation {
  readonly args: readonly string[]
  readonly env: World['env']
  readonly cwd: string
  readonly home: string
}

const INTERRUPTED = 130

/** After Ctrl-C a command may put its things in order for this long. */
const UNWIND_MS = 1000

/** The folder of package.json. */
const ROOT = path.resolve(import.meta.dirname, '../..')

export async function run(invocation: Invocation): Promise<void> {
  const interrupt = new AbortController()
  const onInterrupt = (): void => interrupt.abort()
  process.once('SIGINT', onInterrupt)
  // oclif throws from here what is not EPIPE, past every handler; whoever writes is told instead (`writeOut`).
  process.stdout.removeAllListeners('error').on('error', () => {})
  // When nobody hears the talk, the work goes on.
  process.stderr.on('error', () => {})
  const world: World = {
    ...invocation,
    isRoot: process.getuid?.() === 0,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    nowMs: Date.now,
    interrupted: interrupt.signal,
    takeSignals: () => process.off('SIGINT', onInterrupt),
  }
  process.once('uncaughtException', (error) => {
    void settle(Promise.reject(error), invocation.args, world).then(() => process.exit())
  })
  const settled = settle(dispatch(invocation.args, ROOT, world), invocation.args, world)
  await Promise.race([settled, unwound(interrupt.signal)])
  if (interrupt.signal.aborted) process.exit(INTERRUPTED)
  process.off('SIGINT', onInterrupt)
}

async function settle(work: Promise<number>, args: readonly string[], world: World): Promise<void> {
  try {
    process.exitCode = await work
  } catch (error) {
    process.exitCode = await statusOf(error, args, world)
  }
}

async function statusOf(error: unknown, args: readonly string[], world: World): Promise<number> {
  if (world.interrupted.aborted) return INTERRUPTED
  if (error instanceof ReaderGone) return 0
  const paint = paintFor(world.stderr, world, hasFlag(args, '--no-color'))
  const report = reportFailure(error, { json: hasFlag(args, '--json'), paint })
  if (report.stderr) world.stderr.write(report.stderr)
  // Where stdout itself is what failed, stderr has to do.
  if (report.stdout)
    await writeOut(world.stdout)
      .write(report.stdout)
      .catch(() => world.stderr.write(report.stdout))
  return report.exit
}

function unwound(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => setTimeout(resolve, UNWIND_MS).unref(), { once: true })
  })
}
