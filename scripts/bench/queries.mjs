// Times the pieces of work against a server: through the API over one connection, and as whole processes.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { openServer } from '#logctl/client/open-server.js'
import { PROGRAM, quietEnvironment } from './measured-server.mjs'
import { cpuSeconds } from './process-cost.mjs'
import { summed, timed } from './timing.mjs'
import { workNamed } from './work.mjs'

const run = promisify(execFile)
const MOST_OUTPUT = 2 ** 30

/** @typedef {import('./data-sets.mjs').DataSet} DataSet */
/** @typedef {import('./timing.mjs').Timed} Timed */
/**
 * @typedef {{ api?: Timed, cpuMs?: number, cli?: Timed, folder?: Timed, wrong?: string }} Answered
 *   `cpuMs`: what one answer through the API costs the server, whatever else runs on the machine.
 */

/**
 * @param {{ server: import('./measured-server.mjs').MeasuredServer, set: DataSet, events: number, runs: number, only: string,
 *   processes: boolean, say: (text: string) => void }} how `processes`: also the command, by server and by folder.
 * @returns {Promise<Record<string, Answered>>}
 */
export async function timeQueries({ server, set, events, runs, only, processes, say }) {
  /** @type {Record<string, Answered>} */
  const found = {}
  const client = openServer({ url: server.url })
  for (const work of workNamed(only)) {
    say(`  ${work.name}`)
    const answer = await work.api(client, set)
    const before = cpuSeconds(server.pid)
    const api = await timed(() => work.api(client, set), { runs })
    // The warm-up run counts too.
    const cpuMs = ((cpuSeconds(server.pid) - before) * 1000) / (api.runs + 1)
    /** @type {Answered} */
    const answered = { api, cpuMs }
    if (work.right && !work.right(answer, set, events)) answered.wrong = JSON.stringify(answer).slice(0, 60)
    if (processes) {
      const few = { runs: Math.min(runs, 5) }
      answered.cli = await timed(() => logctl([...work.cli(set), '--server', server.url]), few)
      answered.folder = await timed(() => logctl([...work.cli(set), '--data', server.data]), few)
    }
    found[work.name] = answered
  }
  await client.close()
  return found
}

/** How long the program takes to start, and an empty Node process, in turns. @param {number} runs */
export async function timeStart(runs) {
  /** @type {Record<'version' | 'node', number[]>} */
  const took = { version: [], node: [] }
  for (let at = 0; at <= runs; at++) {
    const start = performance.now()
    await logctl(['--version'])
    const middle = performance.now()
    // In the same environment: variables such as NODE_EXTRA_CA_CERTS slow every start of Node.
    await run(process.execPath, ['-e', '0'], { env: quietEnvironment('/nonexistent') })
    // The first turn warms up.
    if (at === 0) continue
    took.version.push(middle - start)
    took.node.push(performance.now() - middle)
  }
  return { version: summed(took.version), node: summed(took.node) }
}

/** "Nothing found" (1) is an answer. @param {string[]} args */
async function logctl(args) {
  const options = { env: quietEnvironment('/nonexistent'), maxBuffer: MOST_OUTPUT }
  await run(process.execPath, [PROGRAM, ...args], options).catch((error) => {
    if (error.code !== 1) throw error
  })
}
