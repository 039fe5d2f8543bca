// Runs the process that is killed, and keeps what it said until then.
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import type { Fault } from '#logctl/store/embedded/index.js'

const CHILD = path.join(import.meta.dirname, 'child.mjs')

export interface ChildOrder {
  readonly mode: 'whole' | 'recovery' | 'forever'
  readonly folder: string
  readonly run: string
  readonly firstBatch: number
  readonly faults?: readonly Fault[]
}

/** What a child said and how it ended. */
export interface ChildReport {
  readonly acknowledged: readonly number[]
  /** Other words that it said: `open`, `dropping`, `dropped`, `closed`. */
  readonly said: ReadonlySet<string>
  readonly signal: NodeJS.Signals | null
  readonly exit: number | null
  readonly errors: string
}

export interface RunningChild {
  readonly process: ChildProcess
  readonly report: Promise<ChildReport>
  /** Resolves when the child has said the word, or has ended. */
  said(word: string): Promise<void>
}

export function startChild({ mode, folder, run, firstBatch, faults = [] }: ChildOrder): RunningChild {
  const child = spawn(
    process.execPath,
    [CHILD, mode, folder, run, String(firstBatch), JSON.stringify(faults)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  let errors = ''
  const listeners = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    for (const listener of listeners) listener()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const report = new Promise<ChildReport>((resolve) => {
    child.once('close', (exit, signal) => resolve({ ...readOutput(output), exit, signal, errors }))
  })
  const said = (word: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!output.includes(`${word}\n`)) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
      void report.then(() => resolve())
    })
  return { process: child, report, said }
}

/** Lines are written at once and whole, so a last line without its end was never said. */
function readOutput(output: string): Pick<ChildReport, 'acknowledged' | 'said'> {
  const lines = output.split('\n').slice(0, -1)
  const acknowledged = lines.filter((line) => line.startsWith('ack ')).map((line) => Number(line.slice(4)))
  return { acknowledged, said: new Set(lines.filter((line) => !line.startsWith('ack '))) }
}

/** Lets so many run at once, in the order in which they came. */
export function atMost(limit: number): <T>(act: () => Promise<T>) => Promise<T> {
  let free = limit
  const line: (() => void)[] = []
  return async (act) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => line.push(resolve))
    try {
      return await act()
    } finally {
      const next = line.shift()
      if (next) next()
      else free++
    }
  }
}
