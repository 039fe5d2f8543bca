// Runs the process that is killed, and keeps what it said until then.
import { spawn } from 'node:child_process'
import path from 'node:path'

/**
 * @typedef {object} ChildOrder
 * @property {'whole' | 'recovery' | 'forever'} mode
 * @property {string} folder @property {string} run @property {number} firstBatch
 * @property {readonly import('#logctl/store/embedded/index.js').Fault[]} [faults]
 */
/**
 * What a child said and how it ended; `said` are its words besides acknowledgements.
 * @typedef {object} ChildReport
 * @property {readonly number[]} acknowledged @property {ReadonlySet<string>} said
 * @property {NodeJS.Signals | null} signal @property {number | null} exit @property {string} errors
 */

/** @param {ChildOrder} order */
export function startChild({ mode, folder, run, firstBatch, faults = [] }) {
  const { process, report, said } = startNode('child.mjs', [
    mode,
    folder,
    run,
    String(firstBatch),
    JSON.stringify(faults),
  ])
  return { process, said, report: report.then(readOutput) }
}

/**
 * A program of this folder; `said` resolves when it has said a word, or has ended.
 * @param {string} program @param {readonly string[]} args
 */
export function startNode(program, args) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, program), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text))
  /** @type {Promise<{output: string, errors: string, signal: NodeJS.Signals | null, exit: number | null}>} */
  const report = new Promise((resolve) => {
    child.once('close', (exit, signal) => resolve({ output, errors, exit, signal }))
  })
  /** @param {string} word @returns {Promise<void>} */
  const said = (word) =>
    new Promise((resolve) => {
      const look = () => {
        if (output.includes(`${word}\n`)) resolve()
      }
      child.stdout.on('data', look)
      look()
      void report.then(() => resolve())
    })
  return { process: child, report, said }
}

/**
 * Lines are written at once and whole, so a last line without its end was never said.
 * @param {{output: string, errors: string, signal: NodeJS.Signals | null, exit: number | null}} end
 * @returns {ChildReport}
 */
function readOutput({ output, ...end }) {
  const lines = output.split('\n').slice(0, -1)
  const acknowledged = lines.filter((line) => line.startsWith('ack ')).map((line) => Number(line.slice(4)))
  return { ...end, acknowledged, said: new Set(lines.filter((line) => !line.startsWith('ack '))) }
}

/** Lets so many run at once, in the order in which they came. @param {number} limit */
export function atMost(limit) {
  let free = limit
  /** @type {(() => void)[]} */
  const line = []
  /** @template T @param {() => Promise<T>} act @returns {Promise<T>} */
  return async (act) => {
    if (free > 0) free--
    else await new Promise((resolve) => line.push(() => resolve(undefined)))
    try {
      return await act()
    } finally {
      const next = line.shift()
      if (next) next()
      else free++
    }
  }
}
