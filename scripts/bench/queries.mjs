// Times the pieces of work against a server: through the API over one connection, and as whole processes.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { openServer } from '#logctl/client/open-server.js'
import { PROGRAM, quietEnvironment } from './measured-server.mjs'
import { timed } from './timing.mjs'
import { workNamed } from './work.mjs'

const run = promisify(execFile)
const MOST_OUTPUT = 2 ** 30

/** @typedef {import('./data-sets.mjs').DataSet} DataSet */
/** @typedef {import('./timing.mjs').Timed} Timed */
/** @typedef {{ api?: Timed, cli?: Timed, folder?: Timed, wrong?: string }} Answered */

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
    /** @type {Answered} */
    const answered = { api: await timed(() => work.api(client, set), { runs }) }
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

/** How long the program takes to start, and an empty Node process beside it. @param {number} runs */
export async function timeStart(runs) {
  return {
    version: await timed(() => logctl(['--version']), { runs }),
    node: await timed(() => run(process.execPath, ['-e', '0']), { runs }),
  }
}

/** "Nothing found" (1) is an answer. @param {string[]} args */
async function logctl(args) {
  const options = { env: quietEnvironment('/nonexistent'), maxBuffer: MOST_OUTPUT }
  await run(process.execPath, [PROGRAM, ...args], options).catch((error) => {
    if (error.code !== 1) throw error
  })
}
