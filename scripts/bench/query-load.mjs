// Readers beside the senders: `--loops N` of them ask one piece of work after the other until stdin ends, then the
// process prints as JSON what each took. Every failed answer is counted.
import { parseArgs } from 'node:util'
import { openServer } from '#logctl/client/open-server.js'
import { dataSet } from './data-sets.mjs'
import { summed } from './timing.mjs'
import { workNamed } from './work.mjs'

/** @typedef {{ works: Record<string, import('./timing.mjs').Timed>, failed: number }} Load */

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    set: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    loops: { type: 'string', default: '1' },
  },
})
const set = dataSet(values.set)
const works = workNamed(values.only)
/** @type {Map<string, number[]>} */
const took = new Map(works.map(({ name }) => [name, []]))
let [stopped, failed] = [false, 0]
process.stdin.on('end', () => (stopped = true)).resume()

await Promise.all(Array.from({ length: Number(values.loops) }, (_, index) => readAll(index)))
const told = Object.fromEntries([...took].map(([name, each]) => [name, summed(each)]))
process.stdout.write(`${JSON.stringify({ works: told, failed })}\n`)

/** @param {number} first Loops begin with different work. */
async function readAll(first) {
  const client = openServer({ url: values.url })
  for (let at = first; !stopped; at++) {
    const work = works[at % works.length]
    if (work === undefined) break
    const start = performance.now()
    try {
      await work.api(client, set)
      took.get(work.name)?.push(performance.now() - start)
    } catch {
      failed += 1
    }
  }
  await client.close()
}
