// Puts load on a server from processes of their own: a sender of a file, and readers beside it.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { text } from 'node:stream/consumers'

/** @typedef {import('./data-sets.mjs').DataSet} DataSet */
/** @typedef {import('./measured-server.mjs').MeasuredServer} MeasuredServer */
/** @typedef {{ file: string, connections: number, mostBytes?: number, bodyBytes?: number, perSecond?: number }} Sending */

/**
 * Sends a file of a data set and resolves when the last body is acknowledged.
 * @param {MeasuredServer} server @param {DataSet} set @param {Sending} sending
 * @returns {Promise<import('./client.mjs').Sent>}
 */
export async function send(server, set, { file, connections, mostBytes, bodyBytes, perSecond }) {
  const argv = [`--url=${server.url}${set.door}`, `--file=${file}`, `--connections=${connections}`]
  if (set.bodyPerLine) argv.push('--body-per-line')
  if (mostBytes !== undefined) argv.push(`--most-bytes=${mostBytes}`)
  if (bodyBytes !== undefined) argv.push(`--body-bytes=${bodyBytes}`)
  if (perSecond !== undefined) argv.push(`--bodies-per-second=${perSecond}`)
  const [answer] = await ended(started('client.mjs', argv))
  return answer
}

/**
 * Runs readers beside some work.
 * @template T
 * @param {MeasuredServer} server @param {{ set: string, only: string, loops: number }} readers @param {() => Promise<T>} work
 * @returns {Promise<{ result: T, load: import('./query-load.mjs').Load }>}
 */
export async function withReaders(server, { set, only, loops }, work) {
  const argv = [`--url=${server.url}`, `--set=${set}`, `--only=${only}`, `--loops=${loops}`]
  const child = started('query-load.mjs', argv)
  const answer = ended(child)
  // A sender that fails must not leave the readers' failure unheard, nor the readers running.
  answer.catch(() => {})
  try {
    const result = await work()
    child.stdin?.end()
    const [load] = await answer
    return { result, load }
  } finally {
    child.stdin?.end()
  }
}

/** @param {string} script @param {string[]} argv */
function started(script, argv) {
  const file = path.join(import.meta.dirname, script)
  return spawn(process.execPath, [file, ...argv], { stdio: ['pipe', 'pipe', 'inherit'] })
}

/** The JSON that a child prints. @param {import('node:child_process').ChildProcess} child @returns {Promise<[any]>} */
async function ended(child) {
  const out = child.stdout ? text(child.stdout) : Promise.resolve('')
  const status = await new Promise((resolve) => child.once('close', resolve))
  if (status !== 0) throw new Error(`${child.spawnargs[1]} ended with ${status}`)
  return [JSON.parse(await out)]
}
